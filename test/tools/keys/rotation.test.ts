/** The order of an exchange of keys, over every state that two nodes can be in. */
import { describe, expect, it } from 'vitest';
import type { KeysOfNode, NodeReport, StatusReport } from '../../../src/protocol/status.ts';
import { type Exchange, factsFrom, isDue, type Plan, planRotation } from '../../../src/tools/keys/rotation.ts';
import { healthy } from '../fixtures.ts';

/** `1*2`: accepts 1 and 2, signs with 1 (the star stands behind it). `2!`: another secret under that number. */
function keysIn(text: string): KeysOfNode {
  const words = [...text.matchAll(/(\d+)(\*?)(!?)/g)];
  const signsWith = Number(words.find(([, , star]) => star === '*')![1]);
  const accepts = words.map(([, index, , other]) => ({
    index: Number(index),
    method: 'sha256',
    agreement: other === '!' ? ('other' as const) : ('same' as const),
  }));
  return { signsWith, accepts };
}

function statusOf(ours: string, theirs: string, changes: Partial<NodeReport> = {}): StatusReport {
  const [self, peer] = healthy.nodes as [NodeReport, NodeReport];
  const told = theirs.startsWith('heartbeat') ? { signsWith: Number(theirs.split(' ')[1]) } : keysIn(theirs);
  const product = theirs.startsWith('heartbeat') ? ('heartbeat' as const) : peer.product;
  return {
    ...healthy,
    nodes: [
      { ...self, keys: keysIn(ours) },
      { ...peer, keys: told, product, ...changes },
    ],
  };
}

function planOf(ours: string, theirs: string, exchange: Partial<Exchange> = {}): Plan | string {
  const facts = factsFrom(statusOf(ours, theirs), exchange);
  if (!facts.ok) return facts.problem.code;
  const plan = planRotation(facts.value);
  return plan.ok ? plan.value : plan.problem.code;
}

const wordOf = (plan: Plan | string) =>
  typeof plan === 'string' ? plan : plan.kind === 'step' ? plan.step : plan.kind === 'wait' ? plan.awaited : 'done';

const begun = { next: 2, old: 1 };

describe('what is next', () => {
  it.each([
    ['1*', '1*', {}, 'add'],
    ['1* 2', '1*', begun, 'peer-accepts'],
    ['1* 2', '1* 2', begun, 'sign'],
    ['1* 2', '1 2*', begun, 'sign'],
    ['1* 2', '1* 2!', begun, 'rotation-key-differs'],
    ['1 2*', '1* 2', begun, 'peer-signs'],
    ['1 2*', '1 2*', begun, 'remove'],
    ['1 2*', '2*', begun, 'remove'],
    ['2*', '1 2*', begun, 'peer-removes'],
    ['2*', '2*', begun, 'done'],
    // Where the file does not say, or says what is not so.
    ['1* 2', '1* 2', {}, 'rotation-unclear'],
    ['1* 2', '1* 2', { next: 2 }, 'sign'],
    ['1 2*', '1 2*', { next: 2 }, 'remove'],
    ['1* 2 3', '1* 2 3', { next: 3 }, 'sign'],
    ['1 2 3*', '1 2 3*', { next: 3 }, 'rotation-unclear'],
    ['1*', '1* 2', {}, 'rotation-files-differ'],
    ['1*', '1*!', {}, 'rotation-files-differ'],
    ['1*', '1*', begun, 'rotation-key-missing'],
    // A real Heartbeat only shows what it signs with.
    ['1*', 'heartbeat 1', {}, 'add'],
    ['1* 2', 'heartbeat 1', begun, 'peer-signs'],
    ['1* 2', 'heartbeat 2', begun, 'sign'],
    ['1 2*', 'heartbeat 2', begun, 'remove'],
    ['2*', 'heartbeat 2', begun, 'done'],
  ])('we have %s, they have %s: %j %s', (ours, theirs, exchange, next) => {
    expect(wordOf(planOf(ours, theirs, exchange))).toBe(next);
  });

  it('gives the new key the lowest free number', () => {
    expect(planOf('1*', '1*')).toMatchObject({ exchange: { next: 2, old: 1 } });
    expect(planOf('2*', '2*')).toMatchObject({ exchange: { next: 1, old: 2 } });
  });

  it('is nothing while the peer is not heard', () => {
    const facts = factsFrom(statusOf('1*', '1*', { status: 'dead' }), {});
    expect(!facts.ok && facts.problem.code).toBe('rotation-peer-not-heard');
  });
});

describe('any interleaving of steps on both nodes', () => {
  interface State {
    readonly keys: readonly [string, string];
  }

  /** The state after a step of one node, as its file and its daemon would be. */
  const after: Readonly<Record<string, string>> = { sign: '1 2*', remove: '2*' };

  it('ends with the new key on both, and no node ever signs with what the other does not accept', () => {
    const seen = new Set<string>();
    const ends = new Set<string>();
    const explore = ({ keys }: State): void => {
      const name = keys.join('/');
      if (seen.has(name)) return;
      seen.add(name);
      for (const side of [0, 1] as const) {
        const [ours, theirs] = [keys[side], keys[1 - side]!];
        expect(keysIn(theirs).accepts?.map(({ index }) => index)).toContain(keysIn(ours).signsWith);
        const plan = planOf(ours, theirs, begun);
        const moved = after[wordOf(plan)];
        if (moved === undefined) continue;
        explore({ keys: side === 0 ? [moved, keys[1]] : [keys[0], moved] });
      }
      const plans = [planOf(keys[0], keys[1], begun), planOf(keys[1], keys[0], begun)].map(wordOf);
      if (plans.every((word) => word === 'done')) ends.add(name);
      // Never do both only wait for each other.
      else if (keys[0] !== '1*' && keys[1] !== '1*') expect(plans.some((word) => word in after)).toBe(true);
    };
    explore({ keys: ['1* 2', '1* 2'] });
    explore({ keys: ['1* 2', '1*'] });
    expect([...ends]).toEqual(['2*/2*']);
    expect(seen.size).toBeGreaterThan(6);
  });
});

describe('a step that is asked for by name', () => {
  it.each([
    ['1*', '1*', {}, 'sign', 'rotation-other-step'],
    ['1*', '1*', {}, 'add', 'due'],
    ['1* 2', '1*', begun, 'sign', 'rotation-peer-lacks-key'],
    ['1* 2', '1* 2', begun, 'remove', 'rotation-other-step'],
    ['1* 2', '1* 2', begun, 'add', 'rotation-other-step'],
    ['1 2*', '1* 2', begun, 'remove', 'rotation-peer-signs-old'],
    ['1 2*', '1 2*', begun, 'remove', 'due'],
    ['2*', '2*', begun, 'add', 'rotation-other-step'],
  ] as const)('we have %s, they have %s, %j: %s is %s', (ours, theirs, exchange, asked, verdict) => {
    const due = isDue(planOf(ours, theirs, exchange) as Plan, asked, 'node2');
    expect(due.ok ? 'due' : due.problem.code).toBe(verdict);
  });
});
