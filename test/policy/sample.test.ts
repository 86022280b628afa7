/** A sample of random CIBs with the answers of Pacemaker 2.1.5 (make-sample.ts): strict agreement, with neither of them here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { compare } from './compare.ts';
import { askProduct } from './product.ts';
import { nowS } from './random-cib/world.ts';

const folder = fileURLToPath(new URL('sample', import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith('.xml'));

test('there is a sample', () => {
  expect(names.length).toBeGreaterThanOrEqual(50);
});

test.each(names)('%s is decided as Pacemaker decides it', (name) => {
  const expected = JSON.parse(readFileSync(join(folder, name.replace('.xml', '.json')), 'utf8')) as Answer;
  const actual = askProduct(readFileSync(join(folder, name), 'utf8'), nowS);
  if (typeof actual === 'string') throw new Error(actual);
  const { differences, transitionDifferences } = compare(expected, actual);
  expect([...differences, ...transitionDifferences]).toEqual([]);
});
