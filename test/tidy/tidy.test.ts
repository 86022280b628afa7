/**
 * The project's own rules as a test: who may import whom, how pure the core is, how long a file may be. Each rule also
 * has to notice a planted violation, and the test has to have seen files: a rule that looks at nothing passes always.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, impurities, layeringViolations, readImports, sourceFiles } from './imports.ts';

const root = join(import.meta.dirname, '../..');
const files = sourceFiles(root, ['src', 'resource-agents']);
const lineLimit = 400;

describe('layering', () => {
  it('sees the files of every room', () => {
    for (const room of [
      'src/core',
      'src/ports',
      'src/protocol',
      'src/io',
      'src/daemon',
      'src/client',
      'src/tools',
      'src/bin',
      'resource-agents',
    ]) {
      expect(files.filter((file) => file.startsWith(`${room}/`)).length, room).toBeGreaterThan(0);
    }
    expect(readImports(root, files).length).toBeGreaterThan(files.length);
  });

  it('points downward only', () => {
    expect(
      layeringViolations(readImports(root, files)).map((found) => `${found.file}:${found.line} ${found.rule}`),
    ).toEqual([]);
  });

  it.each([
    ['src/core/planted.ts', "import type { Log } from '../ports/log.ts';"],
    ['src/core/planted.ts', "import { readFileSync } from 'node:fs';"],
    ['src/core/transport/planted.ts', "export { x } from '../../io/clock.ts';"],
    ['src/tools/planted.ts', "import { createClock } from '../io/clock.ts';"],
    ['src/client/planted.ts', "const later = import('../daemon/driver.ts');"],
    ['src/io/planted.ts', "import { describe } from '../protocol/catalogue.ts';"],
  ])('notices a planted import in %s: %s', (file, text) => {
    expect(layeringViolations(importsOf(file, text))).toHaveLength(1);
  });
});

describe('purity of the core', () => {
  const core = files.filter((file) => file.startsWith('src/core/'));

  it('reads no clock, no randomness, no environment, and waits for nothing', () => {
    const found = core.flatMap((file) => impurities(file, readFileSync(join(root, file), 'utf8')));
    expect(found.map((violation) => `${violation.file}:${violation.line} ${violation.target}`)).toEqual([]);
  });

  it.each([
    'const now = Date.now();',
    'const x = Math.random();',
    'setTimeout(f, 1);',
    'async function f() {}',
    'left.localeCompare(right)',
    'process.exit(1)',
  ])('notices a planted %s', (text) => {
    expect(impurities('src/core/planted.ts', text).length).toBeGreaterThan(0);
  });

  it('does not stumble over the same words in comments and strings', () => {
    expect(impurities('src/core/fine.ts', "// Date.now() is not read here\nconst text = 'Math.random()';")).toEqual([]);
  });
});

describe('size', () => {
  it(`keeps every source file within ${lineLimit} lines`, () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > lineLimit);
    expect(long).toEqual([]);
  });
});

describe('invariants', () => {
  const text = readFileSync(join(root, 'docs/invariants.md'), 'utf8');
  const numbers = [...text.matchAll(/^\| ([SL]\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];

  it('are all listed', () => {
    const expected = [
      ...Array.from({ length: 23 }, (_, index) => `S${index + 1}`),
      ...Array.from({ length: 7 }, (_, index) => `L${index + 1}`),
    ];
    expect(numbers.map((match) => match[1])).toEqual(expected);
  });

  it('name an enforcer that exists and a checker that exists, or say since when they will', () => {
    const missing = numbers.flatMap(([, number, , enforcer = '', checker = '']) =>
      [enforcer, checker]
        .flatMap((cell) => [...cell.matchAll(/`([^`]+\.ts)`/g)].map((match) => match[1]!))
        .filter((file) => !exists(file))
        .map((file) => `${number}: ${file}`),
    );
    const empty = numbers
      .filter(([, , , enforcer = '', checker = '']) => enforcer.trim() === '' || checker.trim() === '')
      .map((match) => match[1]);
    expect({ missing, empty }).toEqual({ missing: [], empty: [] });
  });
});

function exists(file: string): boolean {
  try {
    readFileSync(join(root, file));
    return true;
  } catch {
    return false;
  }
}
