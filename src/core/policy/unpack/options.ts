/**
 * The cluster's properties, understood: names of either vocabulary, the default where nothing or nonsense is said. What
 * depends on another option (a policy that needs fencing) is settled here, so that nobody after it has to ask twice.
 */

import { parseBoolean, parseDurationMs } from '../../cib/values.ts';
import type { OptionWord } from '../../cib/vocabulary/option.ts';
import { canonicalValue, namesOf, optionNamed } from '../../cib/vocabulary.ts';
import type { ClusterOptions, NoQuorumPolicy, PlacementStrategy, PolicyWarning } from '../working-set.ts';
import { scoreOf } from './scores.ts';
import { warnOnce } from './warn.ts';

interface OptionsInput {
  /** Names and values as written, rules evaluated. */
  readonly written: ReadonlyMap<string, string>;
  readonly haveQuorum: boolean;
  /** The `no-quorum-panic` attribute of the CIB: this partition has had quorum once. */
  readonly quorumPanic: boolean;
  readonly warnings: PolicyWarning[];
}

export function unpackOptions(input: OptionsInput): ClusterOptions {
  const yes = (name: string): boolean => parseBoolean(optionText(input, name)) === true;
  const ms = (name: string): number => parseDurationMs(optionText(input, name)) ?? 0;
  const word = (name: string): string => optionText(input, name);
  const fencingEnabled = yes('stonith-enabled');
  return {
    noQuorumPolicy: noQuorumPolicy(input, fencingEnabled),
    symmetricCluster: yes('symmetric-cluster'),
    fencingEnabled,
    fencingAction: word('stonith-action') === 'off' ? 'off' : 'reboot',
    fencingTimeoutMs: ms('stonith-timeout'),
    concurrentFencing: yes('concurrent-fencing'),
    startupFencing: yes('startup-fencing'),
    priorityFencingDelayMs: ms('priority-fencing-delay'),
    nodePendingTimeoutMs: ms('node-pending-timeout'),
    watchdogFencing: yes('have-watchdog'),
    maintenanceMode: yes('maintenance-mode'),
    stopAllResources: yes('stop-all-resources'),
    stopOrphanResources: yes('stop-orphan-resources'),
    stopOrphanActions: yes('stop-orphan-actions'),
    removeAfterStop: yes('remove-after-stop'),
    startFailureIsFatal: yes('start-failure-is-fatal'),
    enableStartupProbes: yes('enable-startup-probes'),
    shutdownLock: yes('shutdown-lock'),
    shutdownLockLimitMs: ms('shutdown-lock-limit'),
    placementStrategy: word('placement-strategy') as PlacementStrategy,
    ...healthOptions(input),
    raw: input.written,
  };
}

function healthOptions(
  input: OptionsInput,
): Pick<
  ClusterOptions,
  'nodeHealthStrategy' | 'nodeHealthBase' | 'nodeHealthGreen' | 'nodeHealthYellow' | 'nodeHealthRed'
> {
  const score = (name: string): number => scoreOf(optionText(input, name));
  return {
    nodeHealthStrategy: optionText(input, 'node-health-strategy') as ClusterOptions['nodeHealthStrategy'],
    nodeHealthBase: score('node-health-base'),
    nodeHealthGreen: score('node-health-green'),
    nodeHealthYellow: score('node-health-yellow'),
    nodeHealthRed: score('node-health-red'),
  };
}

/** Fencing oneself for want of quorum takes fencing, and a partition that had quorum once (or has it now). */
function noQuorumPolicy(input: OptionsInput, fencingEnabled: boolean): NoQuorumPolicy {
  const policy = optionText(input, 'no-quorum-policy') as NoQuorumPolicy;
  if (policy !== 'suicide') return policy;
  if (!fencingEnabled) {
    warnOnce(input, { code: 'suicide-without-fencing', fields: {} });
    return 'stop';
  }
  return input.haveQuorum || input.quorumPanic ? 'suicide' : 'stop';
}

/** What is written if it can be read, else the default, in the words of the vocabulary. */
function optionText({ written, warnings }: OptionsInput, name: string): string {
  const option = optionNamed('cluster', name);
  const standard = option?.default ?? '';
  if (option === undefined) return written.get(name) ?? standard;
  const value = namesOf(option)
    .map((known) => written.get(known))
    .find((given) => given !== undefined);
  if (value === undefined) return standard;
  const understood = understoodValue(option, value);
  if (understood !== undefined) return understood;
  warnOnce({ warnings }, { code: 'cluster-option-not-understood', fields: { option: name, value, default: standard } });
  return standard;
}

function understoodValue(option: OptionWord, value: string): string | undefined {
  switch (option.type) {
    case 'boolean':
      return parseBoolean(value) === undefined ? undefined : value;
    case 'duration':
      return parseDurationMs(value) === undefined ? undefined : value;
    case 'choice': {
      const canonical = canonicalValue(option, value);
      return option.values?.includes(canonical) === true ? canonical : undefined;
    }
    default:
      return value;
  }
}
