/** The line as it comes: in pieces, with noise, with ends missing. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPacket } from '../../../src/core/transport/packet.ts';
import { createSerialReader, readSerial } from '../../../src/core/transport/serial-framing.ts';
import { linkId } from '../../../src/core/types.ts';
import { messageIn, ms, Pair } from './harness.ts';
import { hashes, keys } from './support.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytesOf = (line: string) => new Uint8Array(Buffer.from(line, 'latin1'));
const read = (line: string) => readSerial(createSerialReader(), bytesOf(line)).map(text);

it.each([
  ['a frame', '>>>\na=1\n<<<\n', ['>>>\na=1\n<<<\n']],
  ['two frames', '>>>\na=1\n<<<\n>>>\nb=2\n<<<\n', ['>>>\na=1\n<<<\n', '>>>\nb=2\n<<<\n']],
  ['carriage returns of a terminal', '>>>\r\na=1\r\n<<<\r\n', ['>>>\na=1\n<<<\n']],
  ['noise between and before', '\xff\x00\n<<<\nxx>>>\na=1\n<<<\n\n\nzz\n', ['>>>\na=1\n<<<\n']],
  ['an end that was lost', '>>>\na=1\n>>>\nb=2\n<<<\n', ['>>>\nb=2\n<<<\n']],
  ['a start that was lost', 'a=1\n<<<\n>>>\nb=2\n<<<\n', ['>>>\nb=2\n<<<\n']],
  ['values that look like marks', '>>>\na=>>>\nb=<<<\n<<<\n', ['>>>\na=>>>\nb=<<<\n<<<\n']],
])('%s', (_name, line, frames) => expect(read(line)).toEqual(frames));

it('gives the same frames however the bytes come in', () => {
  const line = bytesOf('noise\n>>>\na=1\nlong=value\n<<<\nmore\n>>>\nb=2\n<<<\n>>>\n');
  fc.assert(
    fc.property(fc.array(fc.nat({ max: line.length })), (cuts) => {
      const reader = createSerialReader();
      const places = [0, ...cuts.sort((left, right) => left - right), line.length];
      const frames = places.slice(1).flatMap((end, index) => readSerial(reader, line.subarray(places[index], end)));
      expect(frames.map(text)).toEqual(['>>>\na=1\nlong=value\n<<<\n', '>>>\nb=2\n<<<\n']);
    }),
  );
});

it('keeps no more than one message, whatever comes', () => {
  const reader = createSerialReader();
  const noise = new Uint8Array(10_000).fill(0x78);
  const lines = bytesOf(`>>>\n${'x=1\n'.repeat(2000)}`);
  for (let number = 0; number < 50; number++) {
    readSerial(reader, number % 2 === 0 ? noise : lines);
    expect(reader.frame.length + reader.line.length).toBeLessThanOrEqual(65_536);
  }
  expect(reader.discarded).toBeGreaterThan(100_000);
  expect(readSerial(reader, bytesOf('>>>\na=1\n<<<\n')).map(text)).toEqual(['>>>\na=1\n<<<\n']);
});

it('reads every frame that two real nodes sent over their serial line', () => {
  const lines = readFileSync(new URL('./captures-serial/heartbeat-3.0.6.txt', import.meta.url), 'latin1').split('\n');
  const readers = { 0: createSerialReader(), 1: createSerialReader() };
  const types: string[] = [];
  for (const line of lines) {
    if (line.startsWith('#') || line === '') continue;
    const [, end, hex] = line.split(' ') as [string, '0' | '1', string];
    for (const frame of readSerial(readers[end], new Uint8Array(Buffer.from(hex, 'hex')))) {
      const opened = openPacket(frame, keys('sha1'), hashes);
      expect(opened.ok && opened.value.format).toBe('classic');
      types.push(String(messageIn(frame, keys('sha1')).fields[0]?.value));
    }
  }
  expect(types.filter((type) => type === 'status').length).toBeGreaterThan(40);
  expect(new Set(types)).toContain('resource');
});

it('two nodes with nothing but a serial line between them hear each other, in the classic form', () => {
  const tty = linkId('serial/dev/ttyS0');
  const pair = new Pair({ links: [tty], serialLinks: [tty] });
  pair.start('node1', 'node2').run(ms(500));
  expect(pair.heard('node1', 'peerHeard')).toHaveLength(1);
  expect(pair.heard('node2', 'peerHeard')).toHaveLength(1);
  for (const { bytes } of pair.recorded) {
    expect(readSerial(createSerialReader(), bytes)).toEqual([bytes]);
    expect(bytes.every((byte) => byte < 0x80)).toBe(true);
  }
});

it('beside other links a serial one gets the same message in its own form', () => {
  const [tty, udp] = [linkId('serial/dev/ttyS0'), linkId('bcast/eth0')];
  const pair = new Pair({ links: [tty, udp], serialLinks: [tty] });
  pair.start('node1').run(ms(10));
  const [plain, lines] = [udp, tty].map((link) => pair.recorded.find((one) => one.link === link)!.bytes);
  expect(text(plain!.subarray(0, 4))).toBe('###\n');
  expect(text(lines!.subarray(0, 4))).toBe('>>>\n');
  const withoutAuth = messageIn(lines!).fields.filter(({ name }) => name !== 'auth');
  expect(withoutAuth).toEqual(messageIn(plain!).fields);
});

it('a sealed packet passes as text', () => {
  const tty = linkId('serial/dev/ttyS0');
  const sealing = keys('aes256gcm', '0123456789abcdef0123456789abcdef');
  const pair = new Pair({ links: [tty], serialLinks: [tty], authentication: sealing });
  pair.start('node1').run(ms(150));
  const reader = createSerialReader();
  for (const { bytes } of pair.recorded) {
    expect(bytes.every((byte) => byte < 0x80)).toBe(true);
    const packets = readSerial(reader, bytes);
    expect(packets).toHaveLength(1);
    expect(messageIn(packets[0]!, sealing).fields[0]).toEqual({ name: 't', value: 'status' });
  }
  expect(read('>>>\npbsealed=!!\n<<<\n')).toEqual(['>>>\npbsealed=!!\n<<<\n']);
});
