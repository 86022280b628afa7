/** Guards of membership that no story needed, each shown to matter by a wrong version of it that nothing else caught. */
import { describe, expect, it } from 'vitest';
import { encodeReport } from '../../src/core/haresources/report.ts';
import { messageOf } from '../../src/core/transport/message.ts';
import { LoneNode, node1, node2, uuids, vip, web } from './lone-node.ts';

const boot = (): LoneNode => new LoneNode().boot();
const goodbye = messageOf('shutdone');

describe('what a peer has said', () => {
  it('is forgotten when another machine speaks under its name, also in a generation of the same number', () => {
    const node = LoneNode.settled();
    expect(node.state.peer.report).toBeDefined();
    const event = { type: 'peerHeard', node: node2, generation: node.peerGeneration, returning: false } as const;
    node.give({ ...event, uuid: uuids.node1, linkViewVersion: 9 });
    expect(node.state.peer.report).toBeUndefined();
  });

  it('does not count while it is silent, or after it has said goodbye', () => {
    const silent = LoneNode.settled().silent();
    const { report } = silent.state.peer;
    expect(silent.says({ web: 'f' }).state.peer).toMatchObject({ presence: 'silent', report });
    expect(silent.letters).toBe('rr');
    const left = LoneNode.settled().message(goodbye).forget();
    const { report: last } = left.state.peer;
    expect(left.says({ web: 'f' }).state.peer).toMatchObject({ presence: 'left', report: last });
    expect(left.letters).toBe('rr');
    left.message(goodbye);
    expect(left.logged).not.toContain('peer-left');
  });

  it('aloud, to an earlier life of ours, is kept in the order of its versions', () => {
    const node = boot().heard();
    const aloud = (version: number): LoneNode => {
      const groups = [{ key: 'vip', letter: 'r', marked: false, owner: node1 }] as const;
      const report = { version, ack: 0, ackGeneration: 7, stage: 'member', groups } as const;
      const status = messageOf('status', { st: 'active', pbver: '1', pbsees: 'dead', pbto: '7' });
      return node.message({ fields: [...status.fields, ...encodeReport(report)] });
    };
    aloud(5);
    aloud(3);
    expect(node.state.peer.overheard?.version).toBe(5);
    expect(aloud(6).state.peer.overheard?.version).toBe(6);
  });
});

describe('a status', () => {
  it('is remembered, and one without a word changes nothing', () => {
    const node = LoneNode.settled();
    expect(node.state.peer.status).toBe('active');
    node.says({}, { fields: { st: 'up' } });
    expect(node.state.peer.status).toBe('up');
    node.message(messageOf('status', { dt: '12c', pbver: '1' }));
    expect(node.state.peer.status).toBe('up');
  });

  it('without a digest leaves that of a Pairbeat peer as it was, and a real Heartbeat has none', () => {
    const node = LoneNode.settled().says({}, { fields: { pbdig: '0123' } });
    expect(node.says().state.peer.configurationDigest).toBe('0123');
    node.forget().message(messageOf('status', { st: 'active', dt: '12c' }));
    expect(node.state.peer.configurationDigest).toBeUndefined();
    expect(node.logged).toContain('peer-is-heartbeat');
    node.forget().says();
    expect(node.state.peer.product).toBe('pairbeat');
    expect(node.logged).not.toContain('peer-is-heartbeat');
  });
});

describe('a node that waits', () => {
  it('is not made to wait shorter by a peer that does not hear it', () => {
    const node = new LoneNode({ initdeadMs: 10_000 }).boot();
    node.give({ type: 'peerDoesNotHearUs', node: node2 });
    expect(node.pass(9_999).stage).toBe('joining');
    expect(node.pass(1).stage).toBe('member');
  });

  it('joins nobody while there is no host to start anything', () => {
    const node = boot();
    node.give({ type: 'hostLost', reason: 'killed' });
    expect(node.heard().says().pass(2000).stage).toBe('joining');
    const hello = { hostPid: 2, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };
    node.give({ type: 'hostReady', hello });
    expect(node.says().stage).toBe('member');
  });
});

it('a peer that comes back is remembered as returning, one that is new is not', () => {
  const node = LoneNode.settled();
  expect(node.state.peer.returnedUs).toBeUndefined();
  node.silent().pass(100).heard(true);
  expect(node.state.peer.returnedUs).toBe(node.nowUs);
});

it('a start on silence says by which deadtime: that which the peer has told, or our own where it told none', () => {
  const told = LoneNode.settled().silent();
  const deadtimeOf = (node: LoneNode): unknown =>
    node.ofType('operation').findLast(({ evidence }) => evidence)?.evidence;
  expect(deadtimeOf(told)).toMatchObject({ kind: 'unprotected', deadtimeMs: 300 });
  const unheard = new LoneNode({ deadtimeMs: 450, groups: [vip, web] }).boot().pass(2000);
  expect(deadtimeOf(unheard)).toMatchObject({ kind: 'unprotected', deadtimeMs: 450 });
});
