/** A pair with fence devices, and questions that the tests of fencing ask of it. */
import type { FenceProof } from '../../../src/core/fencing/fencing-state.ts';
import type { FencingSettings } from '../../../src/core/fencing/settings.ts';
import type { StartEvidence } from '../../../src/core/ownership.ts';
import { type Name, TwoNodes } from '../two-nodes.ts';

export type Pair = TwoNodes;

export const fencing: FencingSettings = {
  devices: [{ name: 'ipmi', type: 'external/ipmi' }],
  action: 'reset',
  timeoutMs: 10_000,
  delayMs: 0,
  waitForAll: true,
  probeIntervalMs: 0,
};

/** `off`: nobody has booted yet. */
export function pairWith(changes: Partial<FencingSettings> = {}, power: 'settled' | 'off' = 'settled'): TwoNodes {
  const options = { fencing: { ...fencing, ...changes } };
  return power === 'off' ? new TwoNodes(options) : TwoNodes.settled(options);
}

export function evidenceOf(pair: TwoNodes, name: Name, key: string): StartEvidence | undefined {
  return pair.members[name].engine.node.groups.find(({ configuration }) => configuration.key === key)?.evidence;
}

export const hasLogged = (pair: TwoNodes, name: Name, code: string): boolean => pair.members[name].log.includes(code);

/** What is on its disk, as the next daemon would read it. */
export function lastProof(pair: TwoNodes, name: Name): FenceProof | undefined {
  const line = pair.records.findLast((record) => record.startsWith(`${name} fenced-peer.json `));
  const content = line === undefined ? {} : JSON.parse(line.split(' ').slice(2).join(' '));
  return (content as { fenced?: FenceProof }).fenced;
}
