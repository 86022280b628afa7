import { describe, expect, it } from 'vitest';
import type { PingReport, Report } from '../../../src/core/haresources/report.ts';
import { pingAnswered } from '../../../src/core/ping/ping-nodes.ts';
import { betterReach, freezeReach, peerReach, thawReach } from '../../../src/core/ping/reach.ts';
import { LoneNode, ms } from '../lone-node.ts';

const addresses = ['10.9.0.1', '10.9.0.2'];
const pingNodes = addresses.map((address) => ({
  name: address,
  kind: 'ping' as const,
  targets: [{ address, family: 4 as const }],
  intervalUs: ms(100),
  deadUs: ms(300),
  listed: true,
}));

/** A node that reaches so many, and has found a split when it did; the peer has read that, and says `theirs`. */
function found(count: number, theirs: PingReport | undefined, read = true): LoneNode {
  const node = LoneNode.settled({ reach: { pingNodes, ipfail: false, pingd: [] } });
  const { state } = node;
  for (const address of addresses.slice(0, count)) pingAnswered(state.reach.nodes, address, state.nowUs);
  freezeReach(state);
  state.reach.disputedAtVersion = 7;
  const report: Report = { ...state.peer.report!, ack: read ? 7 : 6 };
  state.peer.report = theirs === undefined ? report : { ...report, pings: theirs };
  return node;
}

describe('the better view in a split', () => {
  it.each([
    [2, { live: 0, disputed: 1 }, 'ours'],
    [1, { live: 0, disputed: 2 }, 'theirs'],
    [1, { live: 0, disputed: 1 }, 'nobody'],
    [0, { live: 2, disputed: 0 }, 'nobody'],
    // What is reached now is not what the two compare.
    [2, { live: 9, disputed: 1 }, 'ours'],
    [0, { live: 0, disputed: 1 }, 'theirs'],
    // It has not found the split yet.
    [2, { live: 0 }, 'undecided'],
    [1, undefined, 'nobody'],
  ] as const)('with %i here and %j there is %s', (count, theirs, better) => {
    expect(betterReach(found(count, theirs).state)).toBe(better);
  });

  it('is not decided before the peer has read the count of this node', () => {
    expect(betterReach(found(2, { live: 0, disputed: 1 }, false).state)).toBe('undecided');
  });

  it('does not follow what is reached later, until the split is over', () => {
    const { state } = found(0, { live: 0, disputed: 1 });
    for (const address of addresses) pingAnswered(state.reach.nodes, address, state.nowUs);
    freezeReach(state);
    expect(betterReach(state)).toBe('theirs');
    thawReach(state);
    expect(betterReach(state)).toBe('undecided');
  });

  it("is nobody's where this node has no ping nodes", () => {
    const { state } = LoneNode.settled();
    state.peer.report = { ...state.peer.report!, pings: { live: 3, disputed: 3 } };
    expect(betterReach(state)).toBe('nobody');
  });
});

describe('what the peer reaches', () => {
  it('is not known of one that is silent, or does not hear this node', () => {
    const { state } = found(1, { live: 2 });
    expect(peerReach(state)).toBe(2);
    state.peer.deafSinceUs = state.nowUs;
    expect(peerReach(state)).toBeUndefined();
    state.peer.deafSinceUs = undefined;
    state.peer.presence = 'silent';
    expect(peerReach(state)).toBeUndefined();
  });
});
