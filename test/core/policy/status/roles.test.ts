/** Which role a history gives a resource, and where. */
import { describe, expect, it } from 'vitest';
import { type Happened, meta, operation, primitive, resourceOf, stateOf, statusOf } from './status-cib.ts';

function webOn(history: readonly Happened[], inside = '') {
  return statusOf({ resources: primitive('web', inside), a: { history: { web: history } } });
}

const promotable = `<clone id="db-clone">${meta('db-clone', { promotable: 'true' })}${primitive('db')}</clone>`;

function dbOn(history: readonly Happened[]) {
  return stateOf(statusOf({ resources: promotable, a: { history: { db: history } } }), 'db:0');
}

describe('a primitive', () => {
  it.each<[string, readonly Happened[], string]>([
    ['a probe found nothing', ['monitor'], 'stopped'],
    ['a probe found it running', ['monitor=0'], 'started a'],
    ['a start that succeeded', ['monitor', 'start'], 'started a'],
    ['a stop after it', ['start', 'stop'], 'stopped'],
    ['started again', ['start', 'stop', ['start', { id: 'web_last_0' }]], 'started a'],
    ['a monitor that finds it gone still has to be cleaned up', ['start', 'monitor/10000=7'], 'started a'],
    ['a degraded service runs', ['start', 'monitor/10000=190'], 'started a'],
    ['a reload of something stopped means that it runs', ['start', 'stop', 'reload'], 'started a'],
    ['notifications say nothing', ['start', 'stop', 'notify'], 'stopped'],
    ['a cancelled operation says nothing', ['start', 'monitor/10000=1 !1'], 'started a'],
    ['a start under way', ['monitor', 'start=193 !-1'], 'started a'],
    ['software missing on a node', ['monitor=5'], 'stopped'],
    ['a failed start leaves it to be stopped', ['monitor', 'start=1'], 'started a'],
  ])('%s', (_name, history, state) => {
    expect(stateOf(webOn(history), 'web')).toBe(state);
  });

  it('is read in the order of the calls, not of the document', () => {
    const history: Happened[] = [
      ['stop', { 'call-id': '7' }],
      ['start', { 'call-id': '3' }],
    ];
    expect(stateOf(webOn(history), 'web')).toBe('stopped');
  });

  it('is known where something is known of it, and unknown elsewhere', () => {
    const web = resourceOf(webOn(['monitor']), 'web');
    expect([...web.knownOn.keys()]).toEqual(['1']);
  });

  it('a pending operation is placed by the transition that ordered it', () => {
    const key = (number: number) => `1:${String(number)}:0:12345678-1234-1234-1234-123456789012`;
    const pendingStart: Happened = ['start=193 !-1', { 'transition-magic': `-1:193;${key(4)}` }];
    const stop: Happened = ['stop', { 'transition-magic': `0:0;${key(5)}` }];
    expect(stateOf(webOn([pendingStart, stop]), 'web')).toBe('stopped');
  });

  it('is active in the highest role that any node knows', () => {
    const cluster = statusOf({
      resources: primitive('web'),
      a: { history: { web: ['start'] } },
      b: { history: { web: ['start', 'stop'] } },
    });
    expect(stateOf(cluster, 'web')).toBe('started a');
  });
});

describe('what is under way', () => {
  it('is remembered once, probes excepted', () => {
    const starting = resourceOf(webOn(['start=193 !-1']), 'web');
    expect([starting.pendingTask, starting.startPending]).toEqual(['start', true]);
    expect(resourceOf(webOn(['monitor=193 !-1']), 'web').pendingTask).toBeUndefined();
    expect(resourceOf(webOn(['start', 'monitor/10000=193 !-1']), 'web').pendingTask).toBe('monitor');
  });

  it('is not believed when its failure is newer', () => {
    const failed: Happened = ['monitor/10000=1', { id: 'web_last_failure_0', 'last-rc-change': '200' }];
    const pending: Happened = ['monitor/10000=193 !-1', { 'last-rc-change': '100' }];
    expect(resourceOf(webOn(['start', failed, pending]), 'web').pendingTask).toBeUndefined();
  });
});

