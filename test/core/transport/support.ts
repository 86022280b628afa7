/** Shared by the transport tests: real hash functions, keys, and packets of real Heartbeat nodes. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Authentication, AuthenticationMethod } from '../../../src/core/config/configuration.ts';

export { nodeHashes as hashes } from '../../../src/io/hashes.ts';

export function keys(method: AuthenticationMethod, secret = 'labsecret', index = 1): Authentication {
  return { sendIndex: index, keys: [{ index, method, secret }], weaknesses: [] };
}

export interface CapturedPacket {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface Capture {
  readonly name: string;
  readonly method: AuthenticationMethod;
  readonly packets: readonly CapturedPacket[];
}

const directory = new URL('./captures/', import.meta.url);

/** Packets of real nodes, recorded with the key `labsecret`. */
export function readCaptures(): Capture[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => readCapture(file));
}

function readCapture(file: string): Capture {
  const lines = readFileSync(new URL(file, directory), 'utf8').trimEnd().split('\n');
  const method = lines.find((line) => line.startsWith('# method '))?.slice('# method '.length);
  const packets = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [atMs, from, to, hex] = line.split(' ') as [string, string, string, string];
      return { atMs: Number(atMs), from, to, bytes: new Uint8Array(Buffer.from(hex, 'hex')) };
    });
  return { name: file.replace('.txt', ''), method: method as AuthenticationMethod, packets };
}
