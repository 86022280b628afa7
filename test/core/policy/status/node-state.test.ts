/** What `<node_state>` makes of a node. Checked against crm_simulate 2.1.5 where it knows the case. */
import { describe, expect, it } from 'vitest';
import { canFence } from '../../../../src/core/policy/status/node-fencing.ts';
import { type NodeStory, nowS, primitive, type Story, statusOf } from './status-cib.ts';

function nodeB(b: NodeStory | null, more: Partial<Story> = {}) {
  const cluster = statusOf({ resources: primitive('web'), b, ...more });
  const node = cluster.nodeByName.get('b')!;
  const words = [node.online ? 'online' : 'offline'];
  if (node.unclean) words.push('unclean');
  if (node.pending) words.push('pending');
  if (node.standby) words.push('standby');
  return { cluster, node, is: words.join(' ') };
}

describe('with fencing', () => {
  it.each<[string, NodeStory['state'], string, string | undefined]>([
    ['a member that joined', {}, 'online', undefined],
    ['one that left', { in_ccm: 'false', crmd: 'offline', join: 'down' }, 'offline unclean', 'no longer part'],
    ['one whose controller is gone', { crmd: 'offline' }, 'online unclean', 'process is no longer available'],
    ['one that is not a member yet', { join: 'pending' }, 'online pending standby', undefined],
    ['one in a state nobody knows', { join: 'dancing' }, 'online unclean', 'unknown state'],
    ['one that was refused', { join: 'banned' }, 'online unclean', 'membership criteria'],
    [
      'one expected down that is',
      { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' },
      'offline',
      undefined,
    ],
    ['one expected down that comes up', { join: 'down', expected: 'down' }, 'online pending standby', undefined],
    ['one without the mark of membership', { in_ccm: undefined }, 'offline unclean', 'has not been seen'],
    ['times instead of yes', { in_ccm: String(nowS - 9), crmd: String(nowS - 8) }, 'online', undefined],
    ['a time of 0', { in_ccm: '0', crmd: '0', join: 'down' }, 'offline unclean', 'no longer part'],
  ])('%s', (_name, state, is, reason) => {
    const seen = nodeB({ state: state! });
    expect(seen.is).toBe(is);
    if (reason === undefined) expect(seen.node.fenceReason).toBeUndefined();
    else expect(seen.node.fenceReason).toContain(reason);
  });

  it('waits for a pending node no longer than node-pending-timeout', () => {
    const state = { in_ccm: String(nowS - 100), crmd: '0', join: 'down', expected: 'down' };
    expect(nodeB({ state }).is).toBe('online pending standby');
    const patient = nodeB({ state }, { options: { 'node-pending-timeout': '101s' } });
    expect(patient.is).toBe('online pending standby');
    expect(patient.cluster.recheckAtS).toBe(nowS + 1);
    expect(nodeB({ state }, { options: { 'node-pending-timeout': '100s' } }).is).toBe('online unclean');
  });

  it('fences whom somebody asked to terminate, and not again once it is down', () => {
    expect(nodeB({ attributes: { terminate: 'true' } }).node.fenceReason).toBe('fencing was requested');
    expect(nodeB({ attributes: { terminate: '1799999999' } }).is).toBe('online unclean');
    expect(nodeB({ attributes: { terminate: '0' } }).is).toBe('online');
    const state = { in_ccm: 'false', crmd: 'offline', join: 'down' };
    expect(nodeB({ state, attributes: { terminate: 'true' } }).is).toBe('offline');
  });

  it('believes a node that shuts down', () => {
    const leaving = nodeB({ attributes: { shutdown: '1799999999' } });
    expect([leaving.is, leaving.node.shutdown]).toEqual(['online', true]);
    expect(nodeB({ state: { in_ccm: 'false', crmd: 'offline', join: 'down' }, attributes: { shutdown: '5' } }).is).toBe(
      'offline',
    );
  });

  it('holds up the fencing by priority only for a node that left', () => {
    expect(nodeB({ state: { in_ccm: 'false' } }).node.fenceAfterPriorityDelay).toBe(true);
    expect(nodeB({ state: { crmd: 'offline' } }).node.fenceAfterPriorityDelay).toBeUndefined();
  });
});

describe('a node that was never seen', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'offline unclean'],
    [{ 'startup-fencing': 'false' }, 'offline'],
    [{ 'stonith-enabled': 'false' }, 'offline'],
  ])('%j: %s', (options, is) => {
    const seen = nodeB(null, { options });
    expect([seen.is, seen.node.unseen]).toEqual([is, true]);
  });
});

describe('without fencing', () => {
  const options = { 'stonith-enabled': 'false' };
  it.each<[string, NodeStory['state'], string]>([
    ['a member that joined', {}, 'online'],
    ['one that left is just down', { in_ccm: 'false' }, 'offline'],
    ['one that has not joined', { join: 'pending' }, 'offline'],
    ['one whose controller went unexpectedly', { crmd: 'offline' }, 'offline unclean'],
    ['one whose controller was expected to go', { crmd: 'offline', expected: 'down' }, 'offline'],
  ])('%s', (_name, state, is) => {
    expect(nodeB({ state: state! }, { options }).is).toBe(is);
  });

  it('the controller of a node that shuts down is expected to go', () => {
    const leaving = { state: { crmd: 'offline' }, attributes: { shutdown: '5' } };
    expect(nodeB(leaving, { options }).is).toBe('offline');
  });
});

it('standby and maintenance are attributes, transient ones included', () => {
  const { node } = nodeB({ attributes: { standby: 'on', maintenance: 'true' } });
  expect([node.standby, node.maintenance]).toEqual([true, true]);
});

describe('the right to fence', () => {
  it.each<[string, Partial<Story>, boolean, boolean]>([
    ['with quorum and a device', {}, true, true],
    ['without a device', { device: false }, false, false],
    ['without quorum only a member may be fenced', { quorum: false }, true, false],
    ['no-quorum-policy=ignore', { quorum: false, options: { 'no-quorum-policy': 'ignore' } }, true, true],
    ['switched off', { options: { 'stonith-enabled': 'false' } }, false, false],
  ])('%s', (_name, more, present, absent) => {
    const { cluster, node } = nodeB({ state: { in_ccm: 'false', crmd: 'offline' } }, more);
    expect([canFence(cluster, cluster.nodeByName.get('a')), canFence(cluster, node)]).toEqual([present, absent]);
  });

  it('suicide fences whoever is online when quorum is lost', () => {
    const { node } = nodeB({}, { quorum: 'panic', options: { 'no-quorum-policy': 'suicide' } });
    expect(node.fenceReason).toBe('cluster does not have quorum');
    expect(nodeB({}, { quorum: 'panic' }).node.unclean).toBe(false);
  });
});
