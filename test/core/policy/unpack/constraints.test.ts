/** Locations, colocations and tickets, read into pairs and scores. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/policy/working-set.ts';
import { expression, meta, pairs, params, primitive, resourceOf, rule, unpacked, warningsOf } from './unpacked.ts';

const abc = primitive('a1') + primitive('b1') + primitive('c1');

const locationsOf = (cluster: Cluster): string[] =>
  cluster.locations.map(
    ({ resource, scores, role, discovery }) =>
      `${resource.id}: ${scores.map(({ node, score }) => `${node.name}=${String(score)}`).join(' ')}${role === undefined ? '' : ` role ${String(role)}`}${discovery === undefined ? '' : ` ${discovery}`}`,
  );

const colocationsOf = (cluster: Cluster): string[] =>
  cluster.colocations.map(
    ({ dependent, dependentRole, primary, primaryRole, score }) =>
      `${dependent.id}${dependentRole === undefined ? '' : `/${String(dependentRole)}`} with ${primary.id}${primaryRole === undefined ? '' : `/${String(primaryRole)}`} ${String(score)}`,
  );

const set = (members: string, more = ''): string =>
  `<resource_set id="set-${members.replaceAll(' ', '')}" ${more}>${members
    .split(' ')
    .map((id) => `<resource_ref id="${id}"/>`)
    .join('')}</resource_set>`;

describe('a location', () => {
  const locations = (constraints: string, more = {}) => locationsOf(unpacked({ resources: abc, constraints, ...more }));

  it('gives a node a score', () => {
    expect(locations('<rsc_location id="l" rsc="a1" node="B" score="INFINITY"/>')).toEqual(['a1: b=1000000']);
    expect(locations('<rsc_location id="l" rsc="a1" node="nowhere" score="5"/>')).toEqual([]);
    expect(locations('<rsc_location id="l" rsc="a1" node="a" score="5" resource-discovery="exclusive"/>')).toEqual([
      'a1: a=5 exclusive',
    ]);
  });

  it('for a role counts for promotion, but the roles before it are every role', () => {
    const byRole = (role: string) => locations(`<rsc_location id="l" rsc="a1" node="a" score="5" role="${role}"/>`);
    expect(byRole('Master')).toEqual(['a1: a=5 role 4']);
    expect(byRole('Unpromoted')).toEqual(['a1: a=5']);
    expect(byRole('Started')).toEqual(['a1: a=5']);
  });

  it('by rule holds for the nodes that fit it, each rule by itself', () => {
    const nodes = `<node id="1" uname="a">${params({ disk: 'ssd', wish: '33' })}</node><node id="2" uname="b"/>`;
    const rules =
      rule(expression('disk', 'eq', 'ssd'), 'score="10"') +
      rule(expression('disk', 'not_defined'), 'score="-INFINITY" role="Promoted"');
    expect(locations(`<rsc_location id="l" rsc="a1">${rules}</rsc_location>`, { nodes })).toEqual([
      'a1: a=10',
      'a1: b=-1000000 role 4',
    ]);
    const wish = rule(expression('#uname', 'defined'), 'score-attribute="wish"');
    expect(locations(`<rsc_location id="l" rsc="a1">${wish}</rsc_location>`, { nodes })).toEqual([
      'a1: a=33 b=-1000000',
    ]);
  });

  it('rules can be nested and joined by or', () => {
    const inner =
      '<rule id="in" boolean-op="and">' +
      expression('#uname', 'eq', 'b') +
      expression('#is_dc', 'eq', 'false') +
      '</rule>';
    const either = rule(expression('#uname', 'eq', 'nobody') + inner, 'score="1" boolean-op="or"');
    expect(locations(`<rsc_location id="l" rsc="a1">${either}</rsc_location>`)).toEqual(['a1: b=1']);
  });

  it('says when a date in it will change the outcome', () => {
    const soon = rule('<date_expression id="d" operation="lt" end="2024-05-09"/>', 'score="1"');
    const cluster = unpacked({ resources: abc, constraints: `<rsc_location id="l" rsc="a1">${soon}</rsc_location>` });
    expect(cluster.recheckAtS).toBe(Date.parse('2024-05-09') / 1000);
  });

  it('can be for a set, a tag, a template or a pattern', () => {
    expect(
      locations(`<rsc_location id="l" node="a" score="5">${set('a1 c1', 'role="Promoted"')}</rsc_location>`),
    ).toEqual(['a1: a=5 role 4', 'c1: a=5 role 4']);
    const tags = '<tag id="t"><obj_ref id="b1"/><obj_ref id="c1"/></tag>';
    expect(locations('<rsc_location id="l" rsc="t" node="a" score="5"/>', { tags })).toEqual(['b1: a=5', 'c1: a=5']);
    const resources =
      '<template id="x" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="m" template="x"/><primitive id="n" template="x"/>';
    expect(locations('<rsc_location id="l" rsc="x" node="a" score="5"/>', { resources })).toEqual(['m: a=5', 'n: a=5']);
    expect(locations('<rsc_location id="l" rsc-pattern="^[[:lower:]]1$" node="a" score="5"/>')).toHaveLength(3);
    expect(locations('<rsc_location id="l" rsc-pattern="!^a" node="a" score="5"/>')).toEqual(['b1: a=5', 'c1: a=5']);
  });

  it('by a rule that holds nowhere still says where to look for the resource: nowhere', () => {
    const nowhere = rule(expression('absent', 'eq', 'yes'), 'score="7"');
    expect(locations(`<rsc_location id="l" rsc="a1" resource-discovery="exclusive">${nowhere}</rsc_location>`)).toEqual(
      ['a1:  exclusive'],
    );
  });

  it('what a pattern caught can be asked for in its rules', () => {
    const nodes = `<node id="1" uname="a">${params({ 'for-a': 'yes' })}</node><node id="2" uname="b">${params({ 'for-b': 'yes' })}</node>`;
    const caught = rule(expression('for-%1', 'eq', 'yes'), 'score="7"');
    expect(locations(`<rsc_location id="l" rsc-pattern="^(.)1$">${caught}</rsc_location>`, { nodes })).toEqual([
      'a1: a=7',
      'b1: b=7',
      'c1: ',
    ]);
  });

  it('that means nothing is said to mean nothing', () => {
    const warned = (constraints: string) => warningsOf(unpacked({ resources: abc, constraints }));
    expect(warned('<rsc_location id="l" rsc="gone" node="a" score="5"/>')).toEqual(['constraint-resource-unknown']);
    expect(warned('<rsc_location id="l" rsc="a1"/>')).toEqual(['location-without-rules']);
    expect(warned('<rsc_location id="l" rsc-pattern="((" node="a" score="5"/>')).toEqual([
      'location-pattern-malformed',
    ]);
  });

  it('holds only in its lifetime', () => {
    const over = `<lifetime>${rule('<date_expression id="d" operation="lt" end="2001-01-01"/>')}</lifetime>`;
    expect(locations(`<rsc_location id="l" rsc="a1" node="a" score="5">${over}</rsc_location>`)).toEqual([]);
  });
});

describe('a colocation', () => {
  const colocations = (constraints: string, more = {}) =>
    colocationsOf(unpacked({ resources: abc, constraints, ...more }));

  it('binds a dependent to a primary', () => {
    expect(
      colocations(
        '<rsc_colocation id="c" rsc="a1" with-rsc="b1" score="-INFINITY" with-rsc-role="Master" rsc-role="Started"/>',
      ),
    ).toEqual(['a1 with b1/4 -1000000']);
    expect(colocations('<rsc_colocation id="c" rsc="a1" with-rsc="b1" score="0"/>')).toEqual([]);
    expect(colocations('<rsc_colocation id="c" rsc="a1" with-rsc="b1"/>')).toEqual([]);
  });

  it('influences its primary as long as the dependent is critical, unless it says otherwise', () => {
    const influence = (more: string, critical: string) =>
      unpacked({
        resources: primitive('a1', meta({ critical })) + primitive('b1'),
        constraints: `<rsc_colocation id="c" rsc="a1" with-rsc="b1" score="5" ${more}/>`,
      }).colocations[0]?.influence;
    expect([influence('', 'true'), influence('', 'false'), influence('influence="true"', 'false')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(influence('influence="false"', 'true')).toBe(false);
  });

  it('of a set binds each member to the one before it', () => {
    expect(colocations(`<rsc_colocation id="c" score="5">${set('a1 b1 c1')}</rsc_colocation>`)).toEqual([
      'b1 with a1 5',
      'c1 with b1 5',
    ]);
    expect(colocations(`<rsc_colocation id="c" score="-5">${set('a1 b1 c1')}</rsc_colocation>`)).toEqual([
      'b1 with a1 -5',
      'c1 with a1 -5',
      'c1 with b1 -5',
    ]);
    expect(
      colocations(`<rsc_colocation id="c" score="5">${set('a1 b1', 'sequential="false"')}</rsc_colocation>`),
    ).toEqual([]);
  });

  it('of two sets binds the first to the second, by the ends of what is sequential', () => {
    const resources = abc + primitive('d1');
    const two = (first: string, second: string) =>
      colocations(`<rsc_colocation id="c" score="5">${set('a1 b1', first)}${set('c1 d1', second)}</rsc_colocation>`, {
        resources,
      });
    expect(two('', 'role="Promoted"')).toEqual(['b1 with a1 5', 'd1/4 with c1/4 5', 'a1 with d1/4 5']);
    expect(two('sequential="false"', 'sequential="false"')).toEqual([
      'a1 with c1 5',
      'a1 with d1 5',
      'b1 with c1 5',
      'b1 with d1 5',
    ]);
  });

  it('with a tag binds all that is tagged, but two tags bind nothing', () => {
    const tags = '<tag id="t"><obj_ref id="b1"/><obj_ref id="c1"/></tag><tag id="u"><obj_ref id="a1"/></tag>';
    expect(colocations('<rsc_colocation id="c" rsc="t" with-rsc="a1" score="5"/>', { tags })).toEqual([
      'b1 with a1 5',
      'c1 with a1 5',
    ]);
    expect(colocations('<rsc_colocation id="c" rsc="t" with-rsc="u" score="5"/>', { tags })).toEqual([]);
  });

  it('of something inside a clone means the clone', () => {
    const resources = `<clone id="all">${primitive('inside')}</clone>${primitive('a1')}`;
    expect(colocations('<rsc_colocation id="c" rsc="a1" with-rsc="inside" score="5"/>', { resources })).toEqual([
      'a1 with all 5',
    ]);
  });

  it('of higher priority is looked at first, then by id', () => {
    const resources =
      primitive('a1') +
      primitive('b1') +
      primitive('c1', meta({ priority: '5' })) +
      `<clone id="all">${primitive('x')}</clone>`;
    const constraints = ['b1', 'all', 'c1'].map(
      (id) => `<rsc_colocation id="with-${id}" rsc="a1" with-rsc="${id}" score="5"/>`,
    );
    const cluster = unpacked({ resources, constraints: constraints.join('') });
    expect(resourceOf(cluster, 'a1').colocations.map(({ primary }) => primary.id)).toEqual(['c1', 'all', 'b1']);
  });
});

describe('a ticket', () => {
  const status = '<tickets><ticket_state id="T" granted="true" last-granted="5" standby="on"/></tickets>';
  const dependency = (more: string, parts = {}) =>
    resourceOf(
      unpacked({ resources: abc, status, constraints: `<rsc_ticket id="k" rsc="a1" ticket="T" ${more}/>`, ...parts }),
      'a1',
    ).tickets[0];

  it('is known from the status', () => {
    expect(dependency('')?.ticket).toMatchObject({ id: 'T', granted: true, standby: true });
    expect(dependency('', { status: '' })?.ticket).toMatchObject({ id: 'T', granted: false });
  });

  it('lost stops, or demotes where the promoted role depends on it', () => {
    expect(dependency('')?.lossPolicy).toBe('stop');
    expect(dependency('rsc-role="Master"')).toMatchObject({ lossPolicy: 'demote', role: 4 });
    expect(dependency('loss-policy="freeze"')?.lossPolicy).toBe('freeze');
    expect(dependency('loss-policy="fence"')?.lossPolicy).toBe('fence');
    const properties = pairs({ 'stonith-enabled': 'false' });
    expect(dependency('loss-policy="fence"', { properties })?.lossPolicy).toBe('stop');
  });

  it('can be needed by a set', () => {
    const constraints = `<rsc_ticket id="k" ticket="T">${set('b1 c1', 'role="Promoted"')}</rsc_ticket>`;
    const cluster = unpacked({ resources: abc, status, constraints });
    expect(['a1', 'b1', 'c1'].map((id) => resourceOf(cluster, id).tickets.map(({ role }) => role))).toEqual([
      [],
      [4],
      [4],
    ]);
  });
});
