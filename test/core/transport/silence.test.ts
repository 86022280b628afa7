import { describe, expect, it } from 'vitest';
import { step, transportDeadline, transportView } from '../../../src/core/transport/machine.ts';
import { messageOf, textOf } from '../../../src/core/transport/message.ts';
import {
  agreeOnDeadtime,
  digestOf,
  linkA,
  linkB,
  messageIn,
  ms,
  nodeEvents,
  Pair,
  sentMessages,
  typesOf,
} from './harness.ts';

/** Both up, nothing in flight, node1’s last keepalive heard by node2 at the time returned. */
function joined(pair = new Pair()): { pair: Pair; lastHeardUs: number } {
  pair.start('node1', 'node2').run(ms(1050));
  return { pair, lastHeardUs: pair.members.node2.state.peer!.lastStatusUs };
}

describe('silence of the peer', () => {
  it('is declared exactly one deadtime after its last status, after the sockets were read', () => {
    const { pair, lastHeardUs } = joined();
    pair.network = () => [];
    pair.run(lastHeardUs + ms(300) - 1 - pair.nowUs);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    pair.run(1);
    const [silent] = pair.heard('node2', 'peerSilent');
    expect(silent!.atUs).toBe(lastHeardUs + ms(300));
    const { linkViewVersion } = pair.members.node2.state;
    expect(silent!.event).toMatchObject({ node: 'node1', lastHeardUs, deadtimeMs: 300, linkViewVersion });
    expect(pair.members.node2.effects.filter(({ type }) => type === 'drainSockets')).toHaveLength(1);
  });

  it('is measured by the deadtime that the peer advertises', () => {
    const { pair } = joined();
    const said = { status: 'active', deadtimeMs: 1500, fields: [], immediately: true } as const;
    pair.give('node1', { type: 'advertise', nowUs: pair.nowUs, ...said });
    pair.run(ms(20));
    const { lastStatusUs } = pair.members.node2.state.peer!;
    pair.network = () => [];
    pair.run(ms(1400));
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    pair.run(ms(200));
    expect(pair.heard('node2', 'peerSilent')[0]!.atUs).toBe(lastStatusUs + ms(1500));
  });

  it('outdates no version that it carries, whatever the links do', () => {
    const { pair } = joined(new Pair({ links: [linkA, linkB] }));
    pair.network = ({ link }) => (link === linkB ? [40_000] : [100]);
    pair.run(ms(200));
    pair.network = () => [];
    pair.run(ms(1000));
    const [silent] = pair.heard('node2', 'peerSilent');
    expect(silent!.event).toMatchObject({ linkViewVersion: pair.members.node2.state.linkViewVersion });
    expect(transportView(pair.members.node2.state).links.map(({ up }) => up)).toEqual([false, false]);
  });

  it('is not declared when the sockets still held a status: this process slept, not the peer', () => {
    const { pair } = joined();
    const advertise = { status: 'up', deadtimeMs: 5000, fields: [], immediately: true } as const;
    pair.give('node2', { type: 'advertise', nowUs: pair.nowUs, ...advertise });
    agreeOnDeadtime(pair.members.node2.state, 5000);
    pair.run(ms(20));
    pair.pause('node2');
    pair.run(ms(1000));
    pair.resume('node2');
    pair.run(ms(1000));
    expect(pair.members.node2.effects.some(({ type }) => type === 'drainSockets')).toBe(true);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(pair.heard('node2', 'ownPause')).toEqual([]);
    expect(transportView(pair.members.node2.state).peer).toMatchObject({ heard: 'up' });
  });

  it('waits for the answer with the right token, and asks again when none comes', () => {
    const { pair } = joined();
    const { state } = pair.members.node2;
    const deadlineUs = state.peer!.lastStatusUs + ms(300);
    step(state, { type: 'timer', nowUs: deadlineUs - ms(100) });
    const asked = step(state, { type: 'timer', nowUs: deadlineUs }).find(({ type }) => type === 'drainSockets');
    expect(asked).toEqual({ type: 'drainSockets', token: 1 });
    expect(typesOf(step(state, { type: 'socketsDrained', nowUs: deadlineUs, token: 2 }))).toEqual([]);
    step(state, { type: 'timer', nowUs: deadlineUs + ms(100) });
    for (let later = 200; later <= 1000; later += 100) {
      const effects = step(state, { type: 'timer', nowUs: deadlineUs + ms(later) });
      expect(effects.some(({ type }) => type === 'drainSockets')).toBe(later === 1000);
    }
    expect(typesOf(step(state, { type: 'socketsDrained', nowUs: deadlineUs + ms(1001), token: 1 }))).toEqual([]);
    expect(typesOf(step(state, { type: 'socketsDrained', nowUs: deadlineUs + ms(1001), token: 2 }))).toContain(
      'peerSilent',
    );
  });

  it('ends with the first new status, as a return', () => {
    const { pair } = joined();
    pair.network = () => [];
    pair.run(ms(1000));
    expect(pair.members.node2.state.peer!.heard).toBe('silent');
    pair.network = () => [100];
    pair.run(ms(150));
    const returns = pair.heard('node2', 'peerHeard').slice(1);
    expect(returns.map(({ event }) => event)).toMatchObject([{ returning: true, generation: 100 }]);
    const { linkViewVersion } = returns[0]!.event as { linkViewVersion: number };
    expect(linkViewVersion).toBeGreaterThan(
      (pair.heard('node2', 'peerSilent')[0]!.event as { linkViewVersion: number }).linkViewVersion,
    );
  });

  it('is not ended by anything recorded before it', () => {
    const { pair } = joined();
    const before = pair.recorded.filter(({ from }) => from === 'node1');
    pair.network = () => [];
    pair.run(ms(1000));
    const digest = digestOf(pair.members.node2.state);
    for (const delivery of before) expect(typesOf(pair.arrive('node2', delivery))).toEqual([]);
    expect(digestOf(pair.members.node2.state)).toBe(digest);
  });

  it('is not ended by a message that is not a status; that message is asked for again after the status', () => {
    const { pair } = joined();
    pair.network = () => [];
    pair.run(ms(1000));
    pair.network = () => [100];
    pair.send('node1', messageOf('resource', { n: '1' }));
    pair.run(1000);
    expect(pair.members.node2.state.peer!.heard).toBe('silent');
    expect(pair.delivered('node2', 'resource', 'n')).toEqual([]);
    pair.run(ms(200));
    expect(pair.delivered('node2', 'resource', 'n')).toEqual(['1']);
  });

  it('of a new generation is a new peer, not a return', () => {
    const { pair } = joined();
    pair.network = () => [];
    pair.run(ms(1000));
    pair.give('node1', { type: 'rejoin', nowUs: pair.nowUs, generation: 101 });
    pair.network = () => [100];
    pair.run(ms(150));
    expect(pair.heard('node2', 'peerHeard').at(-1)!.event).toMatchObject({ returning: false, generation: 101 });
  });

  it('does not follow from a restart of the peer, whose numbers begin again', () => {
    const { pair } = joined();
    pair.give('node1', { type: 'rejoin', nowUs: pair.nowUs, generation: 101 });
    pair.run(ms(800));
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(pair.delivered('node2', 'status', 'hg').filter((generation) => generation === '65').length).toBeGreaterThan(
      7,
    );
    expect(transportView(pair.members.node2.state).links[0]!.up).toBe(true);
  });
});

