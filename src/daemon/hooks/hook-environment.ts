/**
 * What a hook finds in its environment: the names that Heartbeat's harc gave its scripts. Every text field of the message
 * becomes HA_<field>, every directive of ha.cf HA_<directive>. The fields come from an authenticated peer and are still only data: names and values are filtered
 * and bounded here, and no shell ever reads them as a command.
 */
import { join } from 'node:path';
import type { ClusterEvent } from '../../core/cluster-events.ts';
import type { Configuration } from '../../core/config/configuration.ts';

/** Fields of one message that are handed on, and bytes of one value. */
const fieldsMax = 64;
const valueBytesMax = 4096;

export interface HookContext {
  readonly configuration: Configuration;
  /** No other node is there: Heartbeat's scripts need not ask anybody. */
  readonly alone: boolean;
}

export function hookEnvironment({ fields, formerStatus }: ClusterEvent, context: HookContext): Record<string, string> {
  const { configuration, alone } = context;
  const { directory, localNode, autoFailback, logging, parameters } = configuration;
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) variables[`HA_${name}`] = printable(value);
  for (const [name, value] of Object.entries(fields).slice(0, fieldsMax)) {
    if (!/^[A-Za-z0-9_]{1,64}$/.test(name)) continue;
    variables[`HA_${name}`] = printable(value);
  }
  return {
    ...variables,
    ...(formerStatus === '' ? {} : { HA_OSTATUS: printable(formerStatus) }),
    HA_CURHOST: localNode,
    ...(autoFailback === 'legacy' ? {} : { HA_NICEFAILBACK: 'yes' }),
    ...(alone ? { HA_DONTASK: 'yes' } : {}),
    HA_DIR: directory,
    HA_FUNCS: join(directory, 'shellfuncs'),
    HA_RCDIR: join(directory, 'rc.d'),
    HA_LOGFILE: logging.logfile ?? '/dev/null',
    HA_DEBUGLOG: logging.debugfile ?? logging.logfile ?? '/dev/null',
    HA_LOGFACILITY: logging.facility ?? 'none',
    HA_LOGD: 'no',
    HA_DATEFMT: '%Y/%m/%d_%T\t',
    HA_debug: String(logging.debug),
  };
}

/** A variable cannot hold a zero byte; other control characters have no business in a name or a state. */
function printable(value: string): string {
  const clean = value.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
  return Buffer.byteLength(clean) <= valueBytesMax ? clean : Buffer.from(clean).subarray(0, valueBytesMax).toString();
}
