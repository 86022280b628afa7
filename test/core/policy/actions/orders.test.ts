/** Order constraints: who waits for whom, who is restarted or stopped with whom, and circles. */
import { describe, expect, it } from 'vitest';
import { meta, primitive, type Story } from '../status/status-cib.ts';
import { isBefore, type Plan, plainPlan, stepNamed, stepsOf } from './plan.ts';

const ran = ['start'] as const;
const idle = ['monitor'] as const;

function pair(constraint: string, more: Partial<Story> & { first?: string; then?: string } = {}): Plan {
  const { first = sticky('first'), then = sticky('then'), ...story } = more;
  return plainPlan({ resources: first + then, constraints: `<rsc_order id="o" ${constraint}/>`, ...story });
}

/** At a score of 0 the load would be balanced. */
function sticky(id: string): string {
  return primitive(id, meta(id, { 'resource-stickiness': '1' }));
}

const mandatory = 'first="first" then="then"';
const firstStopped = primitive('first', meta('first', { 'target-role': 'Stopped' }));
const bothRun = { a: { history: { first: ran, then: ran } }, b: { history: { first: idle, then: idle } } };
/** `first` failed and starts anew. */
const firstFailed = { ...bothRun, a: { history: { first: ['start', 'monitor/10000=1'], then: ran } } };

describe('a mandatory order', () => {
  it('starts the second after the first, and stops them the other way round', () => {
    const plan = pair(mandatory, { a: { ...bothRun.a, attributes: { standby: 'true' } }, b: bothRun.b });
    expect(isBefore(plan, 'start first b', 'start then b')).toBe(true);
    expect(isBefore(plan, 'stop then a', 'stop first a')).toBe(true);
  });

  it('restarts the second with the first', () => {
    const plan = pair(mandatory, firstFailed);
    expect(stepsOf(plan, 'then')).toEqual(['start then a', 'stop then a']);
    expect(stepNamed(plan, 'stop then a').reason).toBe('required first start');
    expect(stepNamed(plan, 'start then a').reason).toBe('required first start');
  });

  it('stops the second when the first cannot start', () => {
    const plan = pair(mandatory, { first: firstStopped, ...bothRun, a: { history: { first: idle, then: ran } } });
    expect(plan.steps).toEqual(['stop then a']);
  });

  it('that is asymmetrical restarts nothing', () => {
    expect(stepsOf(pair(`${mandatory} symmetrical="false"`, firstFailed), 'then')).toEqual([]);
  });

  it('that is asymmetrical still keeps the second from starting without the first', () => {
    const story = { first: firstStopped, a: { history: { first: idle, then: idle } }, b: bothRun.b };
    expect(pair(`${mandatory} symmetrical="false"`, story).steps).toEqual([]);
  });

  it('is what a score makes it, unless that is 0', () => {
    expect(stepsOf(pair(`${mandatory} score="10"`, firstFailed), 'then')).toHaveLength(2);
    expect(stepsOf(pair(`${mandatory} score="0"`, firstFailed), 'then')).toEqual([]);
  });

  it('from a promotion also orders the promotion of the second, unless it says otherwise', () => {
    const clone = (id: string): string =>
      `<clone id="c-${id}">${meta(`c-${id}`, { promotable: 'true' })}${primitive(id)}</clone>`;
    const plan = plainPlan({
      resources: clone('first') + clone('then'),
      constraints: '<rsc_order id="o" first="c-first" first-action="promote" then="c-then"/>',
      a: { attributes: { 'master-first': '10', 'master-then': '10' } },
    });
    expect(isBefore(plan, 'promote first a', 'promote then a')).toBe(true);
    expect(isBefore(plan, 'promote first a', 'start then a')).toBe(false);
  });
});

describe('an optional order', () => {
  it('orders what happens anyway', () => {
    const plan = pair(`${mandatory} kind="Optional"`);
    expect(isBefore(plan, 'start first a', 'start then b')).toBe(true);
  });

  it('demands nothing', () => {
    expect(stepsOf(pair(`${mandatory} kind="Optional"`, firstFailed), 'then')).toEqual([]);
    const story = { first: firstStopped, ...bothRun, a: { history: { first: idle, then: ran } } };
    expect(pair(`${mandatory} kind="Optional"`, story).steps).toEqual([]);
  });
});

describe('a serialized order', () => {
  it('keeps two things from happening at the same time', () => {
    const plan = pair(`${mandatory} kind="Serialize"`);
    expect(isBefore(plan, 'start first a', 'start then b')).toBe(true);
  });
});

