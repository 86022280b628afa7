import { describe, expect, it } from 'vitest';
import type { GroupConfiguration } from '../../../src/core/config/configuration.ts';
import { groupKey } from '../../../src/core/types.ts';
import { answering, LoneNode, node1, resourceOf } from '../lone-node.ts';

const deaf = { fields: { pbsees: 'dead' } };

/** Took `web` on silence, and hears its owner again, who never stopped. */
const tookWeb = (self: 'node1' | 'node2' = 'node1'): LoneNode => {
  const node = LoneNode.settled({}, self).silent();
  expect(node.letters).toBe('rr');
  return node.forget().heard(true);
};

describe('a group that both nodes hold', () => {
  it('is given up by the one who took it on silence: addresses first, then the rest, without an offer', () => {
    const node = LoneNode.settled({}, 'node2').silent();
    expect(node.letters).toBe('rr');
    node.heard(true).forget().says({ vip: 'r' });
    const order = node.effects.flatMap(({ type }) =>
      type === 'releaseAddresses' || type === 'operation' ? [type] : [],
    );
    expect(order.slice(0, 2)).toEqual(['releaseAddresses', 'operation']);
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
    expect(node.logged).toContain('split-yielded');
    expect(node.letters).toBe('-r');
  });

  it('is kept by the one who had it before, uninterrupted, and announced again at the end', () => {
    const node = LoneNode.settled().forget().says({ vip: 'r*' });
    expect(node.letters).toBe('r-');
    expect(node.operations).toEqual(['announce vip#0']);
    node.forget().says({ vip: 'p' }).says({ vip: '-' });
    expect(node.operations).toEqual(['announce vip#0']);
    expect(node.logged).toContain('split-healed');
  });

  it('is kept by the lower uuid when both or neither took it on silence', () => {
    expect(LoneNode.settled().says({ vip: 'r' }).letters).toBe('r-');
    expect(LoneNode.settled({}, 'node2').says({ web: 'r' }).letters).toBe('--');
    expect(tookWeb('node1').says({ web: 'r*' }).letters).toBe('rr');
    expect(tookWeb('node2').says({ vip: 'r*' }).letters).toBe('-r');
  });

  it('is not fought over on the strength of what the peer said before it fell silent', () => {
    const node = tookWeb();
    expect(node.letters).toBe('rr');
    node.says({ web: 'r' }, { pbto: 99 });
    expect(node.letters).toBe('rr');
    node.says({ web: 'r' });
    expect(node.letters).toBe('r-');
  });

  it('also while one of the two is still starting it', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start web#0': 'hold' });
    node.silent().heard(true).says({ web: 'r' });
    expect(node.letters).toBe('rp');
    node.result(node.held[0]!, 'done');
    expect(node.letters).toBe('r-');
  });

  it('goes back to a peer whose stop failed, if it was taken on silence: there it may run', () => {
    expect(tookWeb().says({ web: 'f' }).letters).toBe('r-');
    expect(LoneNode.settled().says({ vip: 'f' }).letters).toBe('r-');
  });

  it('is recorded for an operator when it is more than addresses', () => {
    const node = LoneNode.settled().says({ vip: 'r*' });
    expect(node.logged).toContain('split-found');
    expect(node.persisted('split.json')).toEqual(['{"groups":["vip"]}']);
    expect(node.state.split).toMatchObject({ groups: ['vip'], healedUs: node.nowUs });
    const address: GroupConfiguration = {
      key: groupKey('ip'),
      index: 0,
      owner: node1,
      resources: [resourceOf('10.0.0.7')],
    };
    const only = LoneNode.settled({ groups: [address] }).says({ ip: 'r*' });
    expect(only.logged).toContain('split-found');
    expect(only.persisted('split.json')).toEqual([]);
  });

  it('is no dispute any more when the peer falls silent', () => {
    const node = LoneNode.settled().says({ vip: 'r*' }).silent();
    expect(node.state.groups[0]!.disputedSinceUs).toBeUndefined();
    expect(node.letters).toBe('rr');
  });
});

