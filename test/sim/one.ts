/** One seed, looked at closely: its trace, its hashes, another list of faults, or a shorter one that shows the same. */
import { readFileSync } from 'node:fs';
import type { Hashes } from '../../src/core/transport/mac.ts';
import { byKind } from './matrix.ts';
import { describePlan, editedPlan, type Plan, writtenPlan } from './plan.ts';
import { type Outcome, runPlan } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { drawPlan } from './swarm.ts';

export interface OneOptions {
  readonly trace: boolean;
  readonly traceAll: boolean;
  readonly listHashes: boolean;
  /** A file, or the JSON itself. */
  readonly faults: string | undefined;
  readonly shrink: boolean;
  readonly hashes?: Hashes;
}

export function runOne(seed: number, options: OneOptions): number {
  const plan = planFor(seed, options.faults);
  if (options.shrink) return shrinkOne(plan);
  const outcome = runPlan(plan, {
    ...(options.hashes === undefined ? {} : { hashes: options.hashes }),
    traceAll: options.traceAll,
    ...(options.trace ? { onTrace: (line: string) => console.log(line) } : {}),
  });
  if (options.listHashes) for (const [minute, hash] of outcome.hashes.entries()) console.log(`${minute + 1}  ${hash}`);
  for (const line of describeOutcome(outcome)) console.log(line);
  return outcome.violation === undefined ? 0 : 1;
}

/** What the seed stands for, or what is made of it. */
function planFor(seed: number, faults: string | undefined): Plan {
  const drawn = drawPlan(seed);
  if (faults === undefined) return drawn;
  return editedPlan(drawn, /^\s*[[{]/.test(faults) ? faults : readFileSync(faults, 'utf8'));
}

function describeOutcome({ seed, simulatedUs, steps, faults, matrix, hash, ending, violation }: Outcome): string[] {
  const kinds = Object.entries(byKind(matrix)).filter(([, count]) => count > 0);
  const lines = [
    `seed ${seed}: ${(simulatedUs / 1e6).toFixed(1)} s, ${steps} steps, ${faults} faults ` +
      `(${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}), state ${hash.toString(16)}`,
    ...ending,
  ];
  return violation === undefined
    ? lines
    : [...lines, `VIOLATION ${violation.checker} at ${violation.atUs / 1e6} s: ${violation.text}`];
}

function shrinkOne(plan: Plan): number {
  const shrunk = shrink(plan, (line) => console.error(line));
  if (shrunk === undefined) {
    console.log(`seed ${plan.seed}: no checker objects, there is nothing to shrink`);
    return 0;
  }
  const { violation, runs } = shrunk;
  for (const line of describePlan(shrunk.plan)) console.log(line);
  console.log(
    `${plan.faults.length} faults in ${plan.faultsForMs / 1000} s became ${shrunk.plan.faults.length} in ` +
      `${shrunk.plan.faultsForMs / 1000} s, in ${runs} runs`,
  );
  console.log(`VIOLATION ${violation.checker} at ${violation.atUs / 1e6} s: ${violation.text}`);
  console.log(`as a file for npm run sim -- --seed ${plan.seed} --trace --faults FILE:`);
  console.log(writtenPlan(shrunk.plan));
  return 1;
}
