/** What a simulated pair is like: timing, links, groups, how its agents and disks behave. Drawn per seed or written in a scenario. */
import type { GroupConfiguration } from '../../../src/core/config/configuration.ts';
import type { MonitoringOptions } from '../../../src/core/haresources/watch.ts';
import { groupKey, type LinkId, linkId, type NodeName, nodeName } from '../../../src/core/types.ts';
import type { FenceSetup } from './fence-devices.ts';
import type { Version } from './versions.ts';

export const nodeNames: readonly [NodeName, NodeName] = [nodeName('node1'), nodeName('node2')];

export interface Setup {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly initdeadMs: number;
  readonly warntimeMs: number;
  readonly autoFailback: boolean;
  readonly links: readonly LinkId[];
  readonly groups: readonly GroupConfiguration[];
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly stopRetryDelayMs: number;
  readonly stopRetryMax: number;
  readonly announceIntervalMs: number;
  readonly monitoring: MonitoringOptions;
  /** Addresses outside, which only a fault of the network makes silent. */
  readonly pingNodes: readonly string[];
  readonly deadpingMs: number;
  readonly ipfail: boolean;
  readonly guardianMarginMs: number;
  /** `undefined`: silence alone permits a takeover. */
  readonly fencing: FenceSetup | undefined;
  /** Whether each node begins with the release before this one. */
  readonly versions: readonly [Version, Version];
  readonly messageFormat: 'classic' | 'netstring';
  /** Which of the two has the lower uuid: it decides some ties. */
  readonly uuids: readonly [string, string];
  /** One way on the wire while nothing is wrong. */
  readonly latencyUs: number;
  readonly latencyJitterUs: number;
  /** Timers of a real event loop fire a little late. */
  readonly timerJitterUs: number;
  /** How long a start or stop takes while nothing is wrong. */
  readonly addressActionUs: readonly [number, number];
  readonly serviceActionUs: readonly [number, number];
  readonly diskUs: readonly [number, number];
}

export const plainSetup: Setup = {
  keepaliveMs: 100,
  deadtimeMs: 300,
  initdeadMs: 2000,
  warntimeMs: 200,
  autoFailback: false,
  links: [linkId('ucast/eth0/peer')],
  groups: [makeGroup('vip', nodeNames[0], ['address'], 0)],
  startTimeoutMs: 2000,
  stopTimeoutMs: 2000,
  stopRetryDelayMs: 200,
  stopRetryMax: 3,
  announceIntervalMs: 0,
  monitoring: { intervalMs: 0, intervalsMs: {}, failuresMax: 3, failureWindowMs: 60_000 },
  pingNodes: [],
  deadpingMs: 300,
  ipfail: false,
  guardianMarginMs: 100,
  fencing: undefined,
  versions: ['present', 'present'],
  messageFormat: 'netstring',
  uuids: ['11111111111111111111111111111111', '22222222222222222222222222222222'],
  latencyUs: 200,
  latencyJitterUs: 0,
  timerJitterUs: 0,
  addressActionUs: [1000, 1000],
  serviceActionUs: [20_000, 20_000],
  diskUs: [2000, 2000],
};

export type ResourceKind = 'address' | 'service';

export function makeGroup(
  key: string,
  owner: NodeName,
  kinds: readonly ResourceKind[],
  index: number,
): GroupConfiguration {
  const resources = kinds.map((kind, at) =>
    kind === 'address'
      ? { written: `10.0.${index}.${at}`, kind: 'script' as const, type: 'IPaddr', args: [`10.0.${index}.${at}`] }
      : { written: `service-${key}-${at}`, kind: 'script' as const, type: `service-${key}-${at}`, args: [] },
  );
  return { key: groupKey(key), index, owner, resources };
}

/** For a trace. */
export function describeFiles({ deadtimeMs, groups }: Setup): string {
  const list = groups.map(
    ({ key, owner, resources }) => `${key}@${owner}(${resources.map(({ written }) => written).join(' ')})`,
  );
  return `deadtime ${deadtimeMs} ms, ${list.join(' ')}`;
}
