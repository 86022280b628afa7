import { describe, expect, it } from 'vitest';
import type { PingNodeOptions } from '../../../src/core/ping/ping-nodes.ts';
import { livePingNodes } from '../../../src/core/ping/ping-nodes.ts';
import { peerReach } from '../../../src/core/ping/reach.ts';
import type { ReachOptions } from '../../../src/core/ping/reach-state.ts';
import { ms } from '../lone-node.ts';
import { type Name, TwoNodes } from '../two-nodes.ts';

const addresses = ['10.9.0.1', '10.9.0.2'];
const pingNodes = addresses.map(
  (address): PingNodeOptions => ({
    name: address,
    kind: 'ping',
    targets: [{ address, family: 4 }],
    intervalUs: ms(100),
    deadUs: ms(300),
    listed: true,
  }),
);
const reach: ReachOptions = { pingNodes, ipfail: true, pingd: [] };

/** `vip` of node1 and `web` of node2 at home, both nodes reach both ping nodes. */
function settled(changes: Partial<ReachOptions> = {}, autoFailback = true): TwoNodes {
  return TwoNodes.settled({ reach: { ...reach, ...changes }, autoFailback });
}

const counts = (pair: TwoNodes): number[] =>
  (['node1', 'node2'] as const).map((name) => livePingNodes(pair.members[name].engine.node.reach.nodes));

function loses(pair: TwoNodes, ...lost: Name[]): TwoNodes {
  pair.reaches = (name) => !lost.includes(name);
  return pair;
}

describe('the count of live ping nodes', () => {
  it('is known on both nodes', () => {
    const pair = settled();
    expect(counts(pair)).toEqual([2, 2]);
    expect(peerReach(pair.members.node1.engine.node)).toBe(2);
    pair.reaches = (name, address) => name === 'node2' || address !== '10.9.0.1';
    pair.run(600);
    expect(counts(pair)).toEqual([1, 2]);
    expect(peerReach(pair.members.node2.engine.node)).toBe(1);
  });
});

describe('ipfail', () => {
  it('gives everything to the node that reaches more, after deadping and two keepalives', () => {
    const pair = loses(settled(), 'node1').run(1200);
    expect(pair.letters).toBe('-- rr');
    expect(pair.ranTwice).toEqual(new Set());
    const stopMs = Number(pair.story.find((line) => line.includes('node1 stop'))!.split(' ')[0]);
    // It lost them at 10,500 ms; the last answer came up to a keepalive earlier.
    expect(stopMs - 10_500).toBeGreaterThanOrEqual(300 - 100 + 200);
    expect(stopMs - 10_500).toBeLessThan(300 + 200 + 100);
  });

  it('brings the foreign groups home once the views have been equal for deadping and two keepalives', () => {
    const pair = loses(settled(), 'node1').run(1200);
    loses(pair).run(480);
    expect(pair.letters).toBe('-- rr');
    pair.run(800);
    expect(pair.letters).toBe('r- -r');
    expect(pair.ranTwice).toEqual(new Set());
  });

  it('leaves them there with auto_failback off', () => {
    const pair = loses(settled({}, false), 'node1').run(1200);
    loses(pair).run(5000);
    expect(pair.letters).toBe('-- rr');
  });

  it('moves nothing when both lose all of them, at slightly different times', () => {
    const pair = loses(settled(), 'node1').run(90);
    loses(pair, 'node1', 'node2').run(3000);
    expect(counts(pair)).toEqual([0, 0]);
    expect(pair.letters).toBe('r- -r');
    expect(pair.deeds).toEqual([]);
  });

  it('moves nothing home while nobody reaches anything', () => {
    const pair = loses(settled(), 'node1').run(1200);
    loses(pair, 'node1', 'node2').run(5000);
    expect(pair.letters).toBe('-- rr');
  });

  it('moves nothing for a ping node that comes back within deadping', () => {
    const pair = settled();
    for (let round = 0; round < 10; round++) {
      loses(pair, 'node1').run(250);
      loses(pair).run(150);
    }
    expect(pair.deeds).toEqual([]);
  });

  it('moves once, and does not follow a ping node that answers now and then', () => {
    const pair = loses(settled(), 'node1').run(1200);
    expect(pair.letters).toBe('-- rr');
    pair.story.length = 0;
    for (let round = 0; round < 10; round++) {
      loses(pair).run(110);
      loses(pair, 'node1').run(700);
    }
    expect(pair.deeds).toEqual([]);
  });

  it('calls it off when the views are equal again before the two keepalives are over', () => {
    const pair = loses(settled(), 'node1').run(330);
    expect(counts(pair)).toEqual([0, 2]);
    loses(pair).run(2000);
    expect(pair.deeds).toEqual([]);
  });

  it('does nothing without its respawn line', () => {
    const pair = loses(settled({ ipfail: false }), 'node1').run(3000);
    expect(counts(pair)).toEqual([0, 2]);
    expect(pair.deeds).toEqual([]);
  });

  it('does not ask a peer that does not hear this node', () => {
    const pair = settled();
    pair.network = (from) => from === 'node2';
    loses(pair, 'node1').run(250);
    expect(pair.deeds.filter((deed) => deed.startsWith('node1'))).toEqual([]);
  });

  it('a node that returns without reaching anything gets nothing home until it does', () => {
    const pair = settled().crash('node1').run(1000);
    expect(pair.letters.split(' ')[1]).toBe('rr');
    loses(pair, 'node1').restartDaemon('node1').run(3000);
    expect(pair.letters).toBe('-- rr');
    loses(pair).run(1500);
    expect(pair.letters).toBe('r- -r');
  });

  it('asks again after a while when the peer could not take them', () => {
    const pair = settled();
    pair.outcome = (name, { action }) =>
      action === 'status' ? 'not-running' : action === 'start' && name === 'node2' ? 'failed' : 'done';
    loses(pair, 'node1').run(15_000);
    const stops = pair.deeds.filter((deed) => deed.startsWith('node1 stop'));
    expect(stops.length).toBeLessThanOrEqual(4);
    expect(pair.letters.startsWith('r')).toBe(true);
  });
});

