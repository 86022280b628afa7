/** haresources is read again: by one node, by both, with a peer that has the same list and with one that has not. */
import { describe, expect, it } from 'vitest';
import type { GroupConfiguration } from '../../../src/core/config/configuration.ts';
import { planChange } from '../../../src/core/haresources/change-plan.ts';
import { digestOfLists, resourceId, saidOf } from '../../../src/core/haresources/resource-lists.ts';
import { createGroup } from '../../../src/core/node-state.ts';
import { groupKey } from '../../../src/core/types.ts';
import { LoneNode, node1, nodeOptions, resourceOf, vip, web } from '../lone-node.ts';

const second = resourceOf('10.0.0.2');
const nfs = resourceOf('nfs');
const withSecond: GroupConfiguration = { ...vip, resources: [vip.resources[0]!, second, vip.resources[1]!] };

function reread(node: LoneNode, groups: readonly GroupConfiguration[]): LoneNode {
  node.give({ type: 'reconfigure', settings: nodeOptions('node1', { groups }) });
  return node;
}

/** What a peer says of its lists: of the groups of the node under test, in their order. */
function saying(node: LoneNode, groups: readonly GroupConfiguration[], ack = node.state.reportVersion): LoneNode {
  const said = groups.map((group) => ({ key: group.key, said: saidOf(createGroup(group, 1), []) }));
  const statements = said.map(({ key, said: resources }) => ({
    key,
    letter: key === 'web' ? ('r' as const) : ('-' as const),
    marked: false,
    owner: groups.find((group) => group.key === key)!.owner,
    resources,
  }));
  return node.says({}, { groups: statements, lists: digestOfLists(said), ack });
}

describe('a resource that haresources names from now on', () => {
  it('is started in its place at once when there is nobody who could have it, and nothing else is touched', () => {
    const node = LoneNode.settled().silent().forget();
    reread(node, [withSecond, web]);
    expect(node.operations).toEqual(['start vip#1']);
    expect(node.evidence).toEqual(['vip#1 heldHere']);
    expect(node.state.groups[0]!.configuration.resources).toEqual(withSecond.resources);
    expect(node.ofType('regroup')).toMatchObject([{ group: 'vip', resources: withSecond.resources }]);
  });

  it('waits until the peer has answered the claim, and then is started', () => {
    const node = LoneNode.settled();
    saying(node, [vip, web]).forget();
    reread(node, [withSecond, web]);
    expect(node.operations).toEqual([]);
    saying(node, [vip, web], node.state.reportVersion - 1);
    expect(node.operations).toEqual([]);
    saying(node, [vip, web]);
    expect(node.operations).toEqual(['start vip#1']);
  });

  it('is not started while the peer has it in another group, and says why; it is when the peer has let go', () => {
    const node = LoneNode.settled();
    const both = { ...web, resources: [...web.resources, second] };
    saying(node, [vip, both]);
    reread(node.forget(), [withSecond, web]);
    saying(node, [vip, both]);
    expect(node.operations).toEqual([]);
    expect(node.alarms).toEqual(['resource-elsewhere vip 10.0.0.2']);
    saying(node, [vip, web]);
    expect(node.operations).toEqual([]);
    saying(node, [vip, web]);
    expect(node.operations).toEqual(['start vip#1']);
    expect(node.alarms).toEqual([]);
  });
});

describe('what haresources does not name any more', () => {
  it('is stopped at once, a resource as a group', () => {
    const node = LoneNode.settled();
    reread(node, [{ ...vip, resources: vip.resources.slice(0, 1) }, web]);
    expect(node.operations).toEqual(['stop vip#1']);
    expect(node.letters).toBe('r-');
    reread(node.forget(), [web]);
    expect(node.operations).toEqual(['stop vip#0']);
    expect(node.state.groups.map((group) => group.configuration.key)).toEqual(['web']);
  });

  it('is not given to a peer that does not know it', () => {
    const node = LoneNode.settled();
    const mail: GroupConfiguration = {
      key: groupKey('mail'),
      index: 2,
      owner: node1,
      resources: [resourceOf('postfix')],
    };
    reread(node, [vip, web, mail]);
    saying(node, [vip, web]);
    expect(node.operations).toEqual([]);
    expect(node.letters).toBe('r--');
  });
});

