import { describe, expect, it } from 'vitest';
import { BrokenInvariant } from '../../../src/core/assert.ts';
import { startGroup } from '../../../src/core/haresources/groups.ts';
import { answering, LoneNode, web } from '../lone-node.ts';

describe('a group under its manager', () => {
  it('starts resource after resource, each with the evidence of the whole, and logs how long it took', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#0': 'hold' });
    node.boot().heard().says().forget();
    expect(node.held).toHaveLength(1);
    node.nowUs += 25_000;
    node.result(node.held[0]!, 'done');
    expect(node.evidence).toEqual(['vip#1 peerConfirmedStopped']);
    const running = node.ofType('log').find(({ message }) => message.code === 'group-running');
    expect(running?.message.fields).toEqual({ group: 'vip', tookMs: 25 });
  });

  it('says on what it starts: a warning when it is silence alone', () => {
    const levelOf = (node: LoneNode) =>
      node.ofType('log').find(({ message }) => message.code === 'group-starting')!.level;
    expect(levelOf(new LoneNode().boot().heard().says())).toBe('notice');
    expect(levelOf(LoneNode.settled().silent())).toBe('warning');
  });

  it('that fails to start is stopped, offered as start-failed, and started by the other', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#1': 'timeout' });
    node.boot().heard().says();
    expect(node.operations).toEqual(['status vip#0', 'start vip#0', 'start vip#1', 'stop vip#1', 'stop vip#0']);
    expect(node.letters).toBe('x-');
    expect(node.logged).toEqual(expect.arrayContaining(['operation-failed', 'group-start-failed', 'group-stopped']));
    expect(node.pass(10_000).says({ vip: 'r' }).letters).toBe('x-');
  });

  it('that failed to start is tried once more when this node is the only one left, and not over and over', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#0': 'failed' });
    node.boot().heard().says().says({ vip: 'x' });
    const starts = () => node.operations.filter((words) => words === 'start vip#0').length;
    expect(starts()).toBe(1);
    expect(node.letters.charAt(0)).toBe('x');
    node.says().pass(10_000);
    expect(starts()).toBe(1);
    node.silent();
    expect(starts()).toBe(2);
    node.pass(10_000);
    expect(starts()).toBe(2);
    expect(node.letters.charAt(0)).toBe('x');
  });

  it('is tried to stop again after the pause that is configured, and then no more', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'stop vip#1': 'failed' });
    node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip');
    expect(node.operations).toEqual(['stop vip#1']);
    node.pass(49);
    expect(node.operations).toEqual(['stop vip#1']);
    node.pass(1);
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#1']);
    expect(node.letters).toBe('f-');
    expect(node.pass(10_000).operations).toHaveLength(2);
    expect(node.logged).toContain('group-stop-failed');
  });

  it('whose stop failed is sticky: not with the peer silent, not with the peer gone, not by waiting (S9)', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'stop vip#1': 'failed' });
    node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip').pass(1000).forget();
    node.answer = answering({});
    node
      .says()
      .silent()
      .pass(10_000)
      .heard(true)
      .says()
      .message({ fields: [{ name: 't', value: 'shutdone' }] });
    expect(node.pass(10_000).letters.charAt(0)).toBe('f');
    expect(node.operations.filter((words) => words.includes('vip'))).toEqual([]);
  });

  it('that is offered is not started here before the peer has read both offer and withdrawal', () => {
    const node = LoneNode.settled().command({ verb: 'standby', scope: 'all' }).asks('other', 'vip').forget();
    const { offeredAtVersion } = node.state.groups[0]!;
    node.says({}, { ack: offeredAtVersion - 1 });
    expect(node.letters).toBe('o-');
    node.says({}, { ack: offeredAtVersion });
    expect(node.letters).toBe('--');
    const { withdrawnAtVersion } = node.state.groups[0]!;
    expect(withdrawnAtVersion).toBeGreaterThan(offeredAtVersion);
    node.says({}, { ack: withdrawnAtVersion - 1 }).pass(10_000);
    expect(node.operations).toEqual([]);
    node.says({}, { ack: withdrawnAtVersion });
    expect(node.letters).toBe('r-');
  });

  it('that has no resources is a broken invariant, not a group that runs', () => {
    const { state } = LoneNode.settled();
    const empty = { ...state.groups[1]!, configuration: { ...web, resources: [] } };
    expect(() => startGroup(state, empty, { kind: 'peerShutDown', peerGeneration: 50 })).toThrow(BrokenInvariant);
  });
});
