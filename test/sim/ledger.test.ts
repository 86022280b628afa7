/** What the ledger names exists, and every mistake has something that would notice it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ledger } from './ledger.ts';
import { mutants } from './mutant-list.ts';

const root = join(import.meta.dirname, '../..');
const existing = (path: string): boolean => existsSync(join(root, path));

it('tells each mistake once', () => {
  expect(new Set(ledger.map(({ what }) => what)).size).toBe(ledger.length);
  expect(ledger.length).toBeGreaterThan(30);
});

it('has a scenario, a plan, a test or a mutant for each, or says why there is none', () => {
  const silent = ledger.filter(
    ({ scenario, seed, test, mutant, open }) => (scenario ?? seed ?? test ?? mutant ?? open) === undefined,
  );
  expect(silent).toEqual([]);
});

it('names scenarios, plans and mutants that exist', () => {
  const scenarios = ledger.flatMap(({ scenario }) => scenario ?? []);
  expect(scenarios.filter((name) => !existing(`test/scenarios/${name}.txt`))).toEqual([]);
  const plans = ledger.flatMap(({ seed }) => (seed === undefined ? [] : `${seed}.json`));
  expect(plans.toSorted()).toEqual(readdirSync(join(root, 'test/sim/ledger')).toSorted());
  const names = new Set(mutants.map(({ name }) => name));
  expect(ledger.flatMap(({ mutant }) => mutant ?? []).filter((name) => !names.has(name))).toEqual([]);
});

it('names tests that exist, by their titles', () => {
  const missing = ledger.filter(({ test, named }) => {
    if (test === undefined) return named !== undefined;
    return !existing(test) || !readFileSync(join(root, test), 'utf8').includes(named ?? '');
  });
  expect(missing).toEqual([]);
});
