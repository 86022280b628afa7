import { describe, expect, it } from 'vitest';
import { step, transportView } from '../../../src/core/transport/machine.ts';
import type { Field, Message } from '../../../src/core/transport/message.ts';
import { sealPacket } from '../../../src/core/transport/packet.ts';
import { nodeName } from '../../../src/core/types.ts';
import { agreeOnDeadtime, digestOf, linkA, ms, nodeEvents, Pair, started, uuids } from './harness.ts';
import { hashes, keys } from './support.ts';

/** A status as a real Heartbeat signs it, with whatever the test puts in. */
function status(changes: Record<string, string | Uint8Array | undefined>): Uint8Array {
  const uuid = new Uint8Array(16).fill(0x22);
  const fields = {
    t: 'status',
    st: 'up',
    dt: '12c',
    protocol: '1',
    src: 'node2',
    srcuuid: uuid,
    seq: '1',
    hg: '64',
    ts: '6b49d200',
    ttl: '3',
    ...changes,
  };
  const message: Message = {
    fields: Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ name, value: value as Field['value'] })),
  };
  const sealed = sealPacket(message, keys('sha256'), hashes, 'netstring');
  if (!sealed.ok) throw new Error(sealed.problem.code);
  return sealed.value;
}

function receive(state: ReturnType<typeof started>, bytes: Uint8Array, nowUs = ms(1001)) {
  return step(state, { type: 'datagram', nowUs, link: linkA, bytes, source: '10.0.0.2:694' });
}

const own = { src: 'node1', srcuuid: new Uint8Array(16).fill(0x11) };

describe('whose packet it is', () => {
  it('ignores its own packets that come back, also those from before a rejoin', () => {
    const state = started('node1');
    const [mine] = step(state, { type: 'timer', nowUs: ms(1100) });
    const bytes = mine?.type === 'transmit' ? mine.bytes : new Uint8Array();
    const digest = digestOf(state);
    expect(receive(state, bytes, ms(1100))).toEqual([]);
    expect(digestOf(state)).toBe(digest);
    step(state, { type: 'rejoin', nowUs: ms(1150), generation: 107 });
    expect(receive(state, bytes, ms(1151))).toEqual([]);
    expect(transportView(state).counters).toMatchObject({ reflection: 2 });
    expect(transportView(state).counters['cloned-machine']).toBeUndefined();
  });

  it.each([
    ['our name and uuid in another generation', { ...own, hg: '63' }],
    ['our name and uuid in a later generation', { ...own, hg: '65' }],
    ['our name with another uuid', { src: 'node1' }],
    ['our name in other letters', { src: 'NODE1' }],
    ['our uuid under another name', { srcuuid: own.srcuuid }],
    ['our name, uuid and generation, but a number that we have not used', { ...own, seq: '5' }],
  ])('raises an alarm, and nothing else, on %s', (_what, changes) => {
    const state = started('node1');
    const digest = digestOf(state);
    const effects = receive(state, status(changes));
    expect(effects).toMatchObject([{ type: 'log', level: 'critical', message: { code: 'cloned-machine' } }]);
    for (let number = 0; number < 50; number++) expect(receive(state, status(changes))).toEqual([]);
    expect(digestOf(state)).toBe(digest);
    expect(transportView(state).counters['cloned-machine']).toBe(51);
  });

  it('counts unknown nodes and names one of them in the log', () => {
    const state = started('node1');
    const effects = [...receive(state, status({ src: 'node\x1b[7' })), ...receive(state, status({ src: 'node8' }))];
    expect(effects).toMatchObject([{ type: 'log', message: { code: 'unknown-node', fields: { node: 'node?[7' } } }]);
    expect(transportView(state).counters['unknown-node']).toBe(2);
  });

  it.each([
    ['t', undefined],
    ['src', undefined],
    ['ts', undefined],
    ['ts', '0'],
    ['hg', undefined],
    ['hg', '0'],
    ['hg', 'xyz'],
    ['seq', undefined],
    ['seq', '0'],
    ['srcuuid', undefined],
    ['srcuuid', new Uint8Array(15)],
    ['pbver', '1'],
  ])('refuses a packet whose %s is %s', (name, value) => {
    const state = started('node1');
    const digest = digestOf(state);
    expect(nodeEvents(receive(state, status({ [name]: value })))).toEqual([]);
    expect(transportView(state).counters.malformed).toBe(1);
    expect(digestOf(state)).toBe(digest);
  });
});