describe('a pause of this node', () => {
  it('is said before anything that waited is believed, and makes it silent and deaf', () => {
    const { pair } = joined();
    const { state } = pair.members.node1;
    const datagram = pair.recorded.findLast(({ from }) => from === 'node2')!;
    const pausedUs = state.lastKeepaliveUs;
    const nowUs = pausedUs + ms(300) + 1;
    const effects = step(state, { type: 'datagram', nowUs, link: linkA, bytes: datagram.bytes, source: 'node2:694' });
    expect(effects[0]).toEqual({ type: 'toNode', event: { type: 'ownPause', nowUs, gapUs: ms(300) + 1 } });
    expect(sentMessages(effects)).toEqual([]);
    expect(transportDeadline(state)).toBeUndefined();
    const send = { type: 'send', nowUs: nowUs + 1, message: messageOf('resource') } as const;
    const said = {
      type: 'advertise',
      nowUs: nowUs + 1,
      status: 'up',
      deadtimeMs: 300,
      fields: [],
      immediately: true,
    } as const;
    for (const event of [send, said, { type: 'timer', nowUs: nowUs + 1 }] as const)
      expect(step(state, event)).toEqual([]);
  });

  it.each(['timer', 'socketsDrained', 'send'] as const)('is noticed by %s', (type) => {
    const { pair } = joined();
    const { state } = pair.members.node1;
    const nowUs = state.lastKeepaliveUs + ms(301);
    expect(typesOf(step(state, { type, nowUs, token: 1, message: messageOf('x') } as never))).toEqual(['ownPause']);
  });

  it('is none at exactly the deadtime', () => {
    const { pair } = joined();
    const { state } = pair.members.node1;
    const effects = step(state, { type: 'timer', nowUs: state.lastKeepaliveUs + ms(300) });
    expect(typesOf(effects)).not.toContain('ownPause');
    expect(sentMessages(effects)).toHaveLength(1);
  });

  it('ends with a new generation: numbers from 1, an empty history, and a peer that must answer to the new one', () => {
    const { pair } = joined();
    pair.pause('node1');
    pair.run(ms(2000));
    pair.resume('node1');
    expect(pair.members.node1.state.paused).toBe(true);
    const heardBefore = pair.heard('node1', 'peerHeard').length;
    const resumedUs = pair.nowUs;
    const [status] = sentMessages(pair.give('node1', { type: 'rejoin', nowUs: pair.nowUs, generation: 101 }));
    expect([textOf(status!, 'seq'), textOf(status!, 'hg'), textOf(status!, 'pbto')]).toEqual(['1', '65', '0']);
    expect(transportDeadline(pair.members.node1.state)).toBe(resumedUs + ms(100));

    const old = pair.recorded.findLast(({ from }) => from === 'node2')!;
    expect(textOf(messageIn(old.bytes), 'pbto')).toBe('64');
    expect(nodeEvents(pair.arrive('node1', old)).map(({ type }) => type)).toEqual(['peerDoesNotHearUs']);

    pair.run(ms(20));
    const heard = pair.heard('node1', 'peerHeard').slice(heardBefore);
    expect(heard.map(({ event }) => event)).toMatchObject([{ returning: false, generation: 100 }]);
    pair.send('node2', messageOf('resource', { n: '1' }));
    pair.run(ms(20));
    expect(pair.delivered('node1', 'resource', 'n')).toEqual(['1']);
  });

  it('of both nodes at once is overcome by both', () => {
    const { pair } = joined();
    for (const name of ['node1', 'node2'] as const) pair.pause(name);
    pair.run(ms(2000));
    for (const name of ['node1', 'node2'] as const) {
      pair.resume(name);
      pair.give(name, { type: 'rejoin', nowUs: pair.nowUs, generation: 101 });
    }
    pair.run(ms(150));
    for (const name of ['node1', 'node2'] as const) {
      expect(pair.heard(name, 'peerHeard').at(-1)!.event).toMatchObject({ generation: 101, returning: false });
      expect(pair.members[name].state.peer!.heard).toBe('up');
    }
  });
});