describe('the plan of a change', () => {
  const [address, apache] = vip.resources as [(typeof vip.resources)[0], (typeof vip.resources)[0]];

  it.each([
    ['an address comes and goes alone', [address, apache], [address, second, apache], [], [1]],
    ['an address goes alone', [address, second, apache], [address, apache], [1], []],
    ['what stands behind a service that comes is restarted', [address, apache], [address, nfs, apache], [2], [1, 2]],
    ['and behind one that goes', [address, nfs, apache], [address, apache], [2, 1], [2]],
    ['but no address', [nfs, address], [address], [0], []],
    ['at the end nothing is', [address], [address, apache], [], [1]],
  ])('%s', (_, present, wanted, stops, starts) => {
    expect(planChange(present, wanted)).toMatchObject({ stops, starts });
  });

  it('is nothing for another order or another spelling', () => {
    expect(planChange([address, apache, nfs], [address, nfs, apache])).toBeUndefined();
    const spelled = { ...address, written: 'IPaddr::10.0.0.1' };
    expect(planChange([address], [spelled])).toBeUndefined();
  });
});

it('an address is one resource, whatever its mask and device', () => {
  const wide = { ...address24('10.0.0.2/24/eth0') };
  expect(resourceId(wide)).toBe(resourceId(second));
  expect(resourceId(nfs)).not.toBe(resourceId(resourceOf('nfs2')));
});

function address24(written: string): ReturnType<typeof resourceOf> {
  return { ...resourceOf(written), args: [written] };
}

it('a group does not wait for a resource that another group could not let go of: it starts without it', () => {
  const node = LoneNode.settled();
  node.answer = ({ action, resource }) => (action === 'stop' && resource.written === 'apache' ? 'failed' : 'done');
  const mail: GroupConfiguration = {
    key: groupKey('mail'),
    index: 2,
    owner: node1,
    resources: [nfs, vip.resources[1]!],
  };
  node.silent();
  reread(node, [{ ...vip, resources: vip.resources.slice(0, 1) }, web, mail]).pass(1000);
  expect(node.letters.charAt(0)).toBe('f');
  expect(node.operations.filter((words) => words.includes('mail'))).toEqual(['start mail#0']);
});

describe('another owner of a group', () => {
  const ours: GroupConfiguration = { ...web, owner: node1 };
  const free = { key: web.key, letter: '-', marked: false, owner: web.owner } as const;
  const rest = { key: vip.key, letter: '-', marked: false, owner: vip.owner } as const;

  it('may have been started by the peer, on what this node said before: it must have read the change first', () => {
    const node = LoneNode.settled().says({ web: '-' });
    const before = node.state.reportVersion;
    reread(node.forget(), [vip, ours]);
    expect(node.operations).toEqual([]);
    node.says({}, { groups: [rest, free], ack: before });
    expect(node.operations).toEqual([]);
    node.says({}, { groups: [rest, free], ack: node.state.reportVersion });
    expect(node.operations).toEqual(['start web#0']);
  });

  it('is not started beside the peer that did', () => {
    const node = LoneNode.settled().says({ web: '-' });
    reread(node.forget(), [vip, ours]);
    node.says({}, { groups: [rest, { ...free, letter: 's' }], ack: node.state.reportVersion });
    expect(node.operations).toEqual([]);
  });
});

it('with fencing a resource that is new to a group is not started beside a peer that is gone and not proven off', () => {
  const fencing = {
    devices: [{ name: 'ipmi', type: 'external/ipmi' }],
    action: 'reset',
    timeoutMs: 1000,
    delayMs: 0,
    waitForAll: true,
    probeIntervalMs: 0,
  } as const;
  const node = LoneNode.settled({ fencing }).silent().forget();
  node.give({ type: 'reconfigure', settings: nodeOptions('node1', { groups: [withSecond, web], fencing }) });
  expect(node.operations).toEqual([]);
  node.give({ type: 'fenceResult', attempt: 1, outcome: 'confirmed', verified: true, detail: '' });
  node.pass(600);
  expect(node.operations).toContain('start vip#1');
});