describe('sets', () => {
  const three = ['x', 'y', 'z'].map((id) => primitive(id)).join('');
  const sets = (...inside: string[]): string =>
    `<rsc_order id="o">${inside.map((each, index) => `<resource_set id="s${index}"${each}</resource_set>`).join('')}</rsc_order>`;
  const references = (...ids: string[]): string => ids.map((id) => `<resource_ref id="${id}"/>`).join('');

  it('are in order, one member after the other', () => {
    const plan = plainPlan({ resources: three, constraints: sets(`>${references('z', 'x', 'y')}`) });
    expect(isBefore(plan, 'start z a', 'start x a')).toBe(true);
    expect(isBefore(plan, 'start x a', 'start y b')).toBe(true);
  });

  it('with sequential=false have members that wait for each other in no way, and all wait for the set before', () => {
    const constraints = sets(`>${references('z')}`, ` sequential="false">${references('x', 'y')}`);
    const plan = plainPlan({ resources: three, constraints });
    expect([isBefore(plan, 'start x a', 'start y b'), isBefore(plan, 'start y b', 'start x a')]).toEqual([
      false,
      false,
    ]);
    expect([isBefore(plan, 'start z a', 'start x a'), isBefore(plan, 'start z a', 'start y b')]).toEqual([true, true]);
  });

  it('with require-all=false let the next set start when one of theirs can', () => {
    const off = primitive('x', meta('x', { 'target-role': 'Stopped' }));
    const constraints = sets(` sequential="false" require-all="false">${references('x', 'y')}`, `>${references('z')}`);
    const history = { x: idle, y: idle, z: idle };
    const story = { constraints, a: { history }, b: { history } };
    const plan = plainPlan({ resources: off + primitive('y') + primitive('z'), ...story });
    expect(plan.steps).toContain('one-or-more:s0');
    expect(isBefore(plan, 'start y a', 'start z b')).toBe(true);
    const none = plainPlan({
      resources: off + primitive('y', meta('y', { 'target-role': 'Stopped' })) + primitive('z'),
      ...story,
    });
    expect(none.steps).toEqual([]);
  });

  it('a tag stands for a set without an order of its own', () => {
    const plan = plainPlan({
      resources: three,
      constraints: '<rsc_order id="o" first="z" then="tagged"/>',
      more: '<tags><tag id="tagged"><obj_ref id="x"/><obj_ref id="y"/></tag></tags>',
    });
    expect([isBefore(plan, 'start z a', 'start x a'), isBefore(plan, 'start z a', 'start y b')]).toEqual([true, true]);
    expect(isBefore(plan, 'start x a', 'start y b')).toBe(false);
  });
});

describe('a circle', () => {
  it('is reported with the constraint to drop, and the rest goes on', () => {
    const plan = plainPlan({
      resources: primitive('x') + primitive('y') + primitive('other'),
      constraints: '<rsc_order id="xy" first="x" then="y"/><rsc_order id="yx" first="y" then="x"/>',
    });
    expect(plan.graph.cycles).toEqual([
      {
        actions: expect.arrayContaining(['x_start_0 on a', 'y_start_0 on b']),
        dropConstraint: expect.stringMatching(/^(xy|yx)$/),
      },
    ]);
    expect(plan.steps).toContain('start other a');
  });

  it('is none where everything has an order', () => {
    expect(pair(mandatory).graph.cycles).toEqual([]);
  });
});

describe('a resource that cannot start', () => {
  const off = primitive('off', meta('off', { 'target-role': 'Stopped' }));
  const colocated = (primary: string): string =>
    `<rsc_order id="o" first="off" then="${primary}"/><rsc_colocation id="c" rsc="x" with-rsc="${primary}" score="INFINITY"/>`;
  const history = { off: idle, p: ran, x: ran };

  it('takes those with it that must be with it', () => {
    const resources = off + primitive('p') + primitive('x');
    const plan = plainPlan({
      resources,
      constraints: colocated('p'),
      a: { history },
      b: { history: { off: idle, p: idle, x: idle } },
    });
    expect(plan.steps).toEqual(['stop p a', 'stop x a']);
    expect(plan.graph.blocked).toContainEqual(
      expect.objectContaining({ key: 'x_start_0', reason: 'colocation with p' }),
    );
  });

  it('does not when it is a group', () => {
    const resources = `${off}<group id="g">${primitive('p')}</group>${primitive('x')}`;
    const plan = plainPlan({
      resources,
      constraints: colocated('g'),
      a: { history },
      b: { history: { off: idle, p: idle, x: idle } },
    });
    expect(stepsOf(plan, 'p', 'x')).toEqual(['stop p a']);
  });
});

describe('what waits for something that will not be done', () => {
  it('is left out and listed with what it waits for', () => {
    const fixed = primitive('fixed', meta('fixed', { 'is-managed': 'false' }));
    const plan = plainPlan({
      resources: sticky('p') + fixed + sticky('z'),
      constraints: '<rsc_order id="o1" first="p" then="fixed"/><rsc_order id="o2" first="fixed" then="z"/>',
      a: { history: { p: ['start', 'monitor/10000=1'], fixed: ran, z: ran } },
      b: { history: { p: idle, fixed: idle, z: idle } },
    });
    expect(stepsOf(plan, 'fixed')).toEqual([]);
    expect(stepsOf(plan, 'z')).not.toContain('start z a');
    expect(plan.graph.blocked).toContainEqual(
      expect.objectContaining({ key: 'z_start_0', reason: 'waits for fixed_start_0' }),
    );
    const ids = new Set(plan.graph.actions.map(({ id }) => id));
    expect(plan.graph.actions.flatMap(({ inputs }) => inputs).every((id) => ids.has(id))).toBe(true);
  });
});
