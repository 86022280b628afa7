/** What failed operations do: to the resource, to its node, and for how long. */
import { describe, expect, it } from 'vitest';
import { failcountOf, lastFailureS } from '../../../../src/core/policy/status/failcount.ts';
import {
  type Happened,
  meta,
  nowS,
  operation,
  primitive,
  resourceOf,
  type Story,
  stateOf,
  statusOf,
} from './status-cib.ts';

function failing(onFail: string | undefined, more: Partial<Story> = {}) {
  const op = operation('web', 'monitor', '10s', onFail === undefined ? {} : { 'on-fail': onFail });
  const cluster = statusOf({
    resources: primitive('web', op),
    a: { history: { web: ['start', 'monitor/10000=1'] } },
    ...more,
  });
  return { cluster, web: resourceOf(cluster, 'web'), node: cluster.nodeByName.get('a')! };
}

function bansOf({ locations }: { readonly locations: ReturnType<typeof resourceOf>['locations'] }) {
  return locations.map(
    ({ reason, scores }) => `${String(reason?.kind)} ${scores.map(({ node }) => node.name).join('+')}`,
  );
}

describe('on-fail', () => {
  it('restart stops it where it failed', () => {
    const { cluster, web } = failing(undefined);
    expect(web).toMatchObject({ failed: true, stopNeeded: true, managed: true });
    expect(cluster.demands.map(({ task, node }) => [task, node.name])).toEqual([['stop', 'a']]);
  });

  it('ignore pretends that it succeeded', () => {
    const { cluster, web } = failing('ignore');
    expect(web).toMatchObject({ failed: false, stopNeeded: false, failureIgnored: true });
    expect([cluster.demands, web.failures.length]).toEqual([[], 1]);
  });

  it('block leaves it alone', () => {
    expect(failing('block').web).toMatchObject({ failed: true, blocked: true, managed: false, stopNeeded: false });
  });

  it('stop stops it everywhere', () => {
    const { web } = failing('stop');
    expect(web).toMatchObject({ failed: true, stopNeeded: true, nextRole: 1 });
    expect(bansOf(web)).toEqual(['failure-stops a+b']);
  });

  it('standby sends everything away from the node', () => {
    expect(failing('standby').node).toMatchObject({ standby: true, standbyOnFail: true });
  });

  it('fence has the node fenced', () => {
    expect(failing('fence').node).toMatchObject({ unclean: true, fenceReason: 'web failed there' });
  });

  it('demote demotes it', () => {
    const op = operation('db', 'monitor', '9s', { role: 'Promoted', 'on-fail': 'demote' });
    const cluster = statusOf({
      resources: `<clone id="c">${meta('c', { promotable: 'true' })}${primitive('db', op)}</clone>`,
      a: { history: { db: ['start', 'promote', ['monitor/9000=1', {}]] } },
    });
    const db = resourceOf(cluster, 'db:0');
    expect(db).toMatchObject({ failed: true, stopNeeded: false });
    expect(cluster.demands.map(({ task }) => task)).toEqual(['demote']);
  });

  it('restart-container restarts what the resource runs in', () => {
    const cluster = statusOf({
      resources: primitive('vm') + primitive('web', meta('web', { container: 'vm' })),
      a: { history: { vm: ['start'], web: ['start', 'monitor/10000=1'] } },
    });
    expect(cluster.demands.map(({ task, resource }) => `${task} ${resource.id}`)).toEqual(['stop vm']);
  });

  it('the hardest of several failures wins, whatever their order', () => {
    const ops = `<operations><op id="m1" name="monitor" interval="10s" on-fail="block"/>
      <op id="m2" name="monitor" interval="20s"/></operations>`;
    for (const history of [
      ['start', 'monitor/10000=1', 'monitor/20000=1'],
      ['start', 'monitor/20000=1', 'monitor/10000=1'],
    ]) {
      const cluster = statusOf({ resources: primitive('web', ops), a: { history: { web: history } } });
      expect(resourceOf(cluster, 'web')).toMatchObject({ blocked: true, stopNeeded: false });
    }
  });
});

