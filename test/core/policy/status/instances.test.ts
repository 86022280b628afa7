/** Which instance of a clone a history belongs to, and what becomes of histories nobody has a resource for. */
import { describe, expect, it } from 'vitest';
import { meta, nowS, primitive, resourceOf, stateOf, statusOf } from './status-cib.ts';

const clone = (pairs: Readonly<Record<string, string>> = {}, inside = primitive('web')) =>
  `<clone id="c">${meta('c', pairs)}${inside}</clone>`;

function instances(cluster: ReturnType<typeof statusOf>, name = 'web') {
  const all = [...cluster.resourceById.values()].filter(
    ({ configuredId, kind }) => configuredId === name && kind === 'primitive',
  );
  return all.map(({ id, activeOn, orphan }) =>
    `${id} ${activeOn.map((node) => node.name).join('+')}${orphan ? ' orphan' : ''}`.trim(),
  );
}

describe('an anonymous clone', () => {
  it('gives each node an instance of its own', () => {
    const running = { history: { web: ['start'] } };
    expect(instances(statusOf({ resources: clone(), a: running, b: running }))).toEqual(['web:0 a', 'web:1 b']);
  });

  it('does not mind the number in a history', () => {
    const cluster = statusOf({
      resources: clone(),
      a: { history: { 'web:1': ['start'] } },
      b: { history: { 'web:0': ['start'] } },
    });
    expect(instances(cluster)).toEqual(['web:0 a', 'web:1 b']);
  });

  it('has an orphan for a second history on a node', () => {
    const cluster = statusOf({ resources: clone(), a: { history: { 'web:0': ['start'], 'web:1': ['start'] } } });
    expect(instances(cluster)).toEqual(['web:0 a', 'web:1', 'web:2 a orphan']);
  });

  it('has orphans beyond clone-max', () => {
    const running = { history: { web: ['start'] } };
    const cluster = statusOf({ resources: clone({ 'clone-max': '1' }), a: running, b: running });
    expect(instances(cluster)).toEqual(['web:0 a', 'web:1 b orphan']);
  });

  it('keeps the members of a cloned group together', () => {
    const group = clone({}, `<group id="g">${primitive('web')}${primitive('app')}</group>`);
    const running = { history: { app: ['start'], web: ['start'] } };
    const cluster = statusOf({ resources: group, a: { history: { app: ['start'] } }, b: running });
    expect([instances(cluster), instances(cluster, 'app')]).toEqual([
      ['web:0', 'web:1 b'],
      ['app:0 a', 'app:1 b'],
    ]);
  });

  it('does not waste an instance on a lost node if it can do without fencing', () => {
    const lost = { state: { in_ccm: 'false', crmd: 'offline', join: 'down' }, history: { web: ['start'] } };
    const resources = clone({ 'clone-max': '1', requires: 'quorum' });
    expect(instances(statusOf({ resources, b: lost }))).toEqual(['web:0', 'web:1 b orphan']);
    expect(instances(statusOf({ resources: clone({ 'clone-max': '1' }), b: lost }))).toEqual(['web:0 b']);
  });
});

describe('a unique clone', () => {
  it('is found by its number only', () => {
    const cluster = statusOf({
      resources: clone({ 'globally-unique': 'true' }),
      a: { history: { 'web:1': ['start'], 'web:7': ['start'] } },
    });
    expect(stateOf(cluster, 'web:1')).toBe('started a');
    expect(resourceOf(cluster, 'web:7')).toMatchObject({ orphan: true, parent: undefined });
  });
});

it('a clone with several instances on a node is unique unless it says otherwise', () => {
  const unique = (pairs: Readonly<Record<string, string>>) =>
    resourceOf(statusOf({ resources: clone(pairs) }), 'c').clone?.unique;
  expect(unique({ 'clone-node-max': '2' })).toBe(true);
  expect(unique({ 'clone-node-max': '2', 'globally-unique': 'false' })).toBe(false);
  expect(unique({})).toBe(false);
});

describe('what is no longer configured', () => {
  const gone = { history: { old: ['start'] } };

  it('is stopped', () => {
    const cluster = statusOf({ resources: primitive('web'), a: gone, b: gone });
    expect(stateOf(cluster, 'old')).toBe('started a b');
    const old = resourceOf(cluster, 'old');
    expect([old.orphan, old.managed, old.locations[0]?.scores.map(({ score }) => score)]).toEqual([
      true,
      true,
      [-1e6, -1e6],
    ]);
  });

  it('is left alone with stop-orphan-resources=false', () => {
    const cluster = statusOf({ options: { 'stop-orphan-resources': 'false' }, resources: primitive('web'), a: gone });
    expect(resourceOf(cluster, 'old').managed).toBe(false);
    expect(cluster.warnings.map(({ code }) => code)).toContain('orphan-left-running');
  });

  it('without operations is nothing', () => {
    const cluster = statusOf({ resources: primitive('web'), a: { history: { old: [] } } });
    expect(cluster.resourceById.has('old')).toBe(false);
  });
});

it('a recorded collective of that name is an orphan too', () => {
  const cluster = statusOf({
    resources: `<group id="g">${primitive('web')}</group>`,
    a: { history: { g: ['start'] } },
  });
  expect(cluster.resources.filter(({ orphan }) => orphan).map(({ id }) => id)).toEqual(['g']);
});

describe('a shutdown lock', () => {
  const story = (limit: string) => ({
    options: { 'shutdown-lock': 'true', 'shutdown-lock-limit': limit },
    resources: primitive('web'),
    nowS,
  });

  it.each([
    ['0', true],
    ['50', false],
    ['500', true],
  ])('with a limit of %s s', (limit, locked) => {
    const text = statusOf({ ...story(limit), b: { history: { web: ['start', 'stop'] }, locks: { web: nowS - 100 } } });
    expect(resourceOf(text, 'web').lockNode?.name).toBe(locked ? 'b' : undefined);
    expect(text.historiesToErase.length).toBe(locked ? 0 : 1);
  });
});
