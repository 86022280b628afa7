import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/core/transport/message.ts';
import { answering, eth0, LoneNode, ms, node2 } from '../lone-node.ts';

const standby = { verb: 'standby', scope: 'all' } as const;
const asking = (changes = {}, self: 'node1' | 'node2' = 'node1') => LoneNode.settled(changes, self).command(standby, 7);

describe('giving', () => {
  it('asks first, stops when the other has agreed, and is done when the other runs it', () => {
    const node = asking();
    expect(node.said).toEqual(['ask_resources me']);
    expect(node.replies).toEqual(['7 ok']);
    expect(node.letters).toBe('r-');
    node.asks('other', 'vip');
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
    expect(node.letters).toBe('o-');
    expect(node.said).toContain('ask_resources done');
    node.says({ vip: 's' });
    expect(node.letters).toBe('--');
    expect(node.replies).toEqual(['7 ok']);
    node.says({ vip: 'r' });
    expect(node.replies).toEqual(['7 ok', '7 ok final']);
    expect(node.logged).toContain('handover-done');
    expect(node.ofType('record').map(({ record }) => record.kind)).toEqual(['handoverRequested', 'handoverReleased']);
  });

  it('names the groups, so that both mean the same', () => {
    const [send] = asking().ofType('send');
    expect(textOf(send!.message, 'pbask')).toBe('vip');
    expect(textOf(send!.message, 'rsc_hold')).toBe('all');
  });

  it('asks again every 200 ms, stops nothing meanwhile, and gives up after 10 s', () => {
    const node = asking().pass(1000);
    expect(node.said).toHaveLength(6);
    node.pass(8999);
    expect(node.replies).toEqual(['7 ok']);
    node.pass(1);
    expect(node.replies).toEqual(['7 ok', '7 handover-timeout final']);
    expect(node.operations).toEqual([]);
    expect(node.forget().pass(5000).said).toEqual([]);
  });

  it('ends without a stop when the other says no', () => {
    const node = asking().asks('no', '');
    expect(node.replies).toEqual(['7 ok', '7 peer-refused final']);
    expect(node.letters).toBe('r-');
  });

  it('ends when the other falls silent or says goodbye, and what was stopped comes back', () => {
    for (const gone of [(node: LoneNode) => node.silent(), (node: LoneNode) => node.message(goodbye)]) {
      const node = gone(asking().asks('other', 'vip'));
      expect(node.replies).toEqual(['7 ok', '7 peer-gone final']);
      expect(node.letters).toBe('rr');
    }
  });

  it('ends when a stop fails here, and the group stays here, failed', () => {
    const node = asking();
    node.answer = answering({ 'stop vip#1': 'timeout' });
    node.asks('other', 'vip').pass(100);
    expect(node.replies).toEqual(['7 ok', '7 group-stop-failed final']);
    expect(node.letters).toBe('f-');
  });

  it('ends when the other cannot start it: the owner takes it back', () => {
    const node = asking().asks('other', 'vip').says({ vip: 's' }).says({ vip: 'p' }).says({ vip: 'x' });
    expect(node.replies).toEqual(['7 ok', '7 peer-could-not-start final']);
    expect(node.letters).toBe('r-');
  });

  it('does not end by an offer that the other has not read yet', () => {
    const node = asking().asks('other', 'vip');
    node.says({}, { ack: 1 }).says({}, { ack: 2 }).pass(1000);
    expect(node.letters).toBe('o-');
    expect(node.replies).toEqual(['7 ok']);
  });

  it('lets both ask at once: the lower name goes on, the other takes', () => {
    const lower = asking().asks('me', 'web');
    expect(lower.said).toEqual(['ask_resources me']);
    expect(lower.asks('other', 'vip').letters).toBe('o-');
    const higher = asking({}, 'node2').asks('me', 'vip');
    expect(higher.replies).toEqual(['7 ok', '7 peer-asked-first final']);
    expect(higher.said).toEqual(['ask_resources me', 'ask_resources other']);
  });
});

