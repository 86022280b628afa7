import { expect, it } from 'vitest';
import { placeOfId } from '../../../src/core/cib/place.ts';
import { parseCib } from '../../../src/core/cib/xml.ts';
import { everything } from './cibs.ts';

it('the place of a part is found by its id, and that of an attribute in it', () => {
  const result = parseCib(everything);
  if (!result.ok) throw new Error('unreadable');
  const { positions } = result.value;
  const lines = everything.split('\n');
  const textAt = (id: string, attribute?: string) => {
    const place = placeOfId(positions, id, attribute);
    return place === undefined ? undefined : lines[place.line - 1]!.slice(place.column - 1);
  };
  expect(textAt('vip')).toMatch(/^<primitive id="vip"/);
  expect(textAt('o1', 'then')).toMatch(/^then="vip"/);
  expect(textAt('o1', 'kinds')).toMatch(/^<rsc_order id="o1"/);
  expect(textAt('m')).toMatch(/^<master id="m"/);
  expect(textAt('vip_last_0')).toBeUndefined();
});
