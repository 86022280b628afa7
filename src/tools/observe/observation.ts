/**
 * What packets passing by tell about a running pair: who beats how regularly on which link, what got lost, under which
 * keys. Nothing here sends, and nothing is believed: without the key a packet is only described.
 */
import type { Authentication, Configuration } from '../../core/config/configuration.ts';
import { hasMark } from '../../core/transport/bytes.ts';
import { classicStart, decodeClassic, findClassicSeal } from '../../core/transport/classic.ts';
import type { Hashes } from '../../core/transport/mac.ts';
import { type Message, textOf } from '../../core/transport/message.ts';
import { decodeNetstring, findNetstringSeal } from '../../core/transport/netstring.ts';
import { openPacket } from '../../core/transport/packet.ts';
import { findSealed, sealedStart } from '../../core/transport/sealed.ts';

export interface ObservationPlan {
  readonly nodes: readonly string[];
  readonly links: Configuration['links'];
  /** Absent when authkeys could not be read: MACs are then not verified. */
  readonly authentication?: Authentication;
}

export interface SeenDatagram {
  readonly atUs: number;
  readonly device: string;
  readonly source: string;
  readonly destination: string;
  readonly bytes: Uint8Array;
}

/** One sender on one link, within one generation: sequence numbers only mean something inside it. */
export interface Track {
  readonly node: string;
  readonly link: string;
  readonly source: string;
  /** Arrival of each keepalive, by sequence number; the first copy counts. */
  readonly beats: Map<number, number>;
  /** Sequence numbers of all messages seen, keepalives or not. */
  readonly sequences: Set<number>;
  generation: string;
  restarts: number;
  deadtimeMs: number | undefined;
  /** Sender's clock minus ours, seconds, at the last keepalive; whole seconds only, the wire carries no more. */
  clockOffsetSeconds: number | undefined;
}

export interface Observation {
  readonly tracks: ReadonlyMap<string, Track>;
  /** `index method` to how often it was seen. */
  readonly keys: ReadonlyMap<string, number>;
  readonly counts: { packets: number; unreadable: number; verified: number; refused: number; strangers: number };
  see(datagram: SeenDatagram): void;
}

/** Enough for an hour at 10 ms; beyond it the oldest are kept, and the report says how many were counted. */
const mostBeats = 400_000;
/** A flood of invented node names must not fill the memory. */
const mostTracks = 64;

export function createObservation(plan: ObservationPlan, hashes: Hashes): Observation {
  const tracks = new Map<string, Track>();
  const keys = new Map<string, number>();
  const counts = { packets: 0, unreadable: 0, verified: 0, refused: 0, strangers: 0 };

  const see = (datagram: SeenDatagram) => {
    counts.packets += 1;
    const read = readUnverified(datagram.bytes);
    if (read === undefined) {
      counts.unreadable += 1;
      return;
    }
    if (keys.size < mostTracks || keys.has(read.key)) keys.set(read.key, (keys.get(read.key) ?? 0) + 1);
    let { message } = read;
    if (plan.authentication !== undefined) {
      const opened = openPacket(datagram.bytes, plan.authentication, hashes);
      counts[opened.ok ? 'verified' : 'refused'] += 1;
      if (!opened.ok) return;
      message = opened.value.message;
    }
    // Sealed, and the key is not known here.
    if (message === undefined) return;
    const node = textOf(message, 'src');
    if (node === undefined || (plan.nodes.length > 0 && !plan.nodes.includes(node))) {
      counts.strangers += 1;
      return;
    }
    const link = linkOf(plan.links, datagram);
    const key = `${node} ${link}`;
    const track = tracks.get(key) ?? emptyTrack(node, link, datagram.source);
    if (!tracks.has(key)) {
      if (tracks.size >= mostTracks) return;
      tracks.set(key, track);
    }
    record(track, message, datagram.atUs);
  };
  return { tracks, keys, counts, see };
}

function record(track: Track, message: Message, atUs: number): void {
  const sequence = Number.parseInt(textOf(message, 'seq') ?? '', 16);
  const generation = textOf(message, 'hg') ?? '';
  // Acknowledgements and retransmission requests carry no sequence number.
  if (!Number.isSafeInteger(sequence)) return;
  if (generation !== track.generation) {
    if (track.generation !== '') track.restarts += 1;
    track.generation = generation;
    track.beats.clear();
    track.sequences.clear();
  }
  if (track.sequences.size < mostBeats) track.sequences.add(sequence);
  if (textOf(message, 't') !== 'status') return;
  if (track.beats.size < mostBeats && !track.beats.has(sequence)) track.beats.set(sequence, atUs);
  const deadtimeMs = Number.parseInt(textOf(message, 'dt') ?? '', 16);
  if (Number.isSafeInteger(deadtimeMs)) track.deadtimeMs = deadtimeMs;
  const sentSeconds = Number.parseInt(textOf(message, 'ts') ?? '', 16);
  if (Number.isSafeInteger(sentSeconds)) track.clockOffsetSeconds = sentSeconds - Math.floor(atUs / 1_000_000);
}

function emptyTrack(node: string, link: string, source: string): Track {
  return {
    node,
    link,
    source,
    beats: new Map(),
    sequences: new Set(),
    generation: '',
    restarts: 0,
    deadtimeMs: undefined,
    clockOffsetSeconds: undefined,
  };
}

/** The method is not on the wire; the length of the MAC gives it away. */
const methodByDigits: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };

function readUnverified(bytes: Uint8Array): { message: Message | undefined; key: string } | undefined {
  if (hasMark(bytes, 0, sealedStart)) {
    const sealed = findSealed(bytes);
    return sealed.ok ? { message: undefined, key: `${sealed.value.keyIndex} sealed` } : undefined;
  }
  const classic = hasMark(bytes, 0, classicStart);
  const seal = classic ? findClassicSeal(bytes) : findNetstringSeal(bytes);
  if (!seal.ok) return undefined;
  const decoded = 'coveredEnd' in seal.value ? decodeNetstring(bytes, seal.value.coveredEnd) : decodeClassic(bytes);
  if (!decoded.ok) return undefined;
  const method = methodByDigits[seal.value.mac.length] ?? (seal.value.mac.length <= 8 ? 'crc' : 'unknown');
  return { message: decoded.value, key: `${seal.value.keyIndex} ${method}` };
}

/** The configured link that a datagram belongs to, told by where it was sent. */
function linkOf(links: Configuration['links'], { device, source, destination }: SeenDatagram): string {
  const here = links.filter((link) => link.device === device);
  const multicast = here.find((link) => link.kind === 'mcast' && link.group === destination);
  const unicast = here.find((link) => link.kind === 'ucast' && [source, destination].includes(link.peerAddress));
  const broadcast = here.find((link) => link.kind === 'bcast');
  const first = Number.parseInt(destination, 10);
  if (multicast !== undefined) return multicast.id;
  if (first >= 224 && first < 240) return `mcast/${device}/${destination}`;
  if (broadcast !== undefined && (destination.endsWith('.255') || unicast === undefined)) return broadcast.id;
  return unicast?.id ?? `${device}/${destination}`;
}
