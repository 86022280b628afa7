/** The list of mutants as data, and the machinery that makes generated ones, without running any. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutants } from '../mutant-list.ts';
import { findGuards } from './guards.ts';
import { changedSource } from './hand-made.ts';
import { instrument, switchboard } from './instrument.ts';
import { killedBefore, lineOf, summarize } from './report-generated.ts';
import { root } from './root.ts';

describe('mutants made by hand', () => {
  it('are at least thirty, with names of their own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(30);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('each changes a text that is there exactly once', () => {
    for (const mutant of mutants) expect(changedSource(mutant), mutant.name).not.toBe('');
  });

  it('name scenarios and tests that exist', () => {
    const paths = mutants.flatMap(({ test, scenario }) =>
      scenario === undefined ? (test ?? []) : `test/scenarios/${scenario}.txt`,
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('guards', () => {
  const versionsOf = (body: string): string[] => {
    const sites = findGuards('x.ts', `function f(a: number, b?: number): unknown { ${body} }`, 1);
    return sites.flatMap(({ mutants: found }) => found.map(({ key }) => key.replace('x.ts f: ', '')));
  };

  it('are left out, always taken, or turned round', () => {
    expect(versionsOf('if (g(a)) return 1;')).toEqual(['g(a) => false', 'g(a) => true', 'g(a) => !(g(a))']);
    expect(versionsOf('return g(a) ? 1 : 2;')).toEqual(['g(a) => !(g(a))']);
  });

  it('lose one operand, or miss by one', () => {
    expect(versionsOf('return g(a) && g(b);')).toEqual(['g(a) && g(b) => g(a)', 'g(a) && g(b) => g(b)']);
    expect(versionsOf('return a < 3;')).toEqual(['a < 3 => a >= 3', 'a < 3 => a <= 3']);
    expect(versionsOf('return (a ?? 1) <= 3;')).toEqual([
      '(a ?? 1) <= 3 => (a ?? 1) > 3',
      '(a ?? 1) <= 3 => (a ?? 1) < 3',
    ]);
  });

  it('with the same text in one function have keys of their own', () => {
    expect(versionsOf('return g(a === 1, a === 1);')).toEqual(['a === 1 => a !== 1', 'a === 1 => a !== 1 #2']);
  });

  it('are none in types, and none outside functions', () => {
    expect(findGuards('x.ts', 'type A<B> = B extends true ? 1 : 2; const c = 1 < 2;', 1)).toEqual([]);
  });
});

describe('an instrumented file', () => {
  const text = 'export function f(a) { if (a > 1 && a < 5) return 1; return a === 7 ? 2 : 3; }';
  const sites = findGuards('x.ts', text, 1);
  const made = instrument(text, sites);
  const all = sites.flatMap(({ mutants: found }) => found);
  const reached = new Uint8Array(100);
  const board = { awake: 0, reached, visit: (site: number) => void reached.fill(1, site, site + 1) };
  const f = evaluate(made, board);

  it('does what the file does while nobody is awake', () => {
    expect([0, 1, 2, 4, 5, 7].map(f)).toEqual([3, 3, 1, 1, 3, 2]);
  });

  it.each(all)('does what $code does when that is awake', ({ id, code, site }) => {
    const { start, end } = sites.find(({ mutants: found }) => found[0]!.id === site)!;
    const wrong = evaluate(`${text.slice(0, start)}${code}${text.slice(end)}`, board);
    board.awake = id;
    const values = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(values.map(f)).toEqual(values.map(wrong));
    board.awake = 0;
  });

  it('says which places were reached', () => {
    reached.fill(0);
    f(0);
    const codes = all.filter(({ site }) => reached[site] === 1).map(({ code }) => code);
    expect(codes).toContain('a >= 1');
    expect(codes).not.toContain('a <= 5');
  });

  it('breaks off what does not end', () => {
    const loop = 'export function f(a) { while (a > -1) a += 1; return a; }';
    const live = switchboard();
    const endless = evaluate(instrument(loop, findGuards('x.ts', loop, 1)), live);
    live.fuel = 1000;
    expect(() => endless(1)).toThrow('does not end');
    live.fuel = Number.POSITIVE_INFINITY;
    expect(endless(-2)).toBe(-2);
  });

  function evaluate(source: string, global: object): (a: number) => unknown {
    const body = source.replaceAll(/(: any|as any)/g, '').replace('export ', '');
    return new Function('globalThis', 'process', `${body}; return f;`)({ pairbeatSwitchboard: global }, process) as (
      a: number,
    ) => unknown;
  }
});

describe('the report', () => {
  const mutant = (key: string) => ({ id: 1, key, file: 'x.ts', line: 1, site: 1, code: '' });
  const judged = (key: string) => ({ mutant: key, judgement: 'equivalent' as const, why: 'because' });

  it('reads from an earlier output what was killed', () => {
    const [one, two] = [
      { ...mutant('x.ts f: a => b'), line: 7 },
      { ...mutant('x.ts f: a => c'), line: 7 },
    ];
    const killed = { mutant: one, outcome: 'killed', by: 'seed', objector: 'S2', seeds: 12, reached: true } as const;
    const output = [lineOf(killed), lineOf({ mutant: two, outcome: 'survived', reached: true })].join('\n');
    expect(killedBefore(output, [one, two])).toEqual([killed]);
    // It may have moved meanwhile.
    expect(killedBefore(output, [{ ...one, line: 8 }])).toMatchObject([{ outcome: 'killed', by: 'seed' }]);
  });

  it('fails on a survivor without a judgement, and tells which judgements are out of date', () => {
    const verdicts = [
      { mutant: mutant('killed'), outcome: 'killed', by: 'seed', seeds: 3, reached: true },
      { mutant: mutant('survived'), outcome: 'survived', reached: true },
      { mutant: mutant('judged'), outcome: 'survived', reached: true },
    ] as const;
    const report = summarize(verdicts, [judged('judged'), judged('killed'), judged('gone')], true);
    expect(report).toMatchObject({
      unjudged: ['survived'],
      judged: ['judged'],
      caughtSince: ['killed'],
      gone: ['gone'],
      meanSeedsToKill: 3,
    });
    expect(summarize(verdicts, [judged('gone')], false).gone).toEqual([]);
  });
});
