import { describe, expect, it } from 'vitest';
import { inventoryOf, LoneNode, ms, vip } from '../lone-node.ts';

const monitoring = { intervalMs: 1000, intervalsMs: {}, failuresMax: 3, failureWindowMs: 60_000 };
const at = '2026-01-02T03:04:05Z';

function settled(): LoneNode {
  const node = LoneNode.settled({ monitoring });
  node.answer = ({ action }) => (action === 'status' ? 'running' : 'done');
  return node;
}

const unmanaged = (node = settled()): LoneNode => node.command({ verb: 'unmanage', group: 'vip', at });

describe('an unmanaged group', () => {
  it('is not asked, not restarted, and said to be so in every report and on disk', () => {
    const node = unmanaged().forget();
    node.answer = ({ action }) => (action === 'status' ? 'not-running' : 'done');
    node.pass(60_000);
    expect(node.operations).toEqual([]);
    expect(node.letters).toBe('r-');
    const report = unmanaged().ofType('advertise').at(-1)!;
    expect(report.fields.find(({ name }) => name === 'pbgrp')?.value).toContain('r=node1:vip');
    expect(unmanaged().persisted('unmanaged.json')).toEqual([
      `{"unmanaged":[{"group":"vip","who":"root","at":"${at}"}]}`,
    ]);
  });

  it('asks no more for the answer to a check that was under way', () => {
    const node = settled();
    node.answer = ({ action }) => (action === 'status' ? 'hold' : 'done');
    node.pass(2000);
    const checks = [...node.held];
    expect(checks.length).toBeGreaterThan(0);
    unmanaged(node).forget();
    for (const check of checks) node.result(check, 'not-running');
    expect(node.operations).toEqual([]);
  });

  it('is neither given away nor sent home, and a request that means it alone is refused', () => {
    const node = unmanaged().command({ verb: 'standby', scope: 'all' }, 2);
    expect(node.replies).toContain('2 only-unmanaged final');
    expect(node.letters).toBe('r-');
  });

  it('stays while its neighbours move', () => {
    const both = [vip, { ...vip, key: 'db' as typeof vip.key, index: 1 }];
    const node = LoneNode.settled({ monitoring, groups: both });
    node.answer = ({ action }) => (action === 'status' ? 'running' : 'done');
    unmanaged(node).command({ verb: 'standby', scope: 'all' }, 2).asks('other', 'db');
    expect(node.letters).toBe('ro');
  });

  it('is not asked of a peer that says so', () => {
    const node = LoneNode.settled({ monitoring });
    node.peerUnmanages('web');
    node.command({ verb: 'takeover', scope: 'all' }, 3);
    expect(node.replies).toContain('3 unmanaged-at-peer final');
    node.command({ verb: 'manage', group: 'web' }, 4).command({ verb: 'unmanage', group: 'web', at }, 5);
    expect(node.replies).toContain('4 manage-at-peer final');
    expect(node.replies).toContain('5 unmanage-at-peer final');
  });
});

describe('what ends it', () => {
  it('manage: the real state is asked at once, and what has stopped is started', () => {
    const node = unmanaged(settled().pass(3000)).forget();
    node.answer = ({ action, index }) => (action === 'status' ? (index === 1 ? 'not-running' : 'running') : 'done');
    node.command({ verb: 'manage', group: 'vip' }, 2);
    expect(node.replies).toEqual(['2 ok final']);
    expect(node.operations.slice(0, 4)).toEqual(['status vip#0', 'status vip#1', 'stop vip#1', 'start vip#1']);
    expect(node.persisted('unmanaged.json')).toEqual(['{"unmanaged":[]}']);
  });

  it('manage asks also where monitoring is off', () => {
    const node = LoneNode.settled();
    node.answer = ({ action }) => (action === 'status' ? 'running' : 'done');
    unmanaged(node).forget().command({ verb: 'manage', group: 'vip' });
    expect(node.operations).toEqual(['status vip#0', 'status vip#1']);
    expect(node.forget().pass(60_000).operations).toEqual([]);
  });

  it('a stop of the node: the group is handed over like any other', () => {
    const node = unmanaged().forget();
    node.give({ type: 'stopRequested' });
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
    expect(node.logged).toContain('unmanage-over');
    expect(node.letters).toBe('oo');
  });

  it('an own pause: what the peer may have taken is let go of, whoever works on it', () => {
    const node = unmanaged().forget();
    node.give({ type: 'ownPause', gapUs: ms(1000) });
    expect(node.letters.charAt(0)).toBe('-');
    expect(node.state.groups[0]!.unmanaged).toBeUndefined();
  });
});

describe('the request', () => {
  it('is refused for what does not run here', () => {
    const node = settled();
    node.command({ verb: 'unmanage', group: 'web', at }, 1).command({ verb: 'unmanage', group: 'nothing', at }, 2);
    node.command({ verb: 'manage', group: 'vip' }, 3);
    expect(node.replies).toEqual(['1 unmanage-at-peer final', '2 no-such-group final', '3 not-unmanaged final']);
    node.says({ web: '-' }).command({ verb: 'unmanage', group: 'web', at }, 4);
    expect(node.replies.at(-1)).toBe('4 unmanage-not-running final');
  });

  it('survives a restart of the daemon, for what it adopts and nothing else', () => {
    const record = [{ group: 'vip', who: 'root', at }];
    const adopted = new LoneNode({ monitoring });
    adopted.boot(
      { adopted: true, inventory: inventoryOf(vip), lastBeatUs: adopted.nowUs - ms(10) },
      { unmanaged: record },
    );
    expect(adopted.state.groups[0]!.unmanaged).toEqual({ who: 'root', at });
    const fresh = new LoneNode({ monitoring }).boot({}, { unmanaged: record });
    expect(fresh.state.groups[0]!.unmanaged).toBeUndefined();
    expect(fresh.persisted('unmanaged.json')).toEqual(['{"unmanaged":[]}']);
  });
});