describe('taking', () => {
  const asked = () => LoneNode.settled().asks('me', 'web');

  it('agrees, starts what is offered, and says when it runs', () => {
    const node = asked();
    expect(node.said).toEqual(['ask_resources other']);
    node.says({ web: 'p' });
    expect(node.operations).toEqual([]);
    node.says({ web: 'o' });
    expect(node.letters).toBe('rr');
    expect(node.evidence).toEqual(['web#0 peerConfirmedStopped']);
    expect(node.said).toEqual(['ask_resources other', 'ask_resources done']);
    expect(node.logged).toContain('handover-done');
  });

  it('answers every repetition of the question, and counts one handover', () => {
    const node = asked().asks('me', 'web').asks('me', 'web');
    expect(node.said).toEqual(['ask_resources other', 'ask_resources other', 'ask_resources other']);
    expect(node.ofType('record')).toHaveLength(1);
  });

  it('says no to a question for an earlier life of ours, about nothing, or when it is no member', () => {
    expect(LoneNode.settled().asks('me', 'web', 'all', 99).said).toEqual(['ask_resources no']);
    expect(LoneNode.settled().asks('me', '').said).toEqual(['ask_resources no']);
    expect(new LoneNode().boot().heard().asks('me', 'web').said).toEqual(['ask_resources no']);
    const hostless = LoneNode.settled();
    hostless.give({ type: 'hostLost', reason: 'gone' });
    expect(hostless.asks('me', 'web').said).toEqual(['ask_resources no']);
  });

  it('gives up when the giver never stops, when it takes the group back, and when the start fails here', () => {
    expect(asked().pass(10_000).logged).toContain('handover-failed');
    expect(asked().says({ web: 'p' }).says({ web: 'r' }).logged).toContain('handover-failed');
    const node = asked();
    node.answer = answering({ 'start web#0': 'failed' });
    node.says({ web: 'o' });
    expect(node.letters).toBe('rx');
    expect(node.logged).toContain('handover-failed');
  });

  it('lets a slow stop take its time once the giver has begun', () => {
    const node = asked().says({ web: 'p' }).pass(600_000);
    expect(node.logged).not.toContain('handover-failed');
    expect(node.says({ web: 'o' }).letters).toBe('rr');
  });
});

describe('going home', () => {
  const back = (autoFailback: boolean) => {
    const node = LoneNode.settled({ autoFailback }).silent();
    expect(node.letters).toBe('rr');
    return node.forget().peerRestarts().heard();
  };

  it('offers a returned owner its groups, once for each return', () => {
    const node = back(true);
    expect(node.said).toEqual([]);
    node.says();
    expect(node.said).toContain('ask_resources me');
    node.asks('no', '').forget().says().says().pass(2000);
    expect(node.said).toEqual([]);
    expect(node.letters).toBe('rr');
    expect(node.silent().peerRestarts().heard().says().said).toContain('ask_resources me');
  });

  it('does nothing of the kind with auto_failback off, nor while the owner is still joining or deaf', () => {
    expect(back(false).says().says().said).not.toContain('ask_resources me');
    expect(back(true).says({}, { stage: 'joining' }).said).not.toContain('ask_resources me');
    const deaf = back(true).says({}, { fields: { pbsees: 'dead' } });
    expect(deaf.said).not.toContain('ask_resources me');
    expect(deaf.says().said).toContain('ask_resources me');
  });

  it('waits until nothing moves here', () => {
    const node = LoneNode.settled({ autoFailback: true });
    node.answer = answering({ 'start web#0': 'hold' });
    node.silent().forget().peerRestarts().heard().says();
    expect(node.said).not.toContain('ask_resources me');
    node.result(node.held[0]!, 'done');
    expect(node.said).toContain('ask_resources me');
  });
});

describe('announcements', () => {
  it('are repeated when so configured, of addresses that run here', () => {
    const node = LoneNode.settled({ announceIntervalMs: 1000 }).pass(3000);
    expect(node.operations).toEqual(['announce vip#0', 'announce vip#0', 'announce vip#0']);
    node.give({ type: 'linkState', node: node2, link: eth0, up: true });
    expect(node.forget().command(standby).asks('other', 'vip').forget().pass(3000).operations).toEqual([]);
  });
});

describe('operations', () => {
  it('have the time that their kind may take; a start that nobody waits for is careful', () => {
    const node = new LoneNode().boot().heard().says();
    const of = (action: string) =>
      node.ofType('operation').find(({ operation }) => operation.action === action)!.operation;
    expect([of('status').timeoutMs, of('start').timeoutMs]).toEqual([3000, 1000]);
    expect(of('start').careful).toBe(true);
    node.forget().says({ web: 'r' }).says({ web: 'o' });
    expect(of('start').careful).toBe(false);
    expect(node.command(standby).asks('other', 'vip web').ofType('operation').at(-1)!.operation.timeoutMs).toBe(2000);
  });

  it('are careful when the peer was never seen, and quick when it fell silent', () => {
    expect(new LoneNode().boot().pass(600).ofType('operation').at(-1)!.operation.careful).toBe(true);
    expect(LoneNode.settled().silent().ofType('operation').at(-1)!.operation.careful).toBe(false);
  });

  it('that failed because somebody else has the address say who', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#0': 'hold' });
    node.boot().heard().says();
    node.result(node.held[0]!, 'failed', { conflictWith: '02:00:00:00:00:09', reason: 'in use', exitCode: 1 });
    expect(node.logged).toContain('address-in-use');
    expect(node.letters).toBe('x-');
    expect(node.state.groups[0]!.lastFailure).toBe('start of 10.0.0.1: failed (in use)');
  });

  it('that are answered late, for something given up, change nothing', () => {
    const node = LoneNode.settled();
    node.give({ type: 'operationResult', result: { id: 999, outcome: 'failed', startedUs: 0, finishedUs: ms(1) } });
    expect(node.effects).toEqual([]);
    expect(node.letters).toBe('r-');
  });
});

const goodbye = { fields: [{ name: 't', value: 'shutdone' }] };
