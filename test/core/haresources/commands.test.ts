import { describe, expect, it } from 'vitest';
import type { NodeCommand } from '../../../src/core/events.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { wordsOf } from '../../../src/protocol/catalogue.ts';
import { answering, emptyHello, inventoryOf, LoneNode, vip } from '../lone-node.ts';

const standby: NodeCommand = { verb: 'standby', scope: 'all' };
const takeover: NodeCommand = { verb: 'takeover', scope: 'all' };
const cleanup: NodeCommand = { verb: 'cleanup' };
const goodbye = { fields: [{ name: 't', value: 'shutdone' }] };

function startingSlowly(): LoneNode {
  const node = LoneNode.settled();
  node.answer = answering({ 'start web#0': 'hold' });
  return node.says({ web: 'o' });
}

describe('a request that cannot be carried out is refused at once, with the reason', () => {
  it.each<[string, NodeCommand, () => LoneNode]>([
    ['not-a-member', standby, () => new LoneNode().boot()],
    ['not-a-member', takeover, () => new LoneNode().boot()],
    ['handover-in-progress', standby, () => LoneNode.settled().command(standby, 2)],
    ['handover-in-progress', takeover, () => LoneNode.settled().command(standby, 2)],
    ['handover-in-progress', takeover, () => LoneNode.settled().command(takeover, 2)],
    ['peer-not-there', standby, () => LoneNode.settled().silent()],
    ['peer-not-there', takeover, () => LoneNode.settled().message(goodbye)],
    ['peer-not-ready', standby, () => LoneNode.settled().says({}, { stage: 'leaving' })],
    ['peer-not-ready', standby, () => LoneNode.settled().heard(true)],
    ['peer-not-ready', takeover, () => LoneNode.settled().heard(true)],
    ['transition-in-progress', standby, startingSlowly],
    ['nothing-to-give', { verb: 'standby', scope: 'foreign' }, () => LoneNode.settled()],
    ['peer-cannot-run', standby, () => LoneNode.settled().says({ vip: 'x' })],
    ['nothing-to-take', { verb: 'takeover', scope: 'local' }, () => LoneNode.settled()],
    ['no-such-group', { verb: 'cleanup', group: 'nonsense' }, () => LoneNode.settled()],
    ['no-such-group', { verb: 'standby', scope: 'all', groups: ['vip', 'nonsense'] }, () => LoneNode.settled()],
    ['no-such-group', { verb: 'takeover', scope: 'all', groups: ['nonsense'] }, () => LoneNode.settled()],
    ['nothing-to-give', { verb: 'standby', scope: 'all', groups: ['web'] }, () => LoneNode.settled()],
    ['nothing-to-take', { verb: 'takeover', scope: 'all', groups: ['vip'] }, () => LoneNode.settled()],
    ['script-message-refused', { verb: 'say', message: messageOf('status', { st: 'dead' }) }, () => LoneNode.settled()],
  ])('%s: %j', (code, command, make) => {
    const node = make().forget().command(command);
    expect(node.replies).toEqual([`1 ${code} final`]);
    expect(node.said).toEqual([]);
    expect(node.operations).toEqual([]);
    expect(wordsOf(code)).toBeDefined();
  });
});

describe('a single group', () => {
  const both = () => LoneNode.settled().says({ web: 'o' }).says({ web: '-' }).forget();

  it('is given, and the others stay', () => {
    const node = both().command({ verb: 'standby', scope: 'all', groups: ['web'] });
    expect(node.asked).toEqual(['ask_resources web']);
    node.asks('other', 'web');
    expect(node.operations).toEqual(['stop web#0']);
    expect(node.letters).toBe('ro');
  });

  it('is asked for by name, and given by name when the peer asks', () => {
    const asking = LoneNode.settled().command({ verb: 'takeover', scope: 'all', groups: ['web'] });
    expect(asking.asked).toEqual(['hb_takeover web']);
    const giving = both().message(messageOf('hb_takeover', { rsc_hold: 'all', pbask: 'vip' }));
    expect(giving.asked).toEqual(['ask_resources vip']);
  });

  it('cannot be handed over between us and a real Heartbeat, which counts by class', () => {
    const node = both();
    node.state.peer.product = 'heartbeat';
    node.command({ verb: 'standby', scope: 'all', groups: ['web'] });
    expect(node.replies).toEqual(['1 peer-takes-classes final']);
    node.forget().command({ verb: 'standby', scope: 'foreign', groups: ['web'] });
    expect(node.replies).not.toEqual(['1 peer-takes-classes final']);
  });
});

describe('a message of a script', () => {
  it('is sent to the cluster, and told to the hooks here as well', () => {
    const node = LoneNode.settled().command({ verb: 'say', message: messageOf('hello', { words: 'good morning' }) });
    expect(node.said).toEqual(['hello']);
    expect(node.replies).toEqual(['1 ok final']);
    expect(node.ofType('clusterEvent').map(({ event }) => event.fields)).toEqual([
      { t: 'hello', words: 'good morning', src: 'node1' },
    ]);
  });
});

