import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareClocks } from '../../../src/core/timeline/clocks.ts';
import type { Epoch, Passed } from '../../../src/core/timeline/story.ts';

const second = 1_000_000;

function epoch(wallSeconds: number, said: Passed[], heard: Passed[]): Epoch {
  const segment = { kind: 'segment', us: 0, format: 1, number: 1, bootId: 'b', wallSeconds } as const;
  const rest = { moments: [], held: [], episodes: [], lastUs: 100 * second };
  return { bootId: 'b', node: 'n', peer: 'p', segment, said, heard, ...rest };
}

/** Messages once a second in both directions; `theirs = ours - offset`, running apart by the drift. */
function pair(offsetUs: number, drift: number, delaysUs: readonly number[]) {
  const theirTime = (us: number) => Math.round(us * (1 + drift) - offsetUs);
  const [said, heard, theirSaid, theirHeard]: [Passed[], Passed[], Passed[], Passed[]] = [[], [], [], []];
  delaysUs.forEach((delayUs, at) => {
    const us = at * second;
    said.push({ generation: 7, sequence: at, us });
    theirHeard.push({ generation: 7, sequence: at, us: theirTime(us + delayUs) });
    theirSaid.push({ generation: 9, sequence: at, us: theirTime(us + 500) });
    heard.push({ generation: 9, sequence: at, us: us + 500 + (delaysUs[(at * 7 + 3) % delaysUs.length] ?? 0) });
  });
  return { ours: epoch(1000, said, heard), theirs: epoch(1000, theirSaid, theirHeard), theirTime };
}

describe('two clocks compared by messages', () => {
  it('are never farther from the truth than is stated, whatever the delays and the drift', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.integer({ min: -20, max: 20 }),
        fc.array(fc.integer({ min: 20, max: 400_000 }), { minLength: 1, maxLength: 90 }),
        fc.integer({ min: 0, max: 90 }),
        (offsetUs, ppm, delaysUs, at) => {
          const { ours, theirs, theirTime } = pair(offsetUs, ppm * 1e-6, delaysUs);
          const us = Math.min(at, delaysUs.length - 1) * second;
          const { by, uncertaintyUs } = compareClocks(ours, theirs).at(us);
          expect(by).toBe('messages');
          expect(Math.abs(compareClocks(ours, theirs).ours(theirTime(us)) - us)).toBeLessThanOrEqual(uncertaintyUs);
        },
      ),
    );
  });

  it('are compared the better the faster a message was', () => {
    const slow = pair(5 * second, 0, [300_000, 200_000, 400_000]);
    const fast = pair(5 * second, 0, [300_000, 300, 400]);
    expect(compareClocks(slow.ours, slow.theirs).at(0).uncertaintyUs).toBeGreaterThan(100_000);
    expect(compareClocks(fast.ours, fast.theirs).at(0).uncertaintyUs).toBeLessThan(2500);
  });

  it('that drift are compared by the messages of that time', () => {
    const drift = 20e-6;
    const { ours, theirs, theirTime } = pair(
      0,
      drift,
      Array.from({ length: 4000 }, () => 200),
    );
    for (const us of [100 * second, 3900 * second]) {
      const { uncertaintyUs } = compareClocks(ours, theirs).at(us);
      expect(uncertaintyUs).toBeLessThan(3000);
      expect(Math.abs(compareClocks(ours, theirs).ours(theirTime(us)) - us)).toBeLessThanOrEqual(uncertaintyUs);
    }
  });

  it('are taken from the wall, and that is said, when messages went one way only', () => {
    const { ours, theirs } = pair(0, 0, [100, 100]);
    const deaf = { ...ours, heard: [] };
    const shifted = { ...theirs, segment: { ...theirs.segment, wallSeconds: 1003 } };
    expect(compareClocks(deaf, shifted).at(0)).toMatchObject({ by: 'wall', offsetUs: 3 * second, messages: 2 });
  });
});
