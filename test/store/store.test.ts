/** A share of the rounds of `npm run sim:store`, every step of a commit, and the proof that the checker can object. */
import { describe, expect, it } from 'vitest';
import { changedBy, mostRounds, roundsUntilCaught, storeMutants } from './mutants.ts';
import { runRound } from './round.ts';
import { everyStep } from './steps.ts';

const rounds = 40;

describe('the configuration store', () => {
  it(`loses nothing in ${rounds} simulated rounds`, () => {
    let committed = 0;
    for (let seed = 1; seed <= rounds; seed++) {
      const { objections, counts } = runRound(seed);
      expect(objections, `npm run sim:store -- --seed ${seed}`).toEqual([]);
      committed += (counts.get('committed on both') ?? 0) + (counts.get('committed here only') ?? 0);
    }
    expect(committed).toBeGreaterThan(rounds);
  });

  it('loses nothing when the power goes or the process dies at any step of a commit, on either node', () => {
    const reached = new Set<string>();
    everyStep(1, ({ objections, wasCut }, plan) => {
      expect(objections, JSON.stringify(plan)).toEqual([]);
      if (wasCut) reached.add(`${plan.asked} ${plan.cut} ${plan.how} ${plan.steps}`);
      return false;
    });
    // Two files of three steps, each with a moment before it and one in its middle, for each of the ways.
    expect(reached.size).toBe(4 * 4 * 12);
  });

  it('is the same every time', () => {
    expect(runRound(5)).toEqual(runRound(5));
  });
});

describe('a wrong version of the store is caught:', () => {
  it.each(storeMutants.map((mutant) => [mutant.name, mutant] as const))('%s', async (_, mutant) => {
    expect(changedBy(mutant).size).toBe(1);
    expect(await roundsUntilCaught(mutant, mostRounds)).toBeDefined();
  });
});
