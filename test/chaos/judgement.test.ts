import { describe, expect, it } from 'vitest';
import type { PlayedFault } from './episode.ts';
import { judge } from './judgement.ts';
import type { PlayedEpisode, RoundObservations } from './results.ts';

const calm = { samples: 1, descriptorsMost: 30, descriptorsGrowth: 0, rssMostMb: 60, rssGrowthMb: 1 };
const journal = { events: 9, decisions: 4, daemons: 1, statesCompared: 2, gaps: [], divergence: undefined, code: 0 };

const sound: RoundObservations = {
  protection: 'fence',
  seed: 1,
  seconds: 60,
  kinds: [],
  skipped: {},
  episodes: [episode([fault('machine frozen')])],
  boundMs: 1000,
  protectedMs: 40_000,
  protectionWords: {},
  overlaps: [],
  doubleAnswers: [],
  lockConflicts: [],
  lockLogs: { one: { lines: 10, writers: 1, interleavings: [] } },
  relay: { received: 0, sent: 0, lost: 0, delayed: 0, repeated: 0, damaged: 0, cutShort: 0, old: 0 },
  fencing: [],
  journals: [
    { node: 'node1', ...journal },
    { node: 'node2', ...journal },
  ],
  changedCores: [{ name: 'is wrong', refusedBy: ['node2'] }],
  boots: 2,
  daemonStarts: 2,
  daemon: calm,
  agentHost: calm,
  leftovers: [],
  ends: ['0', '0'],
  watcher: { polls: 1, longestStallMs: 0 },
  load: 1,
  labTroubles: [],
};

const overlap = { resource: 'address 192.168.1.100', nodes: ['node1', 'node2'], fromUs: 1500, toUs: 2500, awakeMs: 1 };
const service = { ...overlap, resource: 'service one' };

describe('the judgement of a round', () => {
  it('has nothing to say against a sound one', () => {
    expect(judge(sound)).toEqual([]);
    expect(judge({ ...sound, protection: 'none', protectedMs: 0 })).toEqual([]);
  });

  it.each<[string, Partial<RoundObservations>, string]>([
    ['an overlap', { overlaps: [overlap] }, 'two holders of address 192.168.1.100 for 1 ms'],
    [
      'two answers',
      { doubleAnswers: [{ address: '192.168.1.100', fromUs: 0, toUs: 5000 }] },
      'two nodes answered for 192.168.1.100 for 5 ms',
    ],
    [
      'a lock not got',
      { lockConflicts: [{ atUs: 1, service: 'one', node: 'node2', holders: ['node1'] }] },
      'service one began on node2 while somebody had its lock',
    ],
    [
      'a writer that went on',
      { lockLogs: { one: { lines: 3, writers: 2, interleavings: [{ service: 'one', begun: 'b', goesOn: 'a' }] } } },
      'service one: a wrote after b had begun',
    ],
    ['a word never said', { protectedMs: 0 }, 'no node ever called the pair PROTECTED'],
    ['something left', { leftovers: ['process x'] }, 'left behind: process x'],
    ['a daemon that did not end', { ends: ['0', 'SIGKILL'] }, 'ended with: 0, SIGKILL'],
    ['descriptors', { daemon: { ...calm, descriptorsGrowth: 40 } }, 'a daemon had 40 descriptors more'],
    ['memory', { agentHost: { ...calm, rssMostMb: 500 } }, 'agent host had 500 MB'],
    [
      'another decision',
      { journals: [{ node: 'node1', ...journal, divergence: { step: 3 } }] },
      'replayed differently',
    ],
    ['a journal without decisions', { journals: [{ node: 'node1', ...journal, decisions: 0 }] }, 'node1 (0 decisions)'],
    ['a wrong core unnoticed', { changedCores: [{ name: 'is wrong', refusedBy: [] }] }, 'a core that is wrong'],
    ['the lab', { labTroubles: ['no power'] }, 'the lab: no power'],
    ['no recovery', { episodes: [episode([], { ms: 9, recovered: false, missing: 'x' })] }, 'never recovered, x'],
    [
      'a late one',
      { episodes: [episode([], { ms: 2000, recovered: true, missing: 'x' })] },
      'recovered after 2000 ms, x',
    ],
    ['a fault of the lab', { episodes: [episode([{ ...fault('disk full'), labError: 'no dd' }])] }, 'no dd'],
  ])('with a fence device objects to %s', (_, change, words) => {
    const found = judge({ ...sound, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });

  it('without protection tolerates an overlap that a fault excuses, and no other', () => {
    const without = (kind: string, overlaps: RoundObservations['overlaps']) =>
      judge({ ...sound, protection: 'none', protectedMs: 0, overlaps, episodes: [episode([fault(kind)])] });
    expect(without('every link cut', [overlap, service])).toEqual([]);
    expect(without('operator: standby', [overlap])[0]).toContain('nothing that could excuse two holders');
    expect(without('daemon killed', [service])).toEqual([]);
    expect(without('daemon killed', [overlap])).toHaveLength(1);
  });
});

function fault(kind: string): PlayedFault {
  const place = { node: 'node1', device: 'eth0', direction: 'in', service: 'one' } as const;
  return { planned: { kind, afterMs: 0, forMs: 1, amount: 0, ...place }, fromUs: 1000, toUs: 2000 };
}

function episode(
  faults: PlayedFault[],
  recovery: PlayedEpisode['recovery'] = { ms: 5, recovered: true },
): PlayedEpisode {
  return { index: 0, fromUs: 0, healedUs: 1, toUs: 2, faults, recovery, outageMs: {} };
}