describe('addnode and delnode, said by a real Heartbeat', () => {
  it.each([
    ['addnode', 'node3', ['peer-adds-node']],
    ['addnode', 'node1 NODE2', []],
    ['delnode', 'Node1 ', ['peer-removes-us']],
    ['delnode', 'node3', []],
  ])('%s %s changes nothing, and is logged where it matters', (type, nodelist, logged) => {
    const node = LoneNode.settled().message(messageOf(type, { nodelist }));
    expect(node.logged).toEqual(logged);
    expect(node.letters).toBe('r-');
    expect(node.operations).toEqual([]);
  });
});

describe('takeover', () => {
  it('asks the peer to give, and is done when all of it runs here', () => {
    const node = LoneNode.settled().command(takeover);
    expect(node.said).toEqual(['hb_takeover']);
    expect(node.replies).toEqual(['1 ok']);
    node.asks('me', 'web').says({ web: 'p' }).says({ web: 'o' });
    expect(node.letters).toBe('rr');
    expect(node.replies).toEqual(['1 ok', '1 ok final']);
  });

  it('fails when the group fails to start here, and after an hour', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start web#0': 'failed' });
    node.command(takeover).asks('me', 'web').says({ web: 'o' });
    expect(node.replies).toEqual(['1 ok', '1 group-start-failed final']);
    const unanswered = LoneNode.settled().command(takeover).pass(3_599_999);
    expect(unanswered.replies).toEqual(['1 ok']);
    expect(unanswered.pass(1).replies).toEqual(['1 ok', '1 handover-timeout final']);
  });

  it('is done when the peer falls silent meanwhile: everything is here', () => {
    expect(LoneNode.settled().command(takeover).silent().replies).toEqual(['1 ok', '1 ok final']);
  });

  it('tries a group again that had failed to start here', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start web#0': 'failed' });
    node.says({ web: 'o' }).says({ web: 'r' });
    expect(node.letters).toBe('rx');
    node.answer = answering({});
    node.command(takeover);
    expect(node.letters).toBe('r-');
  });

  it('asked of us gives what the other means: its local is our foreign', () => {
    const hbTakeover = (scope: string) => ({
      fields: [
        { name: 't', value: 'hb_takeover' },
        { name: 'rsc_hold', value: scope },
      ],
    });
    expect(LoneNode.settled().message(hbTakeover('foreign')).said).toEqual(['ask_resources me']);
    expect(LoneNode.settled().message(hbTakeover('all')).said).toEqual(['ask_resources me']);
    expect(LoneNode.settled().message(hbTakeover('local')).said).toEqual([]);
  });
});

describe('cleanup', () => {
  it('stops once more what could not be stopped, and starts it here again when that succeeds', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'stop vip#1': 'failed' });
    node.command(standby).asks('other', 'vip').pass(100);
    expect(node.letters).toBe('f-');
    expect(node.alarms).toContain('group-stop-failed vip');
    expect(node.persisted('failed-stops.json')).toEqual(['{"groups":["vip"]}']);
    node.answer = answering({});
    node.forget().command({ verb: 'cleanup', group: 'vip' }, 3);
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0', 'start vip#0', 'start vip#1']);
    expect(node.replies).toEqual(['3 ok final']);
    expect(node.alarms).toEqual([]);
    expect(node.persisted('failed-stops.json').at(-1)).toBe('{"groups":[]}');
  });

  it('lets a group that failed to start be tried again', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#1': 'failed' });
    node.boot().heard().says();
    expect(node.letters).toBe('x-');
    node.answer = answering({});
    expect(node.command(cleanup).says().letters).toBe('r-');
  });

  it('takes an operator’s word for what a silent peer could not stop, and names the operator in the evidence', () => {
    const node = LoneNode.settled().says({ web: 'f' }).silent();
    expect(node.letters).toBe('r-');
    node.command({ verb: 'cleanup', group: 'web' });
    expect(node.letters).toBe('rr');
    expect(node.evidence).toEqual(['web#0 operator']);
    expect(node.ofType('operation').at(-1)!.evidence).toEqual({ kind: 'operator', who: 'root' });
  });

  it('forgets an operator’s word about a silent peer when the peer speaks for itself again', () => {
    const node = LoneNode.settled().says({ web: 'f' }).silent();
    // There is nobody to start it, so the word waits.
    node.give({ type: 'hostLost', reason: 'killed' });
    node.command({ verb: 'cleanup', group: 'web' });
    node.heard(true).says({ web: 'f' }).silent();
    node.give({ type: 'hostReady', hello: { ...emptyHello, inventory: inventoryOf(vip) } });
    expect(node.letters).toBe('r-');
  });

  it('takes nobody’s word while the peer is there to ask', () => {
    const node = LoneNode.settled().says({ web: 'f' }).command({ verb: 'cleanup', group: 'web' });
    expect(node.replies).toEqual(['1 cleanup-at-peer final']);
    expect(node.silent().letters).toBe('r-');
  });
});

describe('a SPLIT record', () => {
  it('is put away by an operator, also on disk', () => {
    const node = LoneNode.settled().says({ vip: 'r*' });
    expect(node.state.split?.groups).toEqual(['vip']);
    node.forget().command({ verb: 'acknowledgeSplit' });
    expect(node.state.split).toBeUndefined();
    expect(node.persisted('split.json')).toEqual(['{"groups":[]}']);
    expect(node.replies).toEqual(['1 ok final']);
  });
});
