/** What is mutated: every recorded packet of real nodes, and packets of our own in every form that there is. */
import { readFileSync } from 'node:fs';
import type { Authentication } from '../../src/core/config/configuration.ts';
import { compressMessage } from '../../src/core/transport/compression.ts';
import type { Message } from '../../src/core/transport/message.ts';
import { type PacketFormat, sealPacket } from '../../src/core/transport/packet.ts';
import { createSerialReader, frameForSerial, readSerial } from '../../src/core/transport/serial-framing.ts';
import { nodeZlib } from '../../src/io/zlib.ts';
import { messageIn } from '../core/transport/harness.ts';
import { hashes, keys, readCaptures } from '../core/transport/support.ts';

/** Packets that one receiver can verify. */
export interface Family {
  readonly name: string;
  readonly authentication: Authentication;
  readonly packets: readonly Uint8Array[];
}

const secret = '0123456789abcdef0123456789abcdef';
const perCapture = 40;

export function readCorpus(): { readonly families: readonly Family[]; readonly messages: readonly Message[] } {
  const captures = readCaptures().map(({ name, method, packets }) => ({
    name,
    authentication: keys(method),
    packets: spread(packets.map(({ bytes }) => bytes)),
  }));
  const messages = captures.flatMap(({ packets, authentication }) =>
    packets.slice(0, 12).map((bytes) => withoutAuth(messageIn(bytes, authentication))),
  );
  const compressed = ['zlib', 'bz2', 'field-zlib', 'field-bz2'].map((name) => recordedPacket(name));
  const recorded = { name: 'compressed', authentication: keys('sha1'), packets: compressed };
  const own = (['crc', 'sha1', 'sha256', 'sha512', 'aes256gcm', 'chacha20poly1305'] as const).map((method) =>
    ownFamily(method, keys(method, secret), messages),
  );
  return { families: [...captures, recorded, serialFamily(), ...own], messages };
}

function spread(packets: readonly Uint8Array[]): Uint8Array[] {
  const step = Math.max(1, Math.floor(packets.length / perCapture));
  return packets.filter((_packet, index) => index % step === 0);
}

function ownFamily(name: string, authentication: Authentication, messages: readonly Message[]): Family {
  const formats: readonly PacketFormat[] = ['netstring', 'netstring-with-auth', 'classic'];
  let counter = 0;
  const packets = messages.slice(0, 60).flatMap((message, index) => {
    const squeezed = compressMessage(message, { algorithm: 'zlib', thresholdBytes: 100, wholeMessage: true }, nodeZlib);
    const said = index % 4 === 0 ? squeezed : message;
    const nonce = { salt: new Uint8Array(16).fill(7), counter: ++counter };
    const sealed = sealPacket(said, authentication, hashes, formats[index % 3]!, nonce);
    return sealed.ok ? [sealed.value] : [];
  });
  return { name, authentication, packets };
}

function serialFamily(): Family {
  const text = readFileSync(
    new URL('../core/transport/captures-serial/heartbeat-3.0.6.txt', import.meta.url),
    'latin1',
  );
  const reader = createSerialReader();
  const pieces = text.split('\n').filter((line) => /^[\d.]+ 0 /.test(line));
  const frames = pieces.flatMap((line) => readSerial(reader, new Uint8Array(Buffer.from(line.split(' ')[2]!, 'hex'))));
  return { name: 'serial', authentication: keys('sha1'), packets: frames.map(frameForSerial) };
}

function recordedPacket(name: string): Uint8Array {
  const url = new URL(`../core/transport/captures-compressed/${name}.txt`, import.meta.url);
  const line = readFileSync(url, 'latin1')
    .split('\n')
    .find((candidate) => candidate !== '' && !candidate.startsWith('#'));
  return new Uint8Array(Buffer.from(line!.split(' ')[3]!, 'hex'));
}

function withoutAuth(message: Message): Message {
  return { fields: message.fields.filter(({ name }) => name !== 'auth') };
}
