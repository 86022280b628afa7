/**
 * Types of fence devices whose success says nothing about the other node's end: it may be running, with its addresses and
 * its disks, when they say "done". Nothing is started on their word, so they do not count as devices at all. Known by
 * name; that an agent takes storage or network only, its metadata say too (the agent host asks them).
 */
import { fenceKindOf, fenceProgramOf } from './fence-device.ts';

export type NoProofReason = keyof typeof noProofWords;

export const noProofWords = {
  pretends: 'it does nothing to any machine and says that it has',
  looks: 'it only looks at the network from here, and switches nothing',
  asks: 'it asks the other machine itself to reboot, and takes one that cannot be reached for rebooted',
  fabric: 'it takes storage or network from a machine that goes on running with its addresses',
} as const;

/** By file name of the agent, as in fence-agents. */
const agents: Readonly<Record<string, NoProofReason>> = {
  fence_dummy: 'pretends',
  fence_watchdog: 'pretends',
  fence_heuristics_ping: 'looks',
  fence_crosslink: 'looks',
  fence_scsi: 'fabric',
  fence_mpath: 'fabric',
  fence_brocade: 'fabric',
  fence_cisco_mds: 'fabric',
  fence_ifmib: 'fabric',
  fence_sanbox2: 'fabric',
  fence_compute: 'fabric',
  fence_evacuate: 'fabric',
  fence_aws_vpc_net: 'fabric',
};

/** By type, as in cluster-glue. */
const plugins: Readonly<Record<string, NoProofReason>> = { null: 'pretends', ssh: 'asks', 'external/ssh': 'asks' };

/** Undefined: it may be believed. */
export function noProofReason(type: string): NoProofReason | undefined {
  const table = fenceKindOf(type) === 'agent' ? agents : plugins;
  const name = fenceKindOf(type) === 'agent' ? fenceProgramOf(type) : type;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
