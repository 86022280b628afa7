/**
 * What many runs have come to. Plain data: it goes from process to process, into a file and back, and the sum is the same
 * in whatever order it was made.
 */
import { addMatrix, emptyMatrix, type Matrix } from './matrix.ts';
import type { Outcome } from './run-seed.ts';
import { sometimesNames } from './sometimes.ts';
import type { Violation } from './world/world.ts';

/** An outcome as it travels. */
export type Result = Omit<Outcome, 'sometimes' | 'ending'> & {
  readonly sometimes: Readonly<Record<string, number>>;
};

export interface FoundViolation extends Violation {
  readonly seed: number;
}

/** Runs with a proof of death for every takeover, and runs without, are counted apart. */
export interface Share {
  runs: number;
  simulatedUs: number;
  faults: number;
  doubleRunningUs: number;
  /** Of these, after a word that was not true. */
  onFalseWordUs: number;
}

export interface Totals {
  seeds: number;
  /** The lowest seed that was not run. */
  nextSeed: number;
  simulatedUs: number;
  steps: number;
  faults: number;
  matrix: Matrix;
  sometimes: Record<string, number>;
  violations: FoundViolation[];
  unprotected: Share;
  protected: Share;
  /** While faults strike, of the run that had the fewest for that time. */
  leastFaultsPerMinute: number;
  /** Of the final states of all runs: the same for the same seeds. */
  digest: number;
  /** Seeds run once more in another process, and those that came out otherwise. */
  repeated: number;
  notRepeatable: number[];
  processorS: number;
  wallS: number;
  jobs: number;
}

export function noTotals(first: number): Totals {
  return {
    seeds: 0,
    nextSeed: first,
    simulatedUs: 0,
    steps: 0,
    faults: 0,
    matrix: emptyMatrix(),
    sometimes: Object.fromEntries(sometimesNames.map((name) => [name, 0])),
    violations: [],
    unprotected: noShare(),
    protected: noShare(),
    leastFaultsPerMinute: Number.POSITIVE_INFINITY,
    digest: 0,
    repeated: 0,
    notRepeatable: [],
    processorS: 0,
    wallS: 0,
    jobs: 1,
  };
}

/** Of a run that came to no end of its own. */
export function brokenRun(seed: number, checker: string, text: string): Result {
  const { matrix, sometimes } = noTotals(seed);
  const nothing = { simulatedUs: 0, faultPhaseUs: 0, steps: 0, faults: 0, isProtected: false, hash: 0, hashes: [] };
  const doubleRunning = { us: 0, onFalseWordUs: 0 };
  return { seed, matrix, sometimes, ...nothing, doubleRunning, violation: { checker, atUs: 0, text } };
}

export function addResult(totals: Totals, result: Result): void {
  const { seed, violation, simulatedUs, faults, hash } = result;
  totals.seeds++;
  totals.nextSeed = Math.max(totals.nextSeed, seed + 1);
  totals.simulatedUs += simulatedUs;
  totals.steps += result.steps;
  totals.faults += faults;
  addMatrix(totals.matrix, result.matrix);
  addCounts(totals.sometimes, result.sometimes);
  if (violation !== undefined) totals.violations.push({ seed, ...violation });
  addShare(result.isProtected ? totals.protected : totals.unprotected, {
    runs: 1,
    simulatedUs,
    faults,
    doubleRunningUs: result.doubleRunning.us,
    onFalseWordUs: result.doubleRunning.onFalseWordUs,
  });
  // A run that was cut short by a violation says nothing about the mix.
  if (violation === undefined)
    totals.leastFaultsPerMinute = Math.min(totals.leastFaultsPerMinute, faults / (result.faultPhaseUs / 60e6));
  totals.digest = (totals.digest + Math.imul(hash ^ seed, 0x9e3779b1)) >>> 0;
}

/** Of two runs of different seeds, one after the other. */
export function mergeTotals(left: Totals, right: Totals): Totals {
  const sum = structuredClone(left);
  sum.seeds += right.seeds;
  sum.nextSeed = Math.max(left.nextSeed, right.nextSeed);
  sum.simulatedUs += right.simulatedUs;
  sum.steps += right.steps;
  sum.faults += right.faults;
  addMatrix(sum.matrix, right.matrix);
  addCounts(sum.sometimes, right.sometimes);
  sum.violations.push(...right.violations);
  addShare(sum.protected, right.protected);
  addShare(sum.unprotected, right.unprotected);
  sum.leastFaultsPerMinute = Math.min(left.leastFaultsPerMinute, right.leastFaultsPerMinute);
  sum.digest = (left.digest + right.digest) >>> 0;
  sum.repeated += right.repeated;
  sum.notRepeatable.push(...right.notRepeatable);
  sum.processorS += right.processorS;
  sum.wallS += right.wallS;
  sum.jobs = Math.max(left.jobs, right.jobs);
  return sum;
}

function noShare(): Share {
  return { runs: 0, simulatedUs: 0, faults: 0, doubleRunningUs: 0, onFalseWordUs: 0 };
}

function addShare(sum: Share, more: Share): void {
  sum.runs += more.runs;
  sum.simulatedUs += more.simulatedUs;
  sum.faults += more.faults;
  sum.doubleRunningUs += more.doubleRunningUs;
  sum.onFalseWordUs += more.onFalseWordUs;
}

function addCounts(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
}
