import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crcOf, type Hashes } from '../../../src/core/transport/mac.ts';
import type { Field, Message } from '../../../src/core/transport/message.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { openPacket, type PacketFormat, sealPacket } from '../../../src/core/transport/packet.ts';
import { hashes, keys, readCaptures } from './support.ts';

const text = (value: string) => new TextEncoder().encode(value);
const captures = readCaptures();
const samples = captures.flatMap(({ method, packets }) => packets.slice(0, 6).map(({ bytes }) => ({ method, bytes })));
const methods = ['crc', 'md5', 'sha1', 'sha256', 'sha512'] as const;
const formats: readonly PacketFormat[] = ['netstring', 'netstring-with-auth', 'classic'];

function codeOf(bytes: Uint8Array, authentication = keys('sha1')): string {
  const opened = openPacket(bytes, authentication, hashes);
  return opened.ok ? 'opened' : opened.problem.code;
}

/** Signs text that the encoder would never produce. */
function signed(body: string | Uint8Array): Uint8Array {
  const covered = typeof body === 'string' ? text(body) : body;
  const mac = `1 ${hashes.hmac('sha1', 'labsecret', covered)}`;
  return new Uint8Array([...covered, ...text(`${mac.length}:${mac},`)]);
}

function seal(
  message: Message,
  format: PacketFormat = 'netstring',
  method: (typeof methods)[number] = 'sha1',
): Uint8Array {
  const sealed = sealPacket(message, keys(method), hashes, format);
  if (!sealed.ok) throw new Error(sealed.problem.code);
  return sealed.value;
}

const anyField: fc.Arbitrary<Field> = fc.record({
  name: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/).filter((name) => name !== 'auth'),
  value: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }).filter((value) => !value.includes('\0') && !value.includes('\x13')),
    fc.uint8Array({ maxLength: 60 }),
  ),
});
const anyMessage = fc.array(anyField, { minLength: 1, maxLength: 30 }).map((fields): Message => ({ fields }));

describe('sealing and opening', () => {
  it('returns the same fields for every method and format', () => {
    fc.assert(
      fc.property(anyMessage, fc.constantFrom(...methods), fc.constantFrom(...formats), (message, method, format) => {
        const opened = openPacket(seal(message, format, method), keys(method), hashes);
        expect(opened.ok).toBe(true);
        if (!opened.ok) return;
        const fields = opened.value.message.fields.filter((field) => field.name !== 'auth');
        expect(fields).toEqual(message.fields);
      }),
      { numRuns: 400 },
    );
  });

  it('knows the check value of the CRC', () => {
    expect(crcOf(text('123456789')).toString(16)).toBe('765e7680');
  });

  it('takes no longer text for a short CRC', () => {
    const bodies = Array.from({ length: 200 }, (_, index) =>
      text(`###\n6:(0)a=${String.fromCharCode(33 + (index % 90))},8:(0)b=${100 + index},%%%\n`),
    );
    const body = bodies.find((candidate) => crcOf(candidate).toString(16).length === 7)!;
    const packet = (mac: string) => new Uint8Array([...body, ...text(`${mac.length + 2}:1 ${mac},`)]);
    const mac = crcOf(body).toString(16);
    expect(codeOf(packet(mac), keys('crc'))).toBe('opened');
    for (const wrong of [`${mac}0`, `0${mac}`, mac.slice(1)])
      expect(codeOf(packet(wrong), keys('crc'))).toBe('bad-mac');
  });

  it('accepts every listed key and signs with the chosen one', () => {
    const both = {
      sendIndex: 2,
      keys: [...keys('sha1').keys, { index: 2, method: 'sha256', secret: 'next' }],
      weaknesses: [],
    } as const;
    const sealed = sealPacket(messageOf('status'), both, hashes, 'netstring');
    expect(sealed.ok && openPacket(sealed.value, both, hashes)).toMatchObject({ ok: true, value: { keyIndex: 2 } });
    expect(codeOf(seal(messageOf('status')), both)).toBe('opened');
  });

  it('refuses to send what a datagram cannot carry', () => {
    const large = sealPacket(messageOf('chunk', { data: 'x'.repeat(60_001) }), keys('sha1'), hashes, 'netstring');
    expect(!large.ok && large.problem.code).toBe('message-too-large');
    const fields = Array.from({ length: 64 }, (_, index) => ({ name: `f${index}`, value: '' }));
    const many = sealPacket({ fields }, keys('sha1'), hashes, 'netstring');
    expect(!many.ok && many.problem.code).toBe('message-too-large');
  });
});

