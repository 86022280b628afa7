/** The standard run fails when it does not reach what it should, and sums come out the same in any order. */
import { expect, it } from 'vitest';
import { faultNames } from './faults/kinds.ts';
import { emptyMatrix } from './matrix.ts';
import { phases } from './phase.ts';
import { runPool } from './pool.ts';
import { jsonReport } from './report.ts';
import { sometimesNames } from './sometimes.ts';
import { addResult, mergeTotals, noTotals, type Result, type Totals } from './totals.ts';
import { checksOf, type Standard, standard } from './verdict.ts';

const asked: Standard = { seeds: 100, hoursMin: 10, faultsMin: 1000 };

/** A run that has reached everything. */
function good(): Totals {
  const totals = noTotals(1);
  for (const kind of faultNames) for (const phase of phases) totals.matrix[kind]![phase] = 10;
  for (const name of sometimesNames) totals.sometimes[name] = 1;
  return { ...totals, seeds: 100, repeated: 1, faults: 5000, simulatedUs: 11 * 3.6e9, leastFaultsPerMinute: 1.2 };
}

const failing = (totals: Totals): string[] =>
  checksOf(totals, asked)
    .filter(({ ok }) => !ok)
    .flatMap(({ text, problems }) => [text, ...problems]);

it('asks of the standard run what the project promises', () => {
  expect(standard.hoursMin).toBeGreaterThanOrEqual(100);
  expect(standard.faultsMin).toBeGreaterThanOrEqual(5000);
  expect(new Set(sometimesNames).size).toBeGreaterThanOrEqual(100);
  expect(new Set(sometimesNames).size).toBe(sometimesNames.length);
});

it('passes a run that has reached everything', () => {
  expect(failing(good())).toEqual([]);
});

it.each<[string, (totals: Totals) => void, RegExp]>([
  ['a state is never reached', (totals) => (totals.sometimes['power lost'] = 0), /^NEVER REACHED power lost$/m],
  ['a fault never strikes in a phase', (totals) => (totals.matrix['cut']!.join = 0), /^NEVER STRUCK cut x join$/m],
  [
    'there are too few faults for its length',
    (totals) => (totals.simulatedUs = 100 * 3.6e9),
    /^0\.8 faults a simulated/m,
  ],
  ['it is too short', (totals) => (totals.simulatedUs = 9 * 3.6e9), /^9\.0 simulated hours/m],
  ['there are too few faults', (totals) => (totals.faults = 999), /^999 faults/m],
  [
    'one run is nearly without faults',
    (totals) => (totals.leastFaultsPerMinute = 0.9),
    /^at least 0\.90 faults a minute in/m,
  ],
  ['too few seeds are run twice', (totals) => (totals.repeated = 0), /run twice$/m],
  ['a seed comes out otherwise', (totals) => totals.notRepeatable.push(17), /^NOT THE SAME TWICE seed 17$/m],
  [
    'a checker objects',
    (totals) => totals.violations.push({ seed: 3, checker: 'S1', atUs: 1, text: 'both' }),
    /^1 violations/m,
  ],
])('fails when %s', (_what, spoil, expected) => {
  const totals = good();
  spoil(totals);
  expect(failing(totals).join('\n')).toMatch(expected);
});

function result(seed: number): Result {
  const matrix = emptyMatrix();
  matrix['cut']!.idle = seed;
  return {
    seed,
    violation: undefined,
    simulatedUs: seed * 1e6,
    faultPhaseUs: seed * 1e6,
    steps: seed,
    faults: seed,
    matrix,
    hash: seed * 7919,
    hashes: [],
    isProtected: seed % 2 === 0,
    doubleRunning: { us: 10, onFalseWordUs: 0 },
    sometimes: { 'power lost': 1 },
  };
}

function sumOf(seeds: readonly number[]): Totals {
  const totals = noTotals(seeds[0]!);
  for (const seed of seeds) addResult(totals, result(seed));
  return totals;
}

it('adds up the same in one go and in parts', () => {
  const parts = mergeTotals(sumOf([1, 2]), sumOf([3, 4, 5]));
  expect(parts).toEqual(sumOf([1, 2, 3, 4, 5]));
  expect(parts.protected.runs).toBe(2);
  expect(jsonReport(parts)).toMatchObject({ seeds: 5, nextSeed: 6, statesReached: 1, violations: 0 });
});

it('gives the results of several processes in the order of the seeds, and runs some of them twice', async () => {
  const seen: number[] = [];
  const { repeated, notRepeatable, processorS } = await runPool({
    jobs: 2,
    first: 1,
    realMac: false,
    repeatEvery: 3,
    goesOn: (seed) => seed <= 3,
    take: ({ seed }) => seen.push(seed) > 0,
  });
  expect(seen).toEqual([1, 2, 3]);
  expect({ repeated, notRepeatable }).toEqual({ repeated: 1, notRepeatable: [] });
  expect(processorS).toBeGreaterThan(0);
}, 120_000);
