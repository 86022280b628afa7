/** Packets of strangers, and of a keyholder that has gone wrong: neither may move, break or bloat the transport. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step, type TransportState, transportDeadline, transportView } from '../../../src/core/transport/machine.ts';
import type { Field, Message } from '../../../src/core/transport/message.ts';
import { sealPacket } from '../../../src/core/transport/packet.ts';
import {
  agreeOnDeadtime,
  arrive,
  digestOf,
  linkA,
  linkB,
  ms,
  recordedPair,
  sentMessages,
  started,
  uuids,
} from './harness.ts';
import { hashes, keys } from './support.ts';

const pair = recordedPair();
const fromNode1 = pair.recorded.filter(({ from }) => from === 'node1');

describe('without a valid MAC', () => {
  const mutation = fc.record({
    index: fc.nat(),
    position: fc.nat(),
    value: fc.integer({ min: 1, max: 255 }),
    cut: fc.boolean(),
  });

  it('no packet changes anything but counters, log limits and the flood limiter', () => {
    const { state } = pair.members.node2;
    const digest = digestOf(state);
    const nowUs = state.nowUs;
    fc.assert(
      fc.property(mutation, ({ index, position, value, cut }) => {
        const original = fromNode1[index % fromNode1.length]!;
        const at = position % original.bytes.length;
        const bytes = cut ? original.bytes.slice(0, at) : original.bytes.slice();
        if (!cut) bytes[at]! ^= value;
        const effects = arrive(state, { ...original, bytes }, nowUs);
        expect(effects.every(({ type }) => type === 'log')).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(digestOf(state)).toBe(digest);
  });

  it.each([
    ['bad-mac', keys('sha256', 'wrong')],
    ['unknown-key', keys('sha256', 'labsecret', 7)],
  ])('a packet is counted as %s, and logged once a minute with the number left out', (reason, authentication) => {
    const state = started('node2', { authentication });
    const logs = (nowUs: number) => arrive(state, fromNode1[0]!, nowUs).filter(({ type }) => type === 'log');
    step(state, { type: 'advertise', nowUs: ms(1000), status: 'up', deadtimeMs: 1e6, fields: [], immediately: true });
    agreeOnDeadtime(state, 1e6);
    expect(logs(ms(1000))).toMatchObject([{ message: { code: 'packet-refused', fields: { reason, suppressed: 0 } } }]);
    for (let number = 0; number < 500; number++) expect(logs(ms(1001))).toEqual([]);
    expect(logs(ms(61_001))).toMatchObject([{ message: { fields: { reason, suppressed: 500 } } }]);
    expect(transportView(state).counters[reason as 'bad-mac']).toBe(502);
  });

  it('a truncated and an oversized packet are counted', () => {
    const state = started('node2');
    arrive(state, { link: linkA, bytes: fromNode1[0]!.bytes.slice(0, -1) }, ms(1000));
    arrive(state, { link: linkA, bytes: new Uint8Array(65_537).fill(35) }, ms(1000));
    expect(transportView(state).counters).toMatchObject({ truncated: 1, oversized: 1, received: 2 });
    expect(sentMessages(step(state, { type: 'timer', nowUs: ms(1100) }))).toHaveLength(1);
  });
});

const hostile = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '64',
    '65',
    '-1',
    'ffffffffffff',
    '9'.repeat(14),
    '9'.repeat(400),
    'node1',
    'node2',
    'NaN',
    '1e9',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0')),
);
const type = fc.constantFrom(
  'status',
  'resource',
  'NS_rexmit',
  'NS_ackmsg',
  'NS_nak_rexmit',
  'NS_st',
  'NS_',
  'repnodes',
);
const uuid = fc
  .constantFrom(...Array<string>(10).fill(uuids.node2), uuids.node1, '00'.repeat(16))
  .map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

const message = fc
  .record({
    t: type,
    src: fc.constantFrom(...Array<string>(10).fill('node2'), 'node1', 'NODE2', 'node3'),
    srcuuid: uuid,
    seq: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 300 }).map((number) => number.toString(16)) },
      { weight: 1, arbitrary: hostile },
    ),
    hg: fc.constantFrom(...Array<string>(60).fill('64'), '65', 'ffffffffffff'),
    ts: fc.constantFrom(...Array<string>(10).fill('1'), '0'),
    pbver: fc.constantFrom('1', '1', '1', '1', undefined),
    pbto: fc.constantFrom('64', '64', '64', '64', '64', '0', '63', undefined),
    dt: fc.oneof({ weight: 9, arbitrary: fc.constant('1388') }, { weight: 1, arbitrary: hostile }),
    st: hostile,
    dest: fc.constantFrom('node1', undefined, 'node2'),
    firstseq: hostile,
    lastseq: hostile,
    ackseq: hostile,
    destuuid: fc.option(uuid, { nil: undefined }),
  })
  .map(
    (fields): Message => ({
      fields: Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    }),
  );

/** Without it most scripts would end before anything was believed. */
const greeting: Message = {
  fields: [
    { name: 'srcuuid', value: new Uint8Array(16).fill(0x22) },
    ...Object.entries({
      t: 'status',
      src: 'node2',
      seq: '1',
      hg: '64',
      ts: '1',
      pbver: '1',
      pbto: '64',
      dt: '1388',
    }).map(([name, value]): Field => ({ name, value })),
  ],
};

function deliver(state: TransportState, said: Message, nowUs: number): void {
  const sealed = sealPacket(said, keys('sha256'), hashes, 'netstring');
  if (!sealed.ok) throw new Error(sealed.problem.code);
  for (const link of [linkA, linkB]) {
    for (const effect of step(state, { type: 'datagram', nowUs, link, bytes: sealed.value, source: 'x' })) {
      if (effect.type !== 'persistPeerGeneration') continue;
      step(state, { type: 'peerGenerationPersisted', nowUs, requestId: effect.requestId });
    }
  }
}

it('survives every message that a keyholder can write', () => {
  let believed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(message, fc.nat({ max: 80 })), { minLength: 30, maxLength: 60, size: 'max' }),
      (script) => {
        const state = started('node1', { links: [linkA, linkB] });
        let nowUs = ms(1000);
        deliver(state, greeting, nowUs);
        for (const [said, pauseMs] of script) {
          nowUs += ms(pauseMs);
          for (const effect of step(state, { type: 'timer', nowUs })) {
            if (effect.type === 'drainSockets') step(state, { type: 'socketsDrained', nowUs, token: effect.token });
          }
          deliver(state, said, nowUs);
          const deadline = transportDeadline(state);
          expect(deadline === undefined || Number.isSafeInteger(deadline)).toBe(true);
        }
        expect(state.peer!.window.missing.size).toBeLessThanOrEqual(250);
        expect(state.accounts.logged.size).toBeLessThanOrEqual(40);
        expect(state.history).toHaveLength(500);
        believed += transportView(state).counters.accepted ?? 0;
      },
    ),
    { numRuns: 80 },
  );
  expect(believed).toBeGreaterThan(150);
});