describe('opening what is wrong', () => {
  it('computes no hash before size, shape and key number are right', () => {
    let calls = 0;
    const counting: Hashes = {
      ...hashes,
      hmac: (...args) => {
        calls++;
        return hashes.hmac(...args);
      },
    };
    const wrong = [
      new Uint8Array(65_537),
      text('hello'),
      text('###\n'),
      text('###\n%%%\n42:9 00,'),
      text('###\n%%%\n4:1 00,'),
      text('>>>\nt=a\n<<<\n'),
    ];
    for (const bytes of wrong) expect(openPacket(bytes, keys('sha1'), counting).ok).toBe(false);
    const shortMac = text('###\n%%%\n5:1 abc,');
    expect(openPacket(shortMac, keys('sha1'), counting).ok).toBe(false);
    expect(calls).toBe(0);
  });

  it('names the reason', () => {
    const good = seal(messageOf('status', { st: 'up' }));
    expect(codeOf(new Uint8Array(65_537))).toBe('oversized');
    expect(codeOf(good.subarray(0, good.length - 1))).toBe('truncated');
    expect(codeOf(text('##'))).toBe('truncated');
    expect(codeOf(text('GET / HTTP/1.1\r\n'))).toBe('malformed');
    expect(codeOf(good, keys('sha1', 'labsecret', 2))).toBe('unknown-key');
    expect(codeOf(good, keys('sha1', 'other'))).toBe('bad-mac');
    expect(codeOf(good, keys('md5'))).toBe('bad-mac');
    expect(codeOf(seal(messageOf('status'), 'classic'), keys('sha1', 'other'))).toBe('bad-mac');
  });

  it('refuses signed nonsense', () => {
    const wrong = [
      '###\n%%%\n', // no field at all
      '###\n11:(0)t=status%%%\n',
      '###\n12:(0)t=status,%%%\n',
      '###\n011:(0)t=status,%%%\n',
      '###\n99999:(0)t=status,%%%\n',
      '###\n999999:(0)t=status,%%%\n',
      '###\n11:(7)t=status,%%%\n',
      '###\n11:[0]t=status,%%%\n',
      '###\n9:(0)status,%%%\n',
      '###\n10:(0)=status,%%%\n',
      '###\n11:(0)t=sta\0us,%%%\n',
      '###\n:(0)t=,%%%\n',
    ];
    for (const body of wrong) expect([body, codeOf(signed(body))]).toEqual([body, 'malformed']);
    expect(codeOf(signed(`###\n${'6:(0)a=b,'.repeat(65)}%%%\n`))).toBe('too-many-fields');
    expect(codeOf(signed(new Uint8Array([...text('###\n6:(0)a='), 0xff, ...text(',%%%\n')])))).toBe('malformed');
  });

  it('carries structures and lists unchanged without looking inside', () => {
    const body = '###\n11:(0)t=status,23:(2)inner=###\n6:(0)a=b,%,11:(3)l=3:abc,,%%%\n';
    const opened = openPacket(signed(body), keys('sha1'), hashes);
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    expect(opened.value.message.fields.map((field) => field.opaqueType)).toEqual([undefined, 2, 3]);
    expect(seal(opened.value.message)).toEqual(signed(body));
  });

  it('takes only the one auth line of a classic packet', () => {
    const packet = (lines: string) => text(`>>>\n${lines}<<<\n`);
    const mac = hashes.hmac('sha1', 'labsecret', text('t=status\nst=up\n'));
    expect(codeOf(packet(`t=status\nst=up\nauth=1 ${mac}\n`))).toBe('opened');
    expect(codeOf(packet(`t=status\nauth=1 ${mac}\nst=up\n`))).toBe('opened');
    expect(codeOf(packet(`t=status\nst=up\nauth=1 ${mac}\nauth=1 ${mac}\n`))).toBe('malformed');
    expect(codeOf(packet(`t=status\nst=down\nauth=1 ${mac}\n`))).toBe('bad-mac');
    expect(codeOf(packet('t=status\nst=up\n'))).toBe('malformed');
    const struct = hashes.hmac('sha1', 'labsecret', text('(2)t=status\n'));
    expect(codeOf(packet(`(2)t=status\nauth=1 ${struct}\n`))).toBe('malformed');
  });

  it('never throws on arbitrary bytes', () => {
    const marks = ['###\n', '%%%\n', '>>>\n', '<<<\n', '42:1 ', 'auth=1 ', '11:(0)t=status,', ','].map(text);
    const soup = fc.array(fc.oneof(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 40 })), { maxLength: 30 });
    fc.assert(
      fc.property(soup, (parts) => {
        const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
        expect(openPacket(bytes, keys('sha1'), hashes).ok).toBe(false);
        openPacket(signed(new Uint8Array([...text('###\n'), ...bytes, ...text('%%%\n')])), keys('sha1'), hashes);
      }),
      { numRuns: 10_000 },
    );
  });

  it('opens no packet of which one byte was changed, cut off or added', () => {
    const change = fc.record({
      sample: fc.constantFrom(...samples),
      kind: fc.constantFrom('flip', 'cut', 'insert'),
      position: fc.nat(),
      value: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ sample, kind, position, value }) => {
        const at = position % sample.bytes.length;
        const before = [...sample.bytes.subarray(0, at)];
        const after = [...sample.bytes.subarray(at + 1)];
        const old = sample.bytes[at]!;
        const changed =
          kind === 'flip'
            ? [...before, old ^ value, ...after]
            : kind === 'cut'
              ? before
              : [...before, value, old, ...after];
        expect(openPacket(new Uint8Array(changed), keys(sample.method), hashes).ok).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads the largest datagram in one pass', () => {
    const body = `###\n${'7:(0)ab=c,'.repeat(6000)}%%%\n`;
    expect(codeOf(signed(body))).toBe('too-many-fields');
    expect(codeOf(text(`###\n${'%%%\n'.repeat(16_000)},`))).toBe('malformed');
    expect(codeOf(text(`>>>\n${'\n'.repeat(60_000)}<<<\n`))).toBe('too-many-fields');
  });
});