describe('a failed stop', () => {
  const story: Story = { resources: primitive('web'), a: { history: { web: ['start', 'stop=1'] } } };

  it('has its node fenced', () => {
    expect(statusOf(story).nodeByName.get('a')!.fenceReason).toBe('web failed there');
  });

  it('blocks the resource where nobody can be fenced', () => {
    const cluster = statusOf({ ...story, options: { 'stonith-enabled': 'false' } });
    expect(resourceOf(cluster, 'web')).toMatchObject({ blocked: true, managed: false, failed: true });
    expect(cluster.nodeByName.get('a')!.unclean).toBe(false);
  });

  it.each(['stop', 'standby', 'demote'])('cannot be answered with on-fail=%s', (onFail) => {
    const op = operation('web', 'stop', '0', { 'on-fail': onFail });
    expect(statusOf({ ...story, resources: primitive('web', op) }).nodeByName.get('a')!.unclean).toBe(true);
  });

  it('keeps the resource from its node', () => {
    expect(bansOf(resourceOf(statusOf(story), 'web'))).toContain('failed-stop a');
  });
});

it('what has to be stopped on a node that is down needs fencing, even where there is none', () => {
  const cluster = statusOf({
    options: { 'stonith-enabled': 'false', 'shutdown-lock': 'true' },
    resources: primitive('web'),
    a: { state: { in_ccm: 'false', crmd: 'offline' }, history: { web: ['start', 'monitor/10000=1'] } },
  });
  expect(cluster.nodeByName.get('a')!.fenceReason).toBe('stop is unrunnable');
});

describe('a later success', () => {
  const failedMonitor: Happened = ['monitor/10000=1', { id: 'web_last_failure_0' }];
  it.each<[string, readonly Happened[], boolean]>([
    ['a stop settles a failed monitor', ['start', 'monitor/10000=1', 'stop'], false],
    ['a monitor settles a failure of its own', ['start', failedMonitor, 'monitor/10000'], false],
    ['but not that of another', ['start', failedMonitor, 'monitor/20000'], true],
  ])('%s', (_name, history, failed) => {
    const cluster = statusOf({ resources: primitive('web'), a: { history: { web: history } } });
    expect(resourceOf(cluster, 'web').failed).toBe(failed);
  });
});

describe('exit codes', () => {
  it.each<[string, string, string[]]>([
    ['generic: recovered from', 'start=1', []],
    ['arguments wrong: not on this node', 'start=2', ['hard-error a']],
    ['not implemented: not on this node', 'start=3', ['hard-error a']],
    ['no permission: not on this node', 'start=4', ['hard-error a']],
    ['not installed: not on this node', 'start=5', ['hard-error a']],
    ['not configured: nowhere', 'start=6', ['hard-error a+b']],
    ['the executor says not installed', 'start=5 !7', ['hard-error a']],
    ['a probe that misses the software bans quietly', 'monitor=5', ['failed-probe a']],
    ['so does one with arguments it cannot use', 'monitor=2', ['failed-probe a']],
    ['a probe without permission is a failure', 'monitor=4', ['hard-error a']],
  ])('%s', (_name, happened, bans) => {
    const cluster = statusOf({ resources: primitive('web'), a: { history: { web: [happened] } } });
    expect(bansOf(resourceOf(cluster, 'web'))).toEqual(bans);
  });

  it('of one instance count for the whole anonymous clone', () => {
    const cluster = statusOf({
      resources: `<clone id="c">${primitive('web')}</clone>`,
      a: { history: { web: ['monitor=5'] } },
    });
    expect(bansOf(resourceOf(cluster, 'c'))).toEqual(['failed-probe a']);
    expect(bansOf(resourceOf(cluster, 'web:0'))).toEqual([]);
  });
});

