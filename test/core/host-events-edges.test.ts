/** Guards about the agent host and pauses, each shown to matter by a wrong version of it that nothing else caught. */
import { describe, expect, it } from 'vitest';
import { answering, emptyHello, inventoryOf, LoneNode, ms, vip } from './lone-node.ts';

describe('at boot', () => {
  it('there is no split where none is recorded', () => {
    expect(new LoneNode().boot().state.split).toBeUndefined();
  });

  it('a host that has never seen a keepalive has not watched over anything, however young the machine is', () => {
    const node = new LoneNode();
    node.nowUs = ms(200);
    node.boot({ adopted: true, inventory: inventoryOf(vip), lastBeatUs: 0 });
    expect(node.logged).toContain('found-running-at-boot');
    expect(node.operations).toContain('stop vip#0');
  });

  it('the answer about an address of a group that is no longer configured changes nothing', () => {
    const node = new LoneNode();
    node.answer = () => 'hold';
    node.boot();
    const [probe] = node.held;
    node.state.groups.splice(0);
    expect(() => node.result(probe!, 'done')).not.toThrow();
  });
});

describe('a host that comes back', () => {
  const returns = (node: LoneNode): LoneNode => {
    node.give({ type: 'hostLost', reason: 'killed' });
    node.forget().give({ type: 'hostReady', hello: { ...emptyHello, inventory: inventoryOf(vip) } });
    return node;
  };

  it('with something of a group whose start had failed: it is stopped', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#1': 'failed' });
    node.boot().heard().says();
    expect(node.letters).toBe('x-');
    expect(returns(node).operations).toEqual(['stop vip#1', 'stop vip#0']);
  });

  it('with something of a group that is offered: it is stopped', () => {
    const node = LoneNode.settled();
    node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip');
    expect(node.letters).toBe('o-');
    expect(returns(node).operations).toEqual(['stop vip#1', 'stop vip#0']);
  });
});

it('a group that is just being stopped when the node has slept is let go of like the others', () => {
  const node = LoneNode.settled();
  node.answer = answering({ 'stop vip#1': 'hold' });
  node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip');
  expect(node.letters).toBe('p-');
  node.forget().give({ type: 'ownPause', gapUs: ms(500) });
  const released = node.ofType('releaseAddresses').flatMap(({ operations }) => operations);
  expect(released.map(({ resource }) => resource.written)).toEqual(['10.0.0.1']);
});
