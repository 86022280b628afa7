/** Live migrations in every stage at which a cluster may have been interrupted. */
import { describe, expect, it } from 'vitest';
import { type Happened, meta, primitive, resourceOf, stateOf, statusOf } from './status-cib.ts';

const route = { migrate_source: 'a', migrate_target: 'b' };
const to = (result = ''): Happened => [`migrate_to${result}`, route];
const from = (result = ''): Happened => [`migrate_from${result}`, route];

function migrated(a: readonly Happened[], b: readonly Happened[], gone?: 'a' | 'b') {
  const lost = { state: { in_ccm: 'false', crmd: 'offline', join: 'down' } };
  const cluster = statusOf({
    resources: primitive('vm', meta('vm', { 'allow-migrate': 'true' })),
    a: { ...(gone === 'a' ? lost : {}), history: { vm: a } },
    b: { ...(gone === 'b' ? lost : {}), history: { vm: b } },
  });
  const vm = resourceOf(cluster, 'vm');
  return {
    vm,
    state: stateOf(cluster, 'vm'),
    partial: [vm.partialMigrationSource?.name, vm.partialMigrationTarget?.name],
    dangling: vm.danglingMigrations.map(({ name }) => name),
  };
}

describe('a migration from a to b', () => {
  it('is whole once the source has stopped', () => {
    const seen = migrated(['start', to(), 'stop'], ['monitor', from()]);
    expect([seen.state, seen.partial, seen.dangling]).toEqual(['started b', [undefined, undefined], []]);
  });

  it('is partial while the target has not taken over', () => {
    const seen = migrated(['start', to()], ['monitor']);
    expect([seen.state.split(' ').sort().join(' '), seen.partial]).toEqual(['a b started', ['a', 'b']]);
    expect(seen.vm.allowMigrate).toBe(true);
  });

  it('is partial still when the source has stopped but the target does not know', () => {
    const seen = migrated(['start', to(), 'stop'], ['monitor']);
    expect([seen.state, seen.partial]).toEqual(['started b', ['a', 'b']]);
  });

  it('dangles when only the stop on the source is missing', () => {
    const seen = migrated(['start', to()], ['monitor', from()]);
    expect([seen.state, seen.dangling]).toEqual(['started b', ['a']]);
  });

  it('waits for a probe where the target knows nothing', () => {
    expect(migrated(['start', to()], []).state).toBe('started a');
  });

  it('has to be recovered from when the target went away', () => {
    const { vm } = migrated(['start', to()], ['monitor'], 'b');
    expect(vm).toMatchObject({ failed: true, stopNeeded: true, allowMigrate: false });
  });
});

describe('a migration that failed', () => {
  it('on the source may have reached the target', () => {
    expect(
      migrated(['start', to('=1')], ['monitor'])
        .state.split(' ')
        .sort(),
    ).toEqual(['a', 'b', 'started']);
  });

  it('on the source dangles if the target has moved on', () => {
    const stopped: Happened = ['stop', { 'last-rc-change': '200' }];
    const seen = migrated(['start', ['migrate_to=1', { ...route, 'last-rc-change': '100' }]], ['monitor', stopped]);
    expect([seen.state, seen.dangling]).toEqual(['started a', ['a']]);
  });

  it('on the target may have left it on the source', () => {
    const seen = migrated(['start', to()], ['monitor', from('=1')]);
    expect(seen.state.split(' ').sort()).toEqual(['a', 'b', 'started']);
    expect(seen.vm.failed).toBe(true);
  });
});

it('a failure that is recorded twice is no evidence of the migration', () => {
  const failedTwice: Happened[] = [
    'monitor',
    ['migrate_from=1', { ...route, id: 'vm_last_failure_0', 'call-id': '3' }],
    ['migrate_from=1', { ...route, 'call-id': '3' }],
  ];
  expect(migrated(['start', to(), 'stop'], failedTwice).state.split(' ').sort()).toEqual(['b', 'started']);
});

it('a source that is fenced in the middle has the target stopped', () => {
  const cluster = statusOf({
    resources: primitive('vm', meta('vm', { 'allow-migrate': 'true' })),
    a: {
      state: { in_ccm: 'false', crmd: 'offline', join: 'down' },
      history: { vm: ['start', ['migrate_to=193 !-1', route]] },
    },
  });
  expect(cluster.demands.map(({ task, node }) => [task, node.name])).toEqual([['stop', 'b']]);
});