describe('a promotable clone', () => {
  it.each<[string, readonly Happened[], string]>([
    ['promoted', ['start', 'promote'], 'promoted a'],
    ['demoted', ['start', 'promote', 'demote'], 'unpromoted a'],
    ['found promoted by a probe', ['monitor=8'], 'promoted a'],
    ['degraded in the promoted role', ['monitor=191'], 'promoted a'],
    ['found running', ['monitor=0'], 'unpromoted a'],
    ['failed while promoted', ['start', 'promote', 'monitor/9000=9'], 'promoted a'],
    ['a failed promotion may have gone through', ['start', 'promote=1'], 'promoted a'],
    ['a failed demotion counts as one, recovery stops it anyway', ['start', 'promote', 'demote=1'], 'unpromoted a'],
    ['a demotion that finds it gone has to be cleaned up too', ['start', 'promote', 'demote=7'], 'unpromoted a'],
    ['a promotion under way', ['start', 'promote=193 !-1'], 'promoted a'],
  ])('%s', (_name, history, state) => {
    expect(dbOn(history)).toBe(state);
  });
});

describe('multiple-active', () => {
  const twice = (way: string, requires = 'fencing') =>
    statusOf({
      resources: primitive('web', meta('web', { 'multiple-active': way, requires })),
      a: { history: { web: ['start'] } },
      b: { history: { web: ['monitor=0'] } },
    });

  it('is seen and told', () => {
    const cluster = twice('stop_start');
    expect(stateOf(cluster, 'web')).toBe('started a b');
    expect(cluster.warnings.map(({ code }) => code)).toContain('resource-active-twice');
  });

  it('block leaves it alone, stop_only keeps it from starting anywhere', () => {
    expect(resourceOf(twice('block'), 'web')).toMatchObject({ blocked: true, managed: false });
    expect(
      resourceOf(twice('stop_only'), 'web').locations.flatMap(({ scores }) => scores.map(({ score }) => score)),
    ).toEqual([-1_000_000, -1_000_000]);
    expect(resourceOf(twice('stop_start'), 'web').locations).toEqual([]);
  });
});

it('on a node in maintenance nothing is managed', () => {
  const cluster = statusOf({
    resources: primitive('web'),
    a: { attributes: { maintenance: 'true' }, history: { web: ['start'] } },
  });
  expect(resourceOf(cluster, 'web')).toMatchObject({ managed: false, maintenance: true });
});

it('what runs on a node that went away makes fencing necessary, unless it is not managed', () => {
  const lost = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' };
  const story = { resources: primitive('web'), b: { state: lost, history: { web: ['start'] } } };
  expect(statusOf(story).nodeByName.get('b')!.fenceReason).toBe('web is thought to be active there');
  const left = primitive('web', meta('web', { 'is-managed': 'false' }));
  expect(statusOf({ ...story, resources: left }).nodeByName.get('b')!.unclean).toBe(false);
});

it('without fencing a node that is down runs nothing', () => {
  const cluster = statusOf({
    options: { 'stonith-enabled': 'false' },
    resources: primitive('web', operation('web', 'monitor', '10s')),
    b: { state: { in_ccm: 'false' }, history: { web: ['start'] } },
  });
  expect(stateOf(cluster, 'web')).toBe('stopped');
});

it('the priority of a node is that of what runs there unfailed, one more for promoted', () => {
  const cluster = statusOf({
    resources: primitive('web', meta('web', { priority: '5' })) + primitive('bad', meta('bad', { priority: '7' })),
    a: { history: { web: ['start'], bad: ['start', 'monitor/10000=1'] } },
  });
  expect(cluster.nodeByName.get('a')!.priority).toBe(5);
});
