import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextUint32, randomBetween } from '../../src/core/random.ts';

const draw = (seed: number, count: number): number[] => {
  const state = createRandom(seed);
  return Array.from({ length: count }, () => nextUint32(state));
};

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed, also from a state that was stored and read back', () => {
    const state = createRandom(7);
    nextUint32(state);
    const restored = JSON.parse(JSON.stringify(state)) as typeof state;
    expect(Array.from({ length: 20 }, () => nextUint32(restored))).toEqual(draw(7, 21).slice(1));
  });

  it('gives other numbers for a neighbouring seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const both = [...draw(seed, 8), ...draw(seed + 1, 8)];
        expect(new Set(both).size).toBe(16);
      }),
    );
  });

  it('stays within unsigned 32 bits, and every bit is set about half of the time', () => {
    const numbers = draw(1, 4000);
    expect(numbers.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 32)).toBe(true);
    for (let bit = 0; bit < 32; bit++) {
      const set = numbers.filter((number) => ((number >>> bit) & 1) === 1).length;
      expect(set, `bit ${bit}`).toBeGreaterThan(1800);
      expect(set, `bit ${bit}`).toBeLessThan(2200);
    }
  });

  it('draws from a range with both ends included', () => {
    const state = createRandom(3);
    const seen = new Set(Array.from({ length: 200 }, () => randomBetween(state, 5, 10)));
    expect([...seen].sort((left, right) => left - right)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(randomBetween(state, 4, 4)).toBe(4);
  });
});