describe('a healed split', () => {
  /** Both took the other's group on silence: neither had it before, both are marked. */
  function split(changes: Partial<ReachOptions> = {}): TwoNodes {
    const pair = settled({ ipfail: false, ...changes }, false);
    pair.network = () => false;
    return pair.run(1000);
  }

  it.each(['node1', 'node2'] as const)('of which neither was first goes to %s, which reaches more', (keeper) => {
    const pair = settled({ ipfail: false }, false);
    // Each node runs both groups, and each took both on silence: they boot cut off from each other.
    const apart = new TwoNodes({ reach: { ...reach, ipfail: false } });
    apart.network = () => false;
    apart.boot('node1', 'node2').run(1500);
    expect(apart.letters).toBe('rr rr');
    apart.reaches = (name) => name === keeper;
    apart.run(800);
    apart.network = () => true;
    apart.run(1500);
    expect(apart.letters).toBe(keeper === 'node1' ? 'rr --' : '-- rr');
    const stops = apart.deeds.filter((deed) => deed.startsWith(`${keeper} stop`) || deed.startsWith(`${keeper} rel`));
    expect(stops).toEqual([]);
    void pair;
  });

  it('goes to the lower uuid when both reach the same', () => {
    const apart = new TwoNodes({ reach: { ...reach, ipfail: false } });
    apart.network = () => false;
    apart.boot('node1', 'node2').run(1500);
    apart.network = () => true;
    apart.run(1500);
    expect(apart.letters).toBe('rr --');
  });

  it('is decided by what both said, although the view changes meanwhile', () => {
    const apart = new TwoNodes({ reach: { ...reach, ipfail: false } });
    apart.network = () => false;
    apart.boot('node1', 'node2').run(1500);
    apart.reaches = (name) => name === 'node2';
    apart.run(800);
    apart.network = () => true;
    for (let step = 0; step < 50; step++) {
      apart.reaches = (name) => (step % 2 === 0 ? name === 'node1' : name === 'node2');
      apart.run(40);
    }
    apart.run(1000);
    const [one, two] = apart.letters.split(' ');
    expect([one, two].filter((letters) => letters === 'rr')).toHaveLength(1);
  });

  it('keeps what was there before, whoever reaches more', () => {
    const pair = split();
    expect(pair.letters).toBe('rr rr');
    pair.reaches = (name) => name === 'node2';
    pair.run(800);
    pair.network = () => true;
    pair.run(1500);
    expect(pair.letters).toBe('r- -r');
  });
});
