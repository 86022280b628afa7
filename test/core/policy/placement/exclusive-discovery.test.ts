/** resource-discovery=exclusive: where a resource may run at all. Checked against crm_simulate 2.1.5. */
import { expect, it } from 'vitest';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { decide } from '../../../../src/core/policy/decide.ts';
import { cibText, nowS, primitive } from '../status/status-cib.ts';

function placeOf(resources: string, location: string): string | undefined {
  const parsed = parseCib(cibText({ resources, constraints: location }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const { cluster } = decide(parsed.value.cib, { nowS, md5: (text) => text });
  return cluster.resourceById.get('web')?.assigned?.name;
}

const group = `<group id="g">${primitive('web')}</group>`;
const onA = (resource: string) =>
  `<rsc_location id="l" rsc="${resource}" node="a" score="0" resource-discovery="exclusive"/>`;
const nowhere = `<rsc_location id="l" rsc="web" resource-discovery="exclusive"><rule id="r" score="5">
  <expression id="e" attribute="absent" operation="eq" value="yes"/></rule></rsc_location>`;

it('excludes every node that is not named', () => {
  expect([placeOf(primitive('web'), ''), placeOf(primitive('web'), onA('web'))]).toEqual(['b', 'a']);
});

it('excludes all nodes where its rule holds on none', () => {
  expect(placeOf(primitive('web'), nowhere)).toBeUndefined();
});

it('of a group holds for its members, but of a member it excludes nothing', () => {
  expect([placeOf(group, onA('g')), placeOf(group, onA('web')), placeOf(group, nowhere)]).toEqual(['a', 'b', 'b']);
});
