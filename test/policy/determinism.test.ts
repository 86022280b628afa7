import { expect, it } from 'vitest';
import { askProduct } from './product.ts';
import { Draw } from './random-cib/draw.ts';
import { generate } from './random-cib/generate.ts';
import { nowS } from './random-cib/world.ts';
import { shuffled } from './shuffle.ts';
import { writeXml } from './xml-tree.ts';

const seeds = Array.from({ length: 150 }, (_, index) => index + 1);
const answered = (xml: string): string => JSON.stringify(askProduct(xml, nowS));

it('gives the same bytes for the same CIB', () => {
  for (const seed of seeds.slice(0, 10)) {
    const { xml } = generate(seed);
    expect(answered(xml), `seed ${seed}`).toBe(answered(xml));
  }
});

it('gives the same bytes whatever the order of ids, attributes, pairs, records and constraints', () => {
  for (const seed of seeds) {
    const { cib, xml } = generate(seed);
    const other = writeXml(shuffled(cib, new Draw(seed + 7_000)));
    expect(other).not.toBe(xml);
    expect(answered(other), `seed ${seed}`).toBe(answered(xml));
  }
});

it('asks about CIBs in which something is to be decided', () => {
  const answers = seeds.map((seed) => answered(generate(seed).xml));
  expect(answers.filter((answer) => answer.startsWith('{')).length).toBe(seeds.length);
  expect(answers.filter((answer) => !answer.includes('"actions":[]')).length).toBeGreaterThan(seeds.length / 2);
});
