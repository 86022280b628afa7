import { describe, expect, it, vi } from 'vitest';
import type { NodeCommand } from '../../src/core/events.ts';
import type { Problem } from '../../src/core/result.ts';
import { messageOf } from '../../src/core/transport/message.ts';
import { createAdministration } from '../../src/daemon/cluster-administration.ts';
import { defaultPlace } from '../../src/daemon/host-cache.ts';

function administration(peerStatus = 'active', problem?: Problem) {
  const commands: NodeCommand[] = [];
  const hostCache = { placeOf: () => defaultPlace, told: vi.fn(), remove: vi.fn(), settled: () => Promise.resolve() };
  const made = createAdministration({
    ...{ self: 'node1', peer: 'node2', hostCache, log: { write: vi.fn() } },
    peerStatus: () => peerStatus,
    command: (command) => {
      commands.push(command);
      return { accepted: Promise.resolve(problem), finished: Promise.resolve(problem) };
    },
  });
  return { ...made, commands, removed: hostCache.remove };
}

describe('weight and site', () => {
  it('are said to both nodes', async () => {
    const { setNode, commands } = administration();
    expect((await setNode({ node: 'Node2', weight: '50' }, 'root')).ok).toBe(true);
    expect((await setNode({ node: 'node1', site: 'cellar' }, 'root')).ok).toBe(true);
    expect(commands).toEqual([
      { verb: 'say', message: messageOf('setweight', { node: 'node2', weight: '50' }) },
      { verb: 'say', message: messageOf('setsite', { node: 'node1', site: 'cellar' }) },
    ]);
  });

  it.each([
    ['node-unknown', { node: 'nosuch', weight: '5' }],
    ['weight-invalid', { node: 'node2', weight: 'abc' }],
    ['weight-invalid', { node: 'node2', weight: '-1' }],
    ['weight-invalid', { node: 'node2', weight: '1000001' }],
    ['site-invalid', { node: 'node2', site: 'two words' }],
    ['site-invalid', { node: 'node2' }],
  ])('%s: nothing is said of %j', async (code, change) => {
    const { setNode, commands } = administration();
    expect(await setNode({ site: '', ...change }, 'root')).toMatchObject({ problem: { code } });
    expect(commands).toEqual([]);
  });

  it('are refused with the reason of the core', async () => {
    const problem = { code: 'not-a-member', fields: { stage: 'left' } };
    const { setNode } = administration('active', problem);
    expect(await setNode({ node: 'node2', weight: '5' }, 'root')).toEqual({ ok: false, problem });
  });
});

describe('a node', () => {
  it('is never added to a pair', () => {
    const { addNodes } = administration();
    expect(addNodes(['node2', 'node3'])).toMatchObject({ problem: { code: 'third-node', fields: { node: 'node3' } } });
    expect(addNodes(['NODE2'])).toMatchObject({ problem: { code: 'node-known-already' } });
  });

  it.each([
    ['node-is-self', ['node1'], 'dead'],
    ['node-unknown', ['node3'], 'dead'],
    ['node-unknown', ['node2', 'node3'], 'dead'],
    ['node-is-alive', ['node2'], 'active'],
    ['node-is-alive', ['node2'], 'init'],
  ])('%s: %j is not removed', (code, nodes, status) => {
    const { deleteNodes, removed } = administration(status);
    expect(deleteNodes(nodes, 'root')).toMatchObject({ problem: { code } });
    expect(removed).not.toHaveBeenCalled();
  });

  it('that is dead can be removed', () => {
    const { deleteNodes, removed } = administration('dead');
    expect(deleteNodes(['NODE2'], 'root').ok).toBe(true);
    expect(removed).toHaveBeenCalledWith('node2');
  });
});