describe('a mark', () => {
  const marks = (node: LoneNode) => node.state.groups.map(({ marked }) => marked);

  it('is set by a start on silence alone, said, and written down', () => {
    const node = LoneNode.settled().silent();
    expect(marks(node)).toEqual([false, true]);
    expect(node.persisted('taken-on-silence.json')).toEqual(['{"groups":["web"]}']);
  });

  it('ends when the peer has read it and does not hold the group', () => {
    const node = LoneNode.settled().silent().peerRestarts().heard();
    const version = node.state.groups[1]!.claimedAtVersion;
    node.says({}, { ack: version - 1 });
    expect(marks(node)).toEqual([false, true]);
    node.says({}, { ack: version, fields: { pbsees: 'dead' } });
    expect(marks(node)).toEqual([false, true]);
    node.says();
    expect(marks(node)).toEqual([false, false]);
    expect(node.persisted('taken-on-silence.json').at(-1)).toBe('{"groups":[]}');
  });
});

describe('a peer that we hear but that does not hear us', () => {
  type Saying = Parameters<LoneNode['says']>;

  /** Goes on saying it, from now until `durationMs` later. */
  const insists = (node: LoneNode, durationMs: number, ...saying: Saying): LoneNode => {
    const stepMs = 100;
    node.says(...saying);
    for (let passedMs = stepMs; passedMs <= durationMs; passedMs += stepMs) node.pass(stepMs).says(...saying);
    return node;
  };

  it('cannot be told anything: after a grace time we give way, whoever was first', () => {
    expect(insists(LoneNode.settled(), 200, { vip: 'r*' }, deaf).letters).toBe('r-');
    const node = insists(LoneNode.settled(), 300, { vip: 'r*' }, deaf);
    expect(node.letters).toBe('--');
    expect(node.logged).toContain('split-yielded');
  });

  it('must go on saying so: one that says it once may be cut off in both directions by now', () => {
    expect(LoneNode.settled().says({ vip: 'r*' }, deaf).pass(5000).letters).toBe('r-');
  });

  it('that hears us in time changes nothing', () => {
    const node = insists(LoneNode.settled(), 200, { vip: 'r*' }, deaf).says({ vip: 'r*' });
    expect(insists(node.pass(100), 200, { vip: 'r*' }, deaf).letters).toBe('r-');
  });

  it('gets longer grace when keepalives are rare', () => {
    const rare = { keepaliveMs: 1000 };
    expect(insists(LoneNode.settled(rare), 2900, { vip: 'r*' }, deaf).letters).toBe('r-');
    expect(insists(LoneNode.settled(rare), 3000, { vip: 'r*' }, deaf).letters).toBe('--');
  });

  it('and was restarted: what it says aloud, though not to us, is enough to give way to, never to start on', () => {
    const aloud = { pbto: 0, ack: 0, ackGeneration: 0, fields: { pbsees: 'init' } };
    const restarted = () => LoneNode.settled().peerRestarts().heard();
    expect(insists(restarted(), 200, { vip: 'r', web: 'o' }, aloud).letters).toBe('r-');
    expect(insists(restarted(), 3000, { vip: '-', web: 'o' }, aloud).letters).toBe('r-');
    const node = insists(restarted(), 300, { vip: 'r', web: 'o' }, aloud);
    expect(node.letters).toBe('--');
    expect(insists(node, 5000, { vip: 'o', web: 'o' }, aloud).letters).toBe('--');
  });

  it('and holds us for off: what it says aloud since counts as well, what it said before to us does not', () => {
    const { generation, peer } = LoneNode.settled().state;
    const last = peer.report!.version;
    for (const ackGeneration of [0, generation]) {
      const aloud = (version: number) => ({ version, ack: 0, ackGeneration, fields: { pbsees: 'dead' } });
      expect(insists(LoneNode.settled(), 3000, { vip: 'r*' }, aloud(last)).letters).toBe('r-');
      expect(insists(LoneNode.settled(), 300, { vip: 'r*' }, aloud(last + 1)).letters).toBe('--');
    }
  });
});

describe('a heal after the owner came back', () => {
  it('leaves what was given up to the keeper until that goes', () => {
    const node = tookWeb().says({ web: 'r' });
    node.says().pass(1000);
    expect(node.letters).toBe('r-');
    expect(node.silent().letters).toBe('rr');
  });
});