describe('fail counts', () => {
  const attributes = {
    'fail-count-web#monitor_10000': '2',
    'fail-count-web#start_0': '1',
    'last-failure-web#monitor_10000': String(nowS - 50),
    'last-failure-web#start_0': String(nowS - 90),
    'fail-count-web2#start_0': 'INFINITY',
    'fail-count-web': '9',
  };

  it('add up over the operations of a resource', () => {
    const cluster = statusOf({ resources: primitive('web') + primitive('web2'), a: { attributes } });
    const [a, b] = [cluster.nodeByName.get('a')!, cluster.nodeByName.get('b')!];
    const web = resourceOf(cluster, 'web');
    expect([failcountOf(cluster, web, a), failcountOf(cluster, web, b)]).toEqual([3, 0]);
    expect(lastFailureS(cluster, web, a)).toBe(nowS - 50);
    expect(failcountOf(cluster, resourceOf(cluster, 'web2'), a)).toBe(1_000_000);
  });

  it('of a whole resource are read in an old CIB only', () => {
    const cluster = statusOf({ featureSet: '3.0.12', resources: primitive('web'), a: { attributes } });
    expect(failcountOf(cluster, resourceOf(cluster, 'web'), cluster.nodeByName.get('a')!)).toBe(12);
  });

  it('expire together, after the last failure', () => {
    const count = (seconds: number) => {
      const timed = primitive('web', meta('web', { 'failure-timeout': `${String(seconds)}s` }));
      const cluster = statusOf({ resources: timed, a: { attributes } });
      return failcountOf(cluster, resourceOf(cluster, 'web'), cluster.nodeByName.get('a')!, { ignoreExpired: true });
    };
    expect([count(49), count(50)]).toEqual([0, 3]);
  });

  it('of an anonymous clone ignore the number, those of a unique one do not', () => {
    const numbered = { 'fail-count-web:1#start_0': '4' };
    const clone = (unique: string) =>
      `<clone id="c">${meta('c', { 'globally-unique': unique })}${primitive('web')}</clone>`;
    const counts = (unique: string) => {
      const cluster = statusOf({ resources: clone(unique), a: { attributes: numbered } });
      const node = cluster.nodeByName.get('a')!;
      return ['web:0', 'web:1'].map((id) => failcountOf(cluster, resourceOf(cluster, id), node));
    };
    expect(counts('false')).toEqual([4, 4]);
    expect(counts('true')).toEqual([0, 4]);
  });
});

describe('failure-timeout', () => {
  const timed = (inside = '') => primitive('web', meta('web', { 'failure-timeout': '60s' }) + inside);
  const at = (secondsAgo: number) => ({ 'last-rc-change': String(nowS - secondsAgo) });
  const counted = (secondsAgo: number) => ({
    'fail-count-web#monitor_10000': '1',
    'last-failure-web#monitor_10000': String(nowS - secondsAgo),
  });

  it('forgets an old failure and has its count cleared', () => {
    const history: Happened[] = ['start', ['monitor/10000=1', at(61)]];
    const cluster = statusOf({ resources: timed(), a: { attributes: counted(61), history: { web: history } } });
    expect(resourceOf(cluster, 'web').failed).toBe(false);
    expect(cluster.failcountsToClear.map(({ resource, node, reason }) => [resource.id, node.name, reason])).toEqual([
      ['web', 'a', 'it expired'],
    ]);
    expect(cluster.expiredMonitors.size).toBe(1);
  });

  it('keeps a young one and says when to look again', () => {
    const history: Happened[] = ['start', ['monitor/10000=1', at(10)]];
    const cluster = statusOf({ resources: timed(), a: { attributes: counted(10), history: { web: history } } });
    expect(resourceOf(cluster, 'web').failed).toBe(true);
    expect([cluster.failcountsToClear, cluster.recheckAtS]).toEqual([[], nowS + 51]);
  });

  it('is not waited for where the parameters have changed since', () => {
    const failed = (digest: string): Happened => ['start=1', { id: 'web_last_failure_0', 'op-digest': digest }];
    const cleared = (digest: string) =>
      statusOf({ resources: primitive('web'), a: { history: { web: [failed(digest)] } } }).failcountsToClear.map(
        ({ reason }) => reason,
      );
    expect(cleared('0123')).toEqual(['resource parameters have changed']);
    // The digest of no parameters at all.
    expect(cleared('f2317cad3d54cec5d7d7aa7d0bf35cf8')).toEqual([]);
  });

  it('does not hold for a failure that blocks', () => {
    const history: Happened[] = ['start', ['monitor/10000=1', at(61)]];
    const op = operation('web', 'monitor', '10s', { 'on-fail': 'block' });
    const cluster = statusOf({ resources: timed(op), a: { attributes: counted(61), history: { web: history } } });
    expect(resourceOf(cluster, 'web')).toMatchObject({ blocked: true, failed: true });
    expect(cluster.failcountsToClear).toEqual([]);
  });

  it('does not make forgotten what a probe found', () => {
    const cluster = statusOf({ resources: timed(), a: { history: { web: [['monitor=0', at(500)]] } } });
    expect(stateOf(cluster, 'web')).toBe('started a');
  });

  it('lets a node be probed again that missed the software', () => {
    const web = resourceOf(statusOf({ resources: timed(), a: { history: { web: [['monitor=5', at(61)]] } } }), 'web');
    expect([bansOf(web), web.knownOn.size]).toEqual([[], 0]);
  });
});
