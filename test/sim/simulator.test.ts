/** The simulator itself: deterministic, independent of the MAC, and every mistake that it once found stays found. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeHashes as realHashes } from '../../src/io/hashes.ts';
import { ledger } from './ledger.ts';
import { loadPlan, type Plan } from './plan.ts';
import { runPlan } from './run-seed.ts';
import { drawPlan } from './swarm.ts';
import { Draw } from './world/draw.ts';
import { EventQueue } from './world/queue.ts';

/** The first part of what a seed stands for. */
function beginningOf(seed: number): Plan {
  const plan = drawPlan(seed);
  return { ...plan, faultsForMs: Math.min(plan.faultsForMs, 60 * plan.setup.deadtimeMs) };
}

describe('a run', () => {
  it('is the same for the same seed, and another for another', () => {
    const first = runPlan(beginningOf(1));
    expect(runPlan(beginningOf(1))).toEqual(first);
    expect(runPlan(beginningOf(2)).hash).not.toBe(first.hash);
  });

  it('does not depend on which MAC is used (S23)', () => {
    const fast = runPlan(beginningOf(3));
    const real = runPlan(beginningOf(3), { hashes: realHashes });
    expect([real.hash, real.steps]).toEqual([fast.hash, fast.steps]);
  });

  it('writes a trace only when asked, and is not changed by it', () => {
    const lines: string[] = [];
    const traced = runPlan(beginningOf(4), { onTrace: (line) => lines.push(line), traceAll: true });
    expect(lines.length).toBeGreaterThan(100);
    expect(traced.hash).toBe(runPlan(beginningOf(4)).hash);
  });
});

describe('the ledger', () => {
  it.each(ledger.filter((entry) => entry.seed !== undefined))('$what (seed $seed)', ({ seed }) => {
    expect(runPlan(loadPlan(join(import.meta.dirname, `ledger/${seed}.json`))).violation).toBeUndefined();
  });

  it('names scenarios that exist', () => {
    const scenarios = ledger.flatMap(({ scenario }) => scenario ?? []);
    const missing = scenarios.filter((name) => !existsSync(join(import.meta.dirname, '../scenarios', `${name}.txt`)));
    expect(missing).toEqual([]);
  });
});

describe('the event queue', () => {
  it('gives events in order of time, equal times by their tie, and leaves out what was cancelled', () => {
    const ties = [3, 1, 2, 9, 9];
    const queue = new EventQueue(() => ties.shift() ?? 0);
    const seen: string[] = [];
    queue.plan(20, () => seen.push('a'));
    queue.plan(20, () => seen.push('b'));
    queue.plan(20, () => seen.push('c')).cancelled = true;
    queue.plan(10, () => seen.push('first'));
    queue.plan(30, () => seen.push('late'));
    for (let next = queue.take(25); next !== undefined; next = queue.take(25)) next.run();
    expect(seen).toEqual(['first', 'b', 'a']);
    expect(queue.take(29)).toBeUndefined();
    expect(queue.take(30)?.atUs).toBe(30);
  });

  it('sorts any times', () => {
    const draw = new Draw(5, 'test');
    const queue = new EventQueue(() => draw.uint32());
    const times = Array.from({ length: 500 }, () => draw.between(0, 100));
    for (const time of times) queue.plan(time, () => {});
    const out: number[] = [];
    for (let next = queue.take(1000); next !== undefined; next = queue.take(1000)) out.push(next.atUs);
    expect(out).toEqual(times.toSorted((left, right) => left - right));
  });
});
