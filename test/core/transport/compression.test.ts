/** What real nodes compress is read; what damaged or hostile ones do stays within bounds. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bunzip2 } from '../../../src/core/transport/bunzip2.ts';
import { encodeClassic } from '../../../src/core/transport/classic.ts';
import { compressMessage, expandMessage } from '../../../src/core/transport/compression.ts';
import { bytesOf, type Message, messageOf, textOf } from '../../../src/core/transport/message.ts';
import { nodeZlib } from '../../../src/io/zlib.ts';
import { bzip2Samples } from './bzip2-samples.ts';
import { messageIn, ms, Pair } from './harness.ts';
import { keys } from './support.ts';

/** The only packet of one of the recordings of test/lab/record-links.ts. */
function recorded(name: string): Message {
  const lines = readFileSync(new URL(`./captures-compressed/${name}.txt`, import.meta.url), 'utf8').split('\n');
  const [packet] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return messageIn(new Uint8Array(Buffer.from(packet!.split(' ')[3]!, 'hex')), keys('sha1'));
}

const words = (index: number) => String(index * 7919).padStart(200, '0');

describe('from a real Heartbeat 3.0.6', () => {
  it.each(['zlib', 'bz2'])('a message compressed as a whole with %s', (algorithm) => {
    const message = recorded(algorithm);
    expect(message.fields.map(({ name }) => name)).toEqual(['_compressed_payload', '_compression_algorithm']);
    const expanded = expandMessage(message, nodeZlib)!;
    expect(textOf(expanded, 't')).toBe('large');
    expect(textOf(expanded, 'src')).toBe('node1');
    expect(bytesOf(expanded, 'srcuuid')).toHaveLength(16);
    for (let index = 0; index < 20; index++) expect(textOf(expanded, `words${index}`)).toBe(words(index));
    // Byte for byte: what comes out, written again, is what went in.
    const payload = bytesOf(message, '_compressed_payload')!;
    const inside = algorithm === 'zlib' ? inflateSync(payload) : bunzip2(payload, 262_144)!;
    expect(Buffer.concat([encodeClassic(expanded), Buffer.alloc(1)]).equals(Buffer.from(inside))).toBe(true);
  });

  it.each(['field-zlib', 'field-bz2'])('a structure compressed by itself: %s', (name) => {
    const expanded = expandMessage(recorded(name), nodeZlib)!;
    expect(textOf(expanded, 't')).toBe('large');
    expect(textOf(expanded, 'more')).toBe('x');
    const payload = expanded.fields.find((field) => field.name === 'payload')!;
    expect(payload.opaqueType).toBe(2);
    const text = Buffer.from(payload.value as Uint8Array).toString();
    expect(text).toMatch(/^###\n10:\(0\)t=inner,/);
    for (let index = 0; index < 20; index++) expect(text).toContain(`words${index}=${words(index)},`);
    expect(textOf(expanded, '_compression_algorithm')).toBeUndefined();
  });
});

describe('bzip2', () => {
  it.each(bzip2Samples)('%s', (_name, compressed, bytes, sha256) => {
    const input = Buffer.from(compressed, 'base64');
    const output = bunzip2(input, 262_144)!;
    expect(output).toHaveLength(bytes);
    expect(createHash('sha256').update(output).digest('hex')).toBe(sha256);
    expect(bunzip2(input, bytes)).toHaveLength(bytes);
    if (bytes > 0) expect(bunzip2(input, bytes - 1)).toBeUndefined();
    expect(bunzip2(input.subarray(0, -1), 262_144)).toBeUndefined();
  });

  it('never throws and never exceeds its limit, whatever bytes it gets', () => {
    const samples = bzip2Samples.map(([, compressed]) => Buffer.from(compressed, 'base64'));
    const change = fc.record({ at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) });
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 5000 }),
        (pick, changes, limit) => {
          const input = Uint8Array.from(samples[pick % samples.length]!);
          for (const { at, bit } of changes) input[at % input.length]! ^= 1 << bit;
          expect(bunzip2(input, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('bounds', () => {
  const wrapped = (payload: Uint8Array, algorithm = 'zlib'): Message => ({
    fields: [
      { name: '_compressed_payload', value: payload },
      { name: '_compression_algorithm', value: algorithm },
    ],
  });

  it('a small packet does not become a large message', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000, 'x'));
    expect(bomb.length).toBeLessThan(60_000);
    expect(expandMessage(wrapped(bomb), nodeZlib)).toBeUndefined();
    const field = { name: 'a', value: deflateSync(Buffer.alloc(200_000)), opaqueType: 4 } as const;
    const several = { fields: [field, field, { name: '_compression_algorithm', value: 'zlib' }] };
    expect(expandMessage({ fields: several.fields.slice(1) }, nodeZlib)).toBeDefined();
    expect(expandMessage(several, nodeZlib)).toBeUndefined();
  });

  it('what is damaged, of an unknown kind, or no message inside is none', () => {
    const good = deflateSync(Buffer.from('>>>\nt=x\n<<<\n\0'));
    expect(textOf(expandMessage(wrapped(good), nodeZlib)!, 't')).toBe('x');
    expect(expandMessage(wrapped(good, 'lzma'), nodeZlib)).toBeUndefined();
    expect(expandMessage(wrapped(good, 'bz2'), nodeZlib)).toBeUndefined();
    expect(expandMessage(wrapped(good.subarray(0, -4)), nodeZlib)).toBeUndefined();
    expect(expandMessage(wrapped(deflateSync(Buffer.from('hello'))), nodeZlib)).toBeUndefined();
    const netstrings = deflateSync(Buffer.from('###\n6:(0)t=y,%%%\n4:1 ab,\0'));
    expect(textOf(expandMessage(wrapped(netstrings), nodeZlib)!, 't')).toBe('y');
  });
});

describe('sending', () => {
  const compression = { algorithm: 'zlib', thresholdBytes: 1024, wholeMessage: true } as const;
  const large = messageOf('hello', { words: 'good morning '.repeat(200) });

  function exchange(changes: object): { sizes: number[]; heard: (string | undefined)[] } {
    const pair = new Pair({ zlib: nodeZlib, compression, capabilities: ['zlib'], ...changes });
    pair.start('node1', 'node2').run(ms(300));
    const before = pair.recorded.length;
    pair.send('node1', large);
    const sizes = pair.recorded.slice(before).map(({ bytes }) => bytes.length);
    pair.run(ms(50));
    return { sizes, heard: pair.delivered('node2', 'hello', 'words') };
  }

  it('compresses what passes the threshold, for a peer that can read it', () => {
    const { sizes, heard } = exchange({});
    expect(sizes[0]).toBeLessThan(700);
    expect(heard).toEqual(['good morning '.repeat(200)]);
  });

  it.each([
    ['for a peer that does not say that it can', { capabilities: [] }],
    ['with bz2, which is only read', { compression: { ...compression, algorithm: 'bz2' } }],
    ['below the threshold', { compression: { ...compression, thresholdBytes: 8192 } }],
    ['where only structures would be', { compression: { ...compression, wholeMessage: false } }],
  ])('sends it as it is %s', (_name, changes) => {
    const { sizes, heard } = exchange(changes);
    expect(sizes[0]).toBeGreaterThan(2600);
    expect(heard).toEqual(['good morning '.repeat(200)]);
  });

  it('what would not get smaller is not compressed', () => {
    const noise = createHash('sha512').update('x').digest('base64').repeat(1);
    expect(
      compressMessage(messageOf('hello', { noise }), { ...compression, thresholdBytes: 10 }, nodeZlib).fields[0]?.name,
    ).toBe('t');
  });
});