describe('generations of the peer', () => {
  const persist = (effects: ReturnType<typeof step>) => effects.filter(({ type }) => type === 'persistPeerGeneration');

  it('are durable before they are believed', () => {
    const state = started('node1');
    const effects = receive(state, status({}));
    expect(effects).toEqual([
      { type: 'persistPeerGeneration', requestId: 1, node: nodeName('node2'), uuid: uuids.node2, generation: 100 },
    ]);
    expect(nodeEvents(receive(state, status({ seq: '2' })))).toEqual([]);
    expect(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId: 9 })).toEqual([]);
    const accepted = nodeEvents(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1003), requestId: 1 }));
    expect(accepted).toMatchObject([
      { type: 'peerHeard', generation: 100 },
      { type: 'linkState' },
      { type: 'message' },
    ]);
    expect(transportView(state).peer).toMatchObject({ product: 'heartbeat', uuid: uuids.node2 });
  });

  it('need no second record when the disk already has them', () => {
    const state = started('node1', {
      persistedPeers: [{ node: nodeName('node2'), uuid: uuids.node2, generation: 100 }],
    });
    expect(nodeEvents(receive(state, status({}))).map(({ type }) => type)).toContain('peerHeard');
    expect(persist(receive(state, status({ hg: '65' })))).toHaveLength(1);
  });

  it('are replaced while they wait only by a higher one', () => {
    const state = started('node1');
    receive(state, status({}));
    expect(persist(receive(state, status({ hg: '63' })))).toEqual([]);
    expect(persist(receive(state, status({ hg: '66' })))).toMatchObject([{ requestId: 2, generation: 0x66 }]);
    expect(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1003), requestId: 1 })).toEqual([]);
    const accepted = nodeEvents(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1003), requestId: 2 }));
    expect(accepted[0]).toMatchObject({ type: 'peerHeard', generation: 0x66 });
    expect(nodeEvents(receive(state, status({ hg: '65', seq: '9' })))).toEqual([]);
  });

  it('are opened by a status alone', () => {
    const state = started('node1');
    const digest = digestOf(state);
    expect(receive(state, status({ t: 'resource' })).filter(({ type }) => type !== 'log')).toEqual([]);
    expect(digestOf(state)).toBe(digest);
  });

  it('lose no message that came while they waited', () => {
    const pair = new Pair();
    pair.persistDelayUs.node2 = ms(60);
    pair.start('node2', 'node1').run(ms(5));
    expect(pair.heard('node1', 'peerHeard')).toHaveLength(1);
    for (const n of ['1', '2'])
      pair.send('node1', {
        fields: [
          { name: 't', value: 'starting' },
          { name: 'n', value: n },
        ],
      });
    pair.run(ms(40));
    expect(pair.delivered('node2', 'starting', 'n')).toEqual([]);
    pair.run(ms(300));
    expect(pair.delivered('node2', 'starting', 'n').toSorted()).toEqual(['1', '2']);
  });

  it('that wait for a slow disk keep the peer from being declared silent', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    pair.persistDelayUs.node2 = ms(5000);
    pair.give('node1', { type: 'rejoin', nowUs: pair.nowUs, generation: 101 });
    pair.run(ms(3000));
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    const codes = pair.members.node2.effects.flatMap((effect) => (effect.type === 'log' ? [effect.message.code] : []));
    expect(codes).toContain('peer-generation-not-durable');
    pair.network = () => [];
    pair.run(ms(1000));
    expect(pair.heard('node2', 'peerSilent')).toHaveLength(1);
  });

  it('belong to a uuid: a reinstalled peer is accepted with a word in the log, its predecessor no longer', () => {
    const state = started('node1');
    receive(state, status({}));
    step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId: 1 });
    const reinstalled = { srcuuid: new Uint8Array(16).fill(0x33), hg: '32' };
    expect(persist(receive(state, status(reinstalled)))).toHaveLength(1);
    const effects = step(state, { type: 'peerGenerationPersisted', nowUs: ms(1003), requestId: 2 });
    expect(effects.some((effect) => effect.type === 'log' && effect.message.code === 'peer-uuid-changed')).toBe(true);
    expect(nodeEvents(effects)[0]).toMatchObject({ type: 'peerHeard', uuid: '33'.repeat(16), generation: 0x32 });
    expect(nodeEvents(receive(state, status({ seq: '2' })))).toEqual([]);
    expect(transportView(state).counters['stale-generation']).toBe(1);
  });
});

