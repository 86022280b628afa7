import { describe, expect, it } from 'vitest';
import { type Message, textOf } from '../../../src/core/transport/message.ts';
import { type OpenedPacket, openPacket, type PacketFormat, sealPacket } from '../../../src/core/transport/packet.ts';
import { hashes, keys, readCaptures } from './support.ts';

const captures = readCaptures();

function withoutAuth(message: Message): Message {
  return { fields: message.fields.filter((field) => field.name !== 'auth') };
}

function formatOf(format: OpenedPacket['format'], message: Message): PacketFormat {
  if (format === 'classic') return 'classic';
  return textOf(message, 'auth') === undefined ? 'netstring' : 'netstring-with-auth';
}

describe('packets of real Heartbeat nodes', () => {
  it('are all there', () => {
    expect(captures).toHaveLength(18);
    expect(captures.reduce((sum, capture) => sum + capture.packets.length, 0)).toBe(2299);
  });

  it.each(captures)('$name: every packet verifies, decodes and encodes again byte for byte', ({ method, packets }) => {
    for (const { bytes } of packets) {
      const opened = openPacket(bytes, keys(method), hashes);
      expect(opened.ok).toBe(true);
      if (!opened.ok) continue;
      const { message, format } = opened.value;
      expect(textOf(message, 't')).toBeDefined();
      const sealed = sealPacket(withoutAuth(message), keys(method), hashes, formatOf(format, message));
      expect(sealed.ok && Buffer.from(sealed.value).equals(bytes)).toBe(true);
    }
  });

  it.each(captures)('$name: no packet verifies under another secret', ({ method, packets }) => {
    if (method === 'crc') return expect(openPacket(packets[0]!.bytes, keys('sha1'), hashes).ok).toBe(false);
    for (const { bytes } of packets) {
      const opened = openPacket(bytes, keys(method, 'labsecreT'), hashes);
      expect(!opened.ok && opened.problem.code).toBe('bad-mac');
    }
  });

  it('include both forms and all three of Heartbeat’s methods', () => {
    const starts = new Set(
      captures.flatMap(({ packets }) => packets.map(({ bytes }) => String.fromCharCode(bytes[0]!))),
    );
    expect([...starts].sort()).toEqual(['#', '>']);
    expect(new Set(captures.map(({ method }) => method))).toEqual(new Set(['sha1', 'md5', 'crc']));
  });
});
