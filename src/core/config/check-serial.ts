/**
 * Whether the serial lines are fast enough. A line carries `baud` bits a second in each direction and 10 of them are
 * one byte (start bit, 8 bits, stop bit). What must fit is one keepalive every `keepalive`; with several serial lines
 * a real Heartbeat also forwards on each what came in on another (its ring), so then it is two.
 */
import { effectiveTiming } from './check-timing.ts';
import type { Authentication, GroupConfiguration } from './configuration.ts';
import type { Reporter } from './findings.ts';
import type { HaCf } from './ha-cf.ts';
import { printTime } from './values.ts';

const bitsPerByte = 10;
/** Everything in a keepalive but signature and groups, at its longest; test/core/config/links.test.ts measures it. */
const fixedBytes = 480;
const macBytes = { crc: 8, md5: 32, sha1: 40, sha256: 64, sha512: 128, aes256gcm: 80, chacha20poly1305: 80 } as const;

/** The longest keepalive as it goes over a serial line, in bytes. */
export function keepaliveBytes(groups: readonly GroupConfiguration[], authentication: Authentication): number {
  const longestMac = Math.max(...authentication.keys.map(({ method }) => macBytes[method]));
  const bytes = groups.reduce((sum, { key, owner }) => sum + key.length + owner.length + 5, fixedBytes + longestMac);
  // What is sealed goes over the line as base64.
  const isSealed = authentication.keys.some(({ method }) => method === 'aes256gcm' || method === 'chacha20poly1305');
  return isSealed ? Math.ceil((bytes * 4) / 3) : bytes;
}

export function checkSerial(
  haCf: HaCf,
  groups: readonly GroupConfiguration[],
  authentication: Authentication,
  reporter: Reporter,
): void {
  if (haCf.failed.has('keepalive') || haCf.failed.has('baud')) return;
  const lines = haCf.links.flatMap(({ link, place }) => (link.kind === 'serial' ? [{ link, place }] : []));
  const { keepaliveMs } = effectiveTiming(haCf);
  const bytes = keepaliveBytes(groups, authentication);
  const senders = lines.length > 1 ? 2 : 1;
  const bitsEach = bytes * bitsPerByte * senders;
  const needed = Math.ceil((bitsEach * 1000) / keepaliveMs);
  for (const { link, place } of lines) {
    const { device, baud } = link;
    const perSecond = Number((1000 / keepaliveMs).toFixed(2));
    const sources = senders === 1 ? 'in each direction' : "in each direction, the peer's forwarded ones as well,";
    const slowest = printTime(Math.ceil((bitsEach * 1000) / baud));
    const fields = { device, baud, bytes, perSecond, sources, needed, slowest };
    if (needed > baud) reporter.report('baud-too-slow', place, fields);
    else if (needed * 2 > baud) reporter.report('baud-tight', place, fields);
  }
}
