/**
 * The environment of an agent: nothing is inherited. Names as in the OCF Resource Agent API 1.1 and as Heartbeat's
 * scripts know them (HA_*). A marker names the operation, so that a restarted host recognises what it left behind.
 */
import { join } from 'node:path';
import type { Operation } from '../../ports/agents.ts';
import type { HostSettings } from './host-messages.ts';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const operationMarker = 'PAIRBEAT_OPERATION';

export function agentEnvironment(settings: HostSettings, token: string): Record<string, string> {
  return {
    PATH: path,
    LANG: 'C',
    HA_DIR: settings.haDir,
    HA_FUNCS: join(settings.haDir, 'shellfuncs'),
    HA_RCDIR: join(settings.haDir, 'rc.d'),
    HA_SBIN_DIR: '/usr/sbin',
    HA_RSCTMP: settings.agentStateDir,
    HA_VARRUN: '/run',
    HA_debug: '0',
    ...settings.environment,
    [operationMarker]: token,
  };
}

export function ocfEnvironment(
  settings: HostSettings,
  token: string,
  operation: Operation,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  const instance = operation.resource.args[0] ?? operation.resource.type;
  return {
    ...agentEnvironment(settings, token),
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_ROOT: settings.ocfRoot,
    OCF_RESOURCE_INSTANCE: instance,
    OCF_RESOURCE_TYPE: operation.resource.type,
    OCF_RESOURCE_PROVIDER: 'heartbeat',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_OUTPUT_FORMAT: 'text',
    // Below this version agents would call crm_master, which only crm mode has.
    OCF_RESKEY_crm_feature_set: '3.10.0',
    OCF_RESKEY_CRM_meta_timeout: String(operation.timeoutMs),
    OCF_RESKEY_CRM_meta_interval: '0',
    OCF_RESKEY_CRM_meta_name: operation.action === 'status' ? 'monitor' : operation.action,
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`OCF_RESKEY_${name}`, value])),
  };
}
