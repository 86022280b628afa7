import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/core/transport/message.ts';
import { answering, LoneNode } from '../lone-node.ts';

const leaving = (answer?: LoneNode['answer']): LoneNode => {
  const node = LoneNode.settled().silent().peerRestarts().heard().says();
  expect(node.letters).toBe('rr');
  if (answer !== undefined) node.answer = answer;
  node.forget().give({ type: 'stopRequested' });
  return node;
};

describe('a graceful stop', () => {
  it('offers each group the moment it is stopped, not when all are', () => {
    const node = leaving(answering({ 'stop vip#0': 'hold' }));
    expect(node.operations).toEqual(['stop vip#1', 'stop web#0', 'stop vip#0']);
    expect(node.letters).toBe('po');
    expect(node.said).not.toContain('shutdone');
    node.result(node.held[0]!, 'done');
    expect(node.letters).toBe('oo');
    expect(node.stage).toBe('left');
  });

  it('says goodbye three times, then exits without keeping the host', () => {
    const node = leaving();
    expect(node.said.filter((words) => words === 'shutdone')).toHaveLength(1);
    expect(node.ofType('exit')).toEqual([]);
    node.pass(100);
    expect(node.said.filter((words) => words === 'shutdone')).toHaveLength(3);
    expect(node.ofType('exit')).toEqual([{ type: 'exit', code: 0, keepHost: false }]);
    expect(node.ofType('advertise').at(-1)!.status).toBe('dead');
  });

  it('beside a real Heartbeat goes on as active until it ends: `dead` would be a death, what follows a return', () => {
    const node = new LoneNode().boot().heard();
    node.message(messageOf('status', { st: 'active', dt: '12c', seq: '1' }));
    node.forget().give({ type: 'stopRequested' });
    node.pass(2000);
    expect(node.said.filter((words) => words === 'shutdone')).toHaveLength(1);
    expect(node.ofType('exit')).toEqual([{ type: 'exit', code: 0, keepHost: false }]);
    expect(node.ofType('advertise').map(({ status }) => status)).not.toContain('dead');
  });

  it('offers also what it did not run', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'stop vip#1': 'hold' });
    node.give({ type: 'stopRequested' });
    expect(node.letters).toBe('po');
  });

  it('never takes an offer back, and starts nothing any more', () => {
    const node = leaving(answering({ 'stop vip#1': 'hold' }));
    node.forget().says().says({ web: 'o' }).silent();
    expect(node.letters).toBe('po');
    expect(node.operations).toEqual([]);
  });

  it('waits for the answer of a start, then stops from there', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start web#0': 'hold' });
    node.says({ web: 'o' });
    node.give({ type: 'stopRequested' });
    expect(node.letters).toBe('op');
    node.result(node.held[0]!, 'done');
    expect(node.letters).toBe('oo');
  });

  it('is refused as long as a stop fails (S9), and completed by a cleanup that succeeds', () => {
    const node = leaving(answering({ 'stop vip#1': 'failed' })).pass(1000);
    expect(node.stage).toBe('leaving');
    expect(node.letters).toBe('fo');
    expect(node.said).not.toContain('shutdone');
    node.says().pass(5000);
    expect(node.logged.filter((code) => code === 'leave-refused')).toHaveLength(1);
    expect(node.alarms).toContain('leave-refused');
    node.answer = answering({});
    node.command({ verb: 'cleanup' });
    expect(node.stage).toBe('left');
    expect(node.alarms).not.toContain('leave-refused');
  });

  it('while paused or joining is done as soon as nothing is held', () => {
    const joining = new LoneNode().boot();
    joining.give({ type: 'stopRequested' });
    expect(joining.stage).toBe('left');
    const paused = LoneNode.settled();
    paused.give({ type: 'ownPause', gapUs: 900_000 });
    paused.give({ type: 'stopRequested' });
    paused.give({ type: 'rejoined', generation: 101 });
    expect(paused.stage).toBe('left');
  });

  it('asked for twice is one stop', () => {
    const node = leaving(answering({ 'stop vip#1': 'hold' }));
    node.give({ type: 'stopRequested' });
    expect(node.logged.filter((code) => code === 'leaving')).toHaveLength(1);
    expect(node.ofType('record')).toHaveLength(1);
  });
});
