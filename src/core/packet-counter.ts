/** Counts datagrams per link, so that the journal gets one record a second instead of one per keepalive. */
import type { PacketCount, PacketsRecord } from './journal-records.ts';
import { compareText, type LinkId, type Microseconds } from './types.ts';

export interface PacketCounter {
  sent(link: LinkId, bytes: number, nowUs: Microseconds): void;
  received(link: LinkId, bytes: number, nowUs: Microseconds): void;
  /** What happened since the last call; `undefined` when nothing did. */
  take(nowUs: Microseconds): PacketsRecord | undefined;
}

interface Direction {
  count: number;
  bytes: number;
  longestGapUs: Microseconds;
  lastUs: Microseconds | undefined;
}

interface Counts {
  readonly sent: Direction;
  readonly received: Direction;
}

export function createPacketCounter(nowUs: Microseconds): PacketCounter {
  const links = new Map<LinkId, Counts>();
  let sinceUs = nowUs;

  const of = (link: LinkId): Counts => {
    const known = links.get(link) ?? { sent: newDirection(), received: newDirection() };
    links.set(link, known);
    return known;
  };
  return {
    sent: (link, bytes, atUs) => count(of(link).sent, bytes, atUs),
    received: (link, bytes, atUs) => count(of(link).received, bytes, atUs),
    take(atUs) {
      const counted = [...links]
        .filter(([, { sent, received }]) => sent.count + received.count > 0)
        .sort(([left], [right]) => compareText(left, right))
        .map(([link, counts]) => describe(link, counts));
      const periodUs = atUs - sinceUs;
      sinceUs = atUs;
      for (const { sent, received } of links.values()) for (const direction of [sent, received]) startPeriod(direction);
      return counted.length === 0 ? undefined : { kind: 'packets', us: atUs, periodUs, links: counted };
    },
  };
}

function newDirection(): Direction {
  return { count: 0, bytes: 0, longestGapUs: 0, lastUs: undefined };
}

function count(direction: Direction, bytes: number, atUs: Microseconds): void {
  if (direction.lastUs !== undefined)
    direction.longestGapUs = Math.max(direction.longestGapUs, atUs - direction.lastUs);
  direction.lastUs = atUs;
  direction.count += 1;
  direction.bytes += bytes;
}

/** Keeps the time of the last datagram: a gap that spans two periods belongs to the second. */
function startPeriod(direction: Direction): void {
  direction.count = 0;
  direction.bytes = 0;
  direction.longestGapUs = 0;
}

function describe(link: LinkId, { sent, received }: Counts): PacketCount {
  return {
    link,
    sent: sent.count,
    sentBytes: sent.bytes,
    received: received.count,
    receivedBytes: received.bytes,
    longestSendGapUs: sent.longestGapUs,
    longestReceiveGapUs: received.longestGapUs,
  };
}
