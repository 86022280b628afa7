/** What is kept to save work on the wire's bytes changes no byte and no field. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field, Message } from '../../../src/core/transport/message.ts';
import { createFieldMemo, decodeNetstring, encodeNetstringBody } from '../../../src/core/transport/netstring.ts';
import { createPacketMemo, encodeHead, openPacket, sealPacket } from '../../../src/core/transport/packet.ts';
import { hashes, keys } from './support.ts';

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const value = fc.oneof(
  fc.constantFrom('', 'up', 'a\nb', 'ä€', '1,2:(0)x=y,', '%%%\n'),
  fc.stringMatching(/^[ -~]{0,60}$/),
  fc.uint8Array({ maxLength: 20 }),
);
const field: fc.Arbitrary<Field> = fc.record({ name, value });
const status: Field = { name: 't', value: 'status' };
const messages = fc.array(
  fc.array(field, { minLength: 1, maxLength: 8 }).map((fields): Message => ({ fields: [status, ...fields] })),
  { minLength: 1, maxLength: 4 },
);

describe('fields that are known from the last status', () => {
  it('read like fields that are not, whatever changes between', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat({ max: 3 }), { maxLength: 12 }), (said, order) => {
        const memo = createFieldMemo();
        for (const index of order) {
          const { fields } = said[index % said.length]!;
          // Like the one before, but for one field in the middle.
          for (const changed of [fields, fields.with(fields.length >> 1, { name: 'seq', value: String(index) })]) {
            const bytes = encodeNetstringBody({ fields: changed });
            expect(decodeNetstring(bytes, bytes.length, memo)).toEqual(decodeNetstring(bytes, bytes.length));
          }
        }
      }),
    );
  });

  it('are the same objects, so that nobody need compare them', () => {
    const memo = createFieldMemo();
    const read = (seq: string) => {
      const bytes = encodeNetstringBody({ fields: [status, { name: 'seq', value: seq }, { name: 'ttl', value: '3' }] });
      const decoded = decodeNetstring(bytes, bytes.length, memo);
      return decoded.ok ? decoded.value.fields : [];
    };
    const [first, second] = [read('9'), read('10')];
    expect([first[0] === second[0], first[1] === second[1], first[2] === second[2]]).toEqual([true, false, true]);
    expect(second[1]?.value).toBe('10');
  });

  it('do not make a packet whole that is cut off', () => {
    const memo = createFieldMemo();
    const bytes = encodeNetstringBody({ fields: [status, { name: 'a', value: 'b' }] });
    decodeNetstring(bytes, bytes.length, memo);
    const cut = new Uint8Array([...bytes.subarray(0, bytes.length - 5), ...bytes.subarray(bytes.length - 4)]);
    expect(decodeNetstring(cut, cut.length, memo).ok).toBe(false);
  });
});

describe('a head that is encoded already', () => {
  it.each(['netstring', 'netstring-with-auth'] as const)('changes no byte of a %s packet', (format) => {
    fc.assert(
      fc.property(messages, fc.nat({ max: 8 }), ([message], count) => {
        const head = encodeHead(message!.fields.slice(0, count));
        const plain = sealPacket(message!, keys('sha256'), hashes, format);
        expect(sealPacket(message!, keys('sha256'), hashes, format, undefined, head)).toEqual(plain);
      }),
    );
  });
});

describe('a copy of the last status', () => {
  const sealed = sealPacket({ fields: [status] }, keys('sha256'), hashes, 'netstring');
  const bytes = sealed.ok ? sealed.value : new Uint8Array();
  const authentication = keys('sha256');
  let macs = 0;
  const counting: typeof hashes = {
    ...hashes,
    hmac(...of) {
      macs++;
      return hashes.hmac(...of);
    },
  };

  it('is opened without another MAC, and only while the keys are the same', () => {
    const memo = createPacketMemo();
    const first = openPacket(bytes, authentication, counting, memo);
    expect(openPacket(bytes.slice(), authentication, counting, memo)).toEqual(first);
    expect([first.ok, macs]).toEqual([true, 1]);
    expect(openPacket(bytes, keys('sha256', 'another secret'), counting, memo).ok).toBe(false);
  });

  it('is none when a single bit differs', () => {
    const memo = createPacketMemo();
    openPacket(bytes, authentication, hashes, memo);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = changed[at]! ^ 1;
      expect(openPacket(changed, authentication, hashes, memo).ok).toBe(false);
    }
  });
});
