import { expect, test } from 'vitest';
import { generate } from './random-cib/generate.ts';
import { shrink } from './shrink.ts';
import { type Element, everyElement, parseXml, writeXml } from './xml-tree.ts';

const has = (cib: Element, name: string, key: string, value: string): boolean =>
  [...everyElement(cib)].some((element) => element.name === name && element.attributes[key] === value);

test('what a property does not need goes: a resource with all that names it, and every other element', async () => {
  const { cib } = generate(11);
  const [resource] = [...everyElement(cib)].filter(({ name }) => name === 'primitive');
  const id = resource?.attributes['id'] as string;
  const small = await shrink(cib, async (candidate) => has(candidate, 'primitive', 'id', id));
  expect([...everyElement(small)].length).toBeLessThanOrEqual(10);
  expect(has(small, 'primitive', 'id', id)).toBe(true);
  expect(small.children.map(({ name }) => name)).toEqual(['configuration', 'status']);
});

test('nothing goes that the property needs', async () => {
  const cib = parseXml('<cib><configuration><resources><primitive id="a"/></resources></configuration></cib>');
  const all = writeXml(cib);
  expect(writeXml(await shrink(cib, async (candidate) => writeXml(candidate) === all))).toBe(all);
});
