import { expect, test } from 'vitest';
import { everyElement } from '../xml-tree.ts';
import { type Feature, featureNames } from './features.ts';
import { generate } from './generate.ts';

const cibs = Array.from({ length: 600 }, (_, index) => generate(index + 1));

test('the same seed makes the same bytes, another seed others', () => {
  expect(generate(7).xml).toBe(cibs[6]?.xml);
  expect(new Set(cibs.map(({ xml }) => xml)).size).toBe(cibs.length);
});

test('every feature is really there in at least 5 % of the seeds', () => {
  const share = (feature: Feature): number => cibs.filter(({ features }) => features.has(feature)).length / cibs.length;
  expect(featureNames.filter((feature) => share(feature) < 0.05)).toEqual([]);
});

test('ids are unique, and what constraints name exists', () => {
  for (const { cib } of cibs.slice(0, 100)) {
    const elements = [...everyElement(cib)];
    const configured = elements.filter(({ name }) => ['primitive', 'group', 'clone', 'tag'].includes(name));
    const ids = new Set(configured.map(({ attributes }) => attributes['id']));
    expect(ids.size).toBe(configured.length);
    for (const { name, attributes } of elements.filter((element) => /^rsc_(colocation|order)$/.test(element.name))) {
      const named = name === 'rsc_order' ? ['first', 'then'] : ['rsc', 'with-rsc'];
      for (const key of named) if (attributes[key] !== undefined) expect(ids).toContain(attributes[key]);
    }
  }
});
