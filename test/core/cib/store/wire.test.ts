import { describe, expect, it } from 'vitest';
import type { StoreMessage } from '../../../../src/core/cib/store/messages.ts';
import { partBytes } from '../../../../src/core/cib/store/parts.ts';
import { fromMessage, toMessage } from '../../../../src/core/cib/store/wire.ts';
import { encodeClassic } from '../../../../src/core/transport/classic.ts';
import type { Message } from '../../../../src/core/transport/message.ts';

const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
const version = { adminEpoch: 0, epoch: 18, numUpdates: 0 };
const chain = Array.from({ length: 192 }, (_, number) => ({
  digest: String(number).padStart(64, 'a'),
  ...(number % 2 === 0 ? { alone: { fenced: true, quorum: false, held: number } } : {}),
}));

const messages: readonly StoreMessage[] = [
  {
    kind: 'head',
    head: { current: { version, digest: one }, chain, apart: { fenced: false, quorum: true, held: 3 } },
    wantsAnswer: true,
  },
  {
    kind: 'head',
    head: { current: undefined, chain: [], apart: { fenced: false, quorum: false, held: 0 } },
    wantsAnswer: false,
  },
  {
    kind: 'offer',
    purpose: 'copy',
    file: one,
    bytes: 70000,
    digest: two,
    base: '',
    sum: 'abc',
    data: Uint8Array.of(60, 99, 105, 98, 62),
  },
  { kind: 'part', file: one, number: 3, sum: 'abc', data: Uint8Array.of(0, 10, 13, 255) },
  { kind: 'ask', file: one, from: 2, to: 5 },
  { kind: 'want', digest: one },
  { kind: 'accepted', digest: one },
  { kind: 'refused', digest: one, code: 'disk-full', reason: '/var/lib/heartbeat/crm' },
  { kind: 'outcome', request: one, outcome: { ok: true, version, digest: two } },
  { kind: 'outcome', request: one, outcome: { ok: false, code: 'configuration-stale', fields: { current: '0.18.0' } } },
];

describe('messages on the wire', () => {
  it.each(messages.map((message) => [message.kind, message] as const))('%s comes back as it was', (_, message) => {
    expect(fromMessage(toMessage(message))).toEqual(message);
  });

  it('fit into a packet, also in the form that is longest', () => {
    const large = messages.map((message) =>
      'data' in message ? { ...message, data: new Uint8Array(partBytes) } : message,
    );
    const sizes = large.map((message) => encodeClassic(toMessage(message)).length);
    expect(Math.max(...sizes)).toBeGreaterThan(partBytes);
    expect(Math.max(...sizes)).toBeLessThan(50_000);
  });

  it('are nothing when a field is missing, doubled in meaning, or nonsense', () => {
    for (const message of messages) {
      const { fields } = toMessage(message);
      const type = fields[0]!;
      expect(fromMessage({ fields: [type] }), message.kind).toBe(undefined);
      for (const [index, { name, value }] of fields.entries()) {
        if (index === 0) continue;
        const changed: Message = {
          fields: fields.map((field, at) =>
            at === index ? { name, value: typeof value === 'string' ? '\u0000;' : '' } : field,
          ),
        };
        // Free text and what has no meaning of its own may be anything.
        if (!['reason', 'sum', 'ask', 'facts', 'fact-current'].includes(name))
          expect(fromMessage(changed), `${message.kind} ${name}`).toBe(undefined);
      }
    }
    expect(fromMessage({ fields: [{ name: 't', value: 'status' }] })).toBe(undefined);
  });
});
