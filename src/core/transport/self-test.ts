/**
 * Asked once before the first packet: does the cryptography that came with this process do what the peer's does, and
 * does it refuse what it must? A library that is broken or badly set up accepts everything or nothing (CVE-2013-0250),
 * and neither shows in a pair whose nodes are broken alike.
 */
import type { Authentication, AuthenticationMethod } from '../config/configuration.ts';
import { failure, type Result, success } from '../result.ts';
import { hexOf } from './bytes.ts';
import type { Hashes } from './mac.ts';
import { messageOf } from './message.ts';
import { openPacket, sealPacket } from './packet.ts';

const message = messageOf('status');
const secret = 'a key that nobody can guess';
const nonce = { salt: Uint8Array.from({ length: 16 }, (_, index) => index), counter: 1 };

/** The end of the packet that says `t=status` under key 1 with the secret above: MAC, or what is sealed. */
const knownEnds: Readonly<Record<AuthenticationMethod, string>> = {
  crc: 'cd751c0',
  md5: '7ce642e6d12877a44a75891b2d235008',
  sha1: 'a7224ca7c7970ff257ee51b229948f91c67147bf',
  sha256: '0b37c7a8d01b308c14cd7082d10175be37be5856994deecc3e9c8baa8caa9ea3',
  sha512:
    '19156cb521de489ca36d4c9f44ba13ea01d3f0be9438532577826e478d2dbeeafca64b892217a309fb13524968df603b2640641a47a64ae25369324eeff53e4b',
  aes256gcm: 'ec354962a97541583ef8d02b67de8875bd19c080173e4d14c499a435e33369824d862fd7572ff4',
  chacha20poly1305: 'b6be24d7170f384b9dc39e4891bd1999edf701f48464af360e9000e9616f85f14fd1c8e6b80754',
};

/** Problem code: authentication-self-test-failed. Every method that `authentication` uses is tried. */
export function testAuthentication(authentication: Authentication, hashes: Hashes): Result<void> {
  for (const method of new Set(authentication.keys.map((key) => key.method))) {
    const reason = faultOf(method, hashes);
    if (reason !== undefined) return failure('authentication-self-test-failed', { method, reason });
  }
  return success(undefined);
}

function faultOf(method: AuthenticationMethod, hashes: Hashes): string | undefined {
  const right = authenticationWith(method, secret);
  const sealed = sealPacket(message, right, hashes, 'netstring', nonce);
  if (!sealed.ok) return sealed.problem.code;
  const bytes = sealed.value;
  if (endOf(method, bytes) !== knownEnds[method]) return 'wrong-result';
  if (!openPacket(bytes, right, hashes).ok) return 'right-key-rejected';
  if (method !== 'crc' && openPacket(bytes, authenticationWith(method, `${secret}!`), hashes).ok) {
    return 'wrong-key-accepted';
  }
  const changed = bytes.slice();
  changed[changed.length - 2]! ^= 1;
  return openPacket(changed, right, hashes).ok ? 'changed-packet-accepted' : undefined;
}

function authenticationWith(method: AuthenticationMethod, word: string): Authentication {
  return { sendIndex: 1, keys: [{ index: 1, method, secret: method === 'crc' ? '' : word }], weaknesses: [] };
}

function endOf(method: AuthenticationMethod, bytes: Uint8Array): string {
  const length = knownEnds[method].length;
  const isText = method !== 'aes256gcm' && method !== 'chacha20poly1305';
  if (!isText) return hexOf(bytes.subarray(bytes.length - 1 - length / 2, bytes.length - 1));
  return String.fromCharCode(...bytes.subarray(bytes.length - 1 - length, bytes.length - 1));
}
