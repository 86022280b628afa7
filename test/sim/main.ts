/**
 * `npm run sim -- [--seeds N] [--first S] | --seed S [--trace | --trace-all] | --minutes M   [--json] [--stop] [--real-mac]`
 * Every seed is a run of its own and the same every time. Ends with status 1 when a checker objected, or when a
 * standard run (that many seeds or more) never got to a state that it should have reached.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Hashes } from '../../src/core/transport/mac.ts';
import { nodeHashes as realHashes } from '../../src/io/hashes.ts';
import { addMatrix, byKind, emptyMatrix, type Matrix, matrixTable } from './matrix.ts';
import { editedPlan, type Plan } from './plan.ts';
import { type Outcome, runPlan, runSeed } from './run-seed.ts';
import { SometimesCounters } from './sometimes.ts';
import { drawPlan } from './swarm.ts';

/** Fewer seeds than this need not reach every state. */
const standardSeeds = 100;
const violationsShown = 20;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    trace: { type: 'boolean', default: false },
    'trace-all': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
    faults: { type: 'string' },
    'real-mac': { type: 'boolean', default: false },
  },
});

function main(): number {
  if (values.seed !== undefined) return one(Number(values.seed));
  const startedMs = performance.now();
  const untilMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : startedMs + Number(values.minutes) * 60_000;
  const first = Number(values.first);
  const count = values.minutes === undefined ? Number(values.seeds ?? standardSeeds) : Number.POSITIVE_INFINITY;
  const total = {
    seeds: 0,
    simulatedUs: 0,
    faults: 0,
    matrix: emptyMatrix(),
    steps: 0,
    violations: [] as Outcome[],
    sometimes: new SometimesCounters(),
  };
  for (let seed = first; seed < first + count && performance.now() < untilMs; seed++) {
    const outcome = runSeed(seed, options());
    total.seeds++;
    total.simulatedUs += outcome.simulatedUs;
    total.faults += outcome.faults;
    addMatrix(total.matrix, outcome.matrix);
    total.steps += outcome.steps;
    total.sometimes.add(outcome.sometimes);
    if (outcome.violation === undefined) continue;
    total.violations.push(outcome);
    if (total.violations.length <= violationsShown) console.log(describe(outcome));
    if (values.stop) break;
  }
  return report(total, (performance.now() - startedMs) / 1000);
}

function one(seed: number): number {
  const tracing = values.trace || values['trace-all'];
  const outcome = runPlan(planFor(seed), {
    ...options(),
    traceAll: values['trace-all'],
    ...(tracing ? { onTrace: (line: string) => console.log(line) } : {}),
  });
  const { violation } = outcome;
  console.log(
    `seed ${seed}: ${(outcome.simulatedUs / 1e6).toFixed(1)} s, ${outcome.steps} steps, ${outcome.faults} faults, state ${outcome.hash.toString(16)}`,
  );
  for (const line of outcome.ending) console.log(line);
  if (violation !== undefined)
    console.log(`VIOLATION ${violation.checker} at ${violation.atUs / 1e6} s: ${violation.text}`);
  return violation === undefined ? 0 : 1;
}

/** What the seed stands for, or what a file or the argument itself makes of it. */
function planFor(seed: number): Plan {
  const drawn = drawPlan(seed);
  const text = values.faults;
  if (text === undefined) return drawn;
  return editedPlan(drawn, /^\s*[[{]/.test(text) ? text : readFileSync(text, 'utf8'));
}

function options(): { hashes?: Hashes } {
  return values['real-mac'] ? { hashes: realHashes } : {};
}

interface Total {
  readonly seeds: number;
  readonly simulatedUs: number;
  readonly faults: number;
  readonly matrix: Matrix;
  readonly steps: number;
  readonly violations: readonly Outcome[];
  readonly sometimes: SometimesCounters;
}

function report(total: Total, tookS: number): number {
  const never = total.seeds >= standardSeeds ? total.sometimes.never() : [];
  const sometimes = Object.fromEntries([...total.sometimes.counts].map(([name, count]) => [name, count]));
  if (!values.json) {
    for (const line of matrixTable(total.matrix)) console.log(line);
    for (const [name, count] of total.sometimes.counts) console.log(`${String(count).padStart(10)}  ${name}`);
    console.log(
      `${total.seeds} seeds, ${(total.simulatedUs / 3.6e9).toFixed(2)} simulated hours in ${tookS.toFixed(1)} s ` +
        `(${Math.round(total.simulatedUs / 1e6 / tookS)} simulated seconds per second, ${Math.round(total.simulatedUs / 1e6 / cpuS())} ` +
        `per second of processor time), ${total.steps} steps, ${total.faults} faults`,
    );
  }
  for (const name of never) console.log(`NEVER REACHED ${name}`);
  if (values.json) {
    const simulatedHours = total.simulatedUs / 3.6e9;
    console.log(
      JSON.stringify({ simulatedHours, faults: byKind(total.matrix), violations: total.violations.length, sometimes }),
    );
  } else verdict(total, never.length);
  return total.violations.length === 0 && never.length === 0 ? 0 : 1;
}

function describe({ seed, violation }: Outcome): string {
  const { atUs, checker, text } = violation!;
  return `VIOLATION seed ${seed} at ${atUs / 1e6} s: ${checker}: ${text.split('\n').slice(0, 3).join(' | ')}`;
}

/** Of this process so far, the only load that it can be blamed for. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Counted as tests: no checker objected in any run, and the runs got to every state that they should. */
function verdict(total: Total, never: number): void {
  const results = [total.violations.length === 0];
  console.log(`${total.violations.length} violations in ${total.seeds} runs`);
  if (total.seeds >= standardSeeds) {
    results.push(never === 0);
    console.log(`${never} of ${total.sometimes.counts.size} states never reached`);
  }
  const passed = results.filter((result) => result).length;
  console.log(`${passed} passed, ${results.length - passed} failed`);
}

process.exitCode = main();