describe('freshness', () => {
  const pairbeat = (pbto: string, changes = {}) => status({ pbver: '1', pbto, ...changes });

  it('drops what was meant for an earlier incarnation of this node', () => {
    const state = started('node1');
    const digest = digestOf(state);
    expect(nodeEvents(receive(state, pairbeat('63'))).map(({ type }) => type)).toEqual(['peerDoesNotHearUs']);
    expect(transportView(state).counters['stale-incarnation']).toBe(1);
    expect(transportView(state).peer).toMatchObject({ lastDeafStatusUs: ms(1001) });
    expect(digestOf(state)).toBe(digest);
  });

  it('takes a status of a peer that has not heard us, but no message', () => {
    const state = started('node1');
    receive(state, pairbeat('0'));
    const accepted = nodeEvents(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId: 1 }));
    expect(accepted.map(({ type }) => type)).toContain('peerHeard');
    expect(nodeEvents(receive(state, pairbeat('0', { t: 'resource', seq: '2' })))).toEqual([]);
    expect(nodeEvents(receive(state, pairbeat('64', { t: 'resource', seq: '2' })))).toMatchObject([
      { type: 'message' },
    ]);
    expect(nodeEvents(receive(state, status({ t: 'resource', seq: '3' })))).toEqual([]);
    expect(transportView(state).counters).toMatchObject({ unconfirmed: 1, 'stale-incarnation': 1 });
  });

  it('wants confirmation where the generation was known before this process', () => {
    const state = started('node1', {
      persistedPeers: [{ node: nodeName('node2'), uuid: uuids.node2, generation: 100 }],
    });
    expect(nodeEvents(receive(state, pairbeat('0'))).map(({ type }) => type)).toEqual(['peerDoesNotHearUs']);
    expect(nodeEvents(receive(state, pairbeat('64', { seq: '2' })))[0]).toMatchObject({ type: 'peerHeard' });
  });

  it('wants confirmation of the new generation after a rejoin', () => {
    const state = started('node1');
    receive(state, pairbeat('0'));
    step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId: 1 });
    step(state, { type: 'rejoin', nowUs: ms(1003), generation: 101 });
    expect(nodeEvents(receive(state, pairbeat('0', { seq: '2' }))).map(({ type }) => type)).toEqual([
      'peerDoesNotHearUs',
    ]);
    expect(nodeEvents(receive(state, pairbeat('65', { seq: '3' })))[0]).toMatchObject({ type: 'peerHeard' });
  });

  it('asks for what was refused just before one hearing at that hearing only', () => {
    const state = started('node1', {
      persistedPeers: [{ node: nodeName('node2'), uuid: uuids.node2, generation: 100 }],
    });
    const missing = () => [...state.peer!.window.missing.keys()];
    receive(state, pairbeat('64', { t: 'resource', seq: '2' }));
    receive(state, pairbeat('64', { seq: '3' }));
    expect(missing()).toEqual([2]);
    expect(nodeEvents(receive(state, pairbeat('64', { t: 'resource', seq: '2' })))).toMatchObject([
      { type: 'message' },
    ]);
    step(state, {
      type: 'advertise',
      nowUs: ms(1002),
      status: 'up',
      deadtimeMs: 60_000,
      fields: [],
      immediately: true,
    });
    agreeOnDeadtime(state, 60_000);
    step(state, { type: 'timer', nowUs: ms(1400) });
    step(state, { type: 'socketsDrained', nowUs: ms(1400), token: 1 });
    expect(state.peer!.heard).toBe('silent');
    expect(nodeEvents(receive(state, pairbeat('64', { seq: 'a' }), ms(1401)))[0]).toMatchObject({ returning: true });
    expect(missing()).toEqual([]);
    expect(nodeEvents(receive(state, pairbeat('64', { t: 'resource', seq: '2' }), ms(1401)))).toEqual([]);
  });

  it('is not asked of the same message again and again', () => {
    const state = started('node1');
    receive(state, pairbeat('0'));
    step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId: 1 });
    receive(state, pairbeat('64', { seq: '4' }));
    expect([...state.peer!.window.missing.keys()]).toEqual([2, 3]);
    receive(state, pairbeat('0', { t: 'resource', seq: '2' }));
    receive(state, pairbeat('63', { t: 'resource', seq: '3' }));
    expect([...state.peer!.window.missing.keys()]).toEqual([]);
  });

  it('tells the node once for each status that the peer does not hear us, however often it is repeated', () => {
    const state = started('node1');
    const heard = (bytes: Uint8Array, nowUs: number) =>
      nodeEvents(receive(state, bytes, nowUs)).map(({ type }) => type);
    expect(heard(pairbeat('63', { seq: '5' }), ms(1001))).toEqual(['peerDoesNotHearUs']);
    expect(heard(pairbeat('63', { seq: '5' }), ms(1002))).toEqual([]);
    expect(heard(pairbeat('63', { seq: '4' }), ms(1003))).toEqual([]);
    expect(heard(pairbeat('63', { seq: '6' }), ms(1004))).toEqual(['peerDoesNotHearUs']);
  });

  it('says in the log that the peer does not hear us when that lasts', () => {
    const state = started('node1');
    step(state, { type: 'timer', nowUs: ms(1250) });
    expect(
      receive(state, pairbeat('63'), ms(1299)).some(
        (effect) => effect.type === 'log' && effect.message.code === 'peer-does-not-hear-us',
      ),
    ).toBe(false);
    expect(
      receive(state, pairbeat('63', { seq: '2' }), ms(1301)).some(
        (effect) => effect.type === 'log' && effect.message.code === 'peer-does-not-hear-us',
      ),
    ).toBe(true);
  });
});
