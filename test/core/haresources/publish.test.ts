import { describe, expect, it } from 'vitest';
import { decodeReport } from '../../../src/core/haresources/report.ts';
import { textOf } from '../../../src/core/transport/message.ts';
import { answering, LoneNode } from '../lone-node.ts';

const reportsOf = (node: LoneNode) => node.ofType('advertise').map(({ fields }) => decodeReport({ fields })!);
const holdsOf = (node: LoneNode) =>
  node
    .ofType('send')
    .filter(({ message }) => textOf(message, 't') === 'resource')
    .map(({ message }) => `${textOf(message, 'rsc_hold')} ${textOf(message, 'isstable')}`);

describe('what is said of this node', () => {
  it('is said at once when it changes, with a version that grows by one, and not otherwise', () => {
    const node = LoneNode.settled();
    node.says({ web: 'o' });
    const letters = reportsOf(node).map(({ groups }) => groups.map(({ letter }) => letter).join(''));
    expect(letters).toEqual(['rs', 'rr']);
    const [first, second] = reportsOf(node);
    expect(second!.version).toBe(first!.version + 1);
    expect(node.ofType('advertise').every(({ immediately }) => immediately)).toBe(true);
    node.forget().pass(10_000);
    expect(node.effects).toEqual([]);
  });

  it('is said again, in the same version, when the peer’s next word has been read', () => {
    const node = LoneNode.settled();
    const { reportVersion } = node.state;
    node.says();
    const [report, ...more] = reportsOf(node);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ version: reportVersion, ack: node.state.peer.report!.version, ackGeneration: 50 });
  });

  it('carries stage, owner and mark of every group, and what the configuration is', () => {
    const node = LoneNode.settled().silent();
    const { fields, deadtimeMs, status } = node.ofType('advertise').at(-1)!;
    expect(decodeReport({ fields })).toMatchObject({
      stage: 'member',
      groups: [
        { key: 'vip', letter: 'r', marked: false, owner: 'node1' },
        { key: 'web', letter: 'r', marked: true, owner: 'node2' },
      ],
    });
    expect([deadtimeMs, status, textOf({ fields }, 'pbdig')]).toEqual([300, 'active', '0123456789abcdef']);
  });

  it('begins a new count of what was acknowledged with each life of the peer', () => {
    const node = LoneNode.settled().peerRestarts().heard();
    expect(reportsOf(node).at(-1)).toMatchObject({ ack: 0, ackGeneration: 51 });
  });

  it('says up until it is a member, and dead when it has left', () => {
    const node = new LoneNode().boot();
    expect(node.ofType('advertise').at(-1)!.status).toBe('up');
    node.heard().says();
    expect(node.ofType('advertise').at(-1)!.status).toBe('active');
    node.give({ type: 'ownPause', gapUs: 900_000 });
    expect(node.ofType('advertise').at(-1)!.status).toBe('up');
    node.give({ type: 'stopRequested' });
    expect(node.ofType('advertise').at(-1)!.status).toBe('dead');
  });
});

describe('the classic resource message', () => {
  it('follows the class of what is held, once for each change, stable when nothing moves', () => {
    const node = new LoneNode().boot().heard().says();
    expect(holdsOf(node)).toEqual(['none 0', 'local 0', 'local 1']);
    node.forget().says({ web: 'o' });
    expect(holdsOf(node)).toEqual(['all 0', 'all 1']);
    node.forget().command({ verb: 'standby', scope: 'local' }).asks('other', 'vip').says({ vip: 'r' });
    expect(holdsOf(node)).toEqual(['all 0', 'foreign 1']);
  });

  it('says none when everything is given away, and still holds what could not be stopped', () => {
    const standby = { verb: 'standby', scope: 'all' } as const;
    const empty = LoneNode.settled().command(standby).asks('other', 'vip');
    expect(holdsOf(empty).at(-1)).toBe('none 1');
    const stuck = LoneNode.settled();
    stuck.answer = answering({ 'stop vip#1': 'failed' });
    expect(holdsOf(stuck.command(standby).asks('other', 'vip').pass(1000)).at(-1)).toBe('local 1');
  });

  it('carries the report as well: whichever arrives first will do', () => {
    const node = new LoneNode().boot();
    const { message } = node.ofType('send')[0]!;
    expect(decodeReport(message)).toEqual(reportsOf(node)[0]);
  });
});
