/**
 * A test of every link beside a running pair: small numbered messages over one link at a time, answered by the peer over
 * the link on which they came. They are signed, never numbered as messages of the node, and decide nothing. Only a peer
 * that says it answers (`pbcaps` has `probe`) is sent any; what is heard of its keepalives on each link is counted with
 * every peer.
 *
 *   NS_pbprobe  probe: which test, link: the sender's name of the link, number
 *   NS_pbecho   the same, and got: what arrived of this test on each link, by the sender's names
 */
import { type LinkId, type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { parseDecimalNumber } from './bytes.ts';
import { type Field, textOf } from './message.ts';
import type { VerifiedPacket } from './packet-header.ts';
import { sendControl } from './send.ts';
import type { PeerState, TransportState, Turn } from './state.ts';

export interface LinkTest {
  readonly id: string;
  readonly beganUs: Microseconds;
  /** The last probe leaves before this. */
  readonly untilUs: Microseconds;
  /** The peer's last number when the test began: what comes after it should come on every link. */
  readonly sequenceAtStart: number;
  readonly peerGeneration: number;
  readonly links: ReadonlyMap<LinkId, ProbedLink>;
}

export interface ProbedLink {
  nextProbeUs: Microseconds;
  /** When each probe left; its number is the place. */
  readonly sentUs: Microseconds[];
  readonly roundTripsUs: number[];
  /** Numbers answered, so that a repeated answer counts once. */
  readonly answered: Set<number>;
  /** How many arrived at the peer, as it said last. */
  reached: number | undefined;
  heard: number;
}

/** What has arrived of the peer's present test. */
export interface ProbeCount {
  readonly id: string;
  /** By the peer's names of the links: how many, and the highest number. */
  readonly links: Map<string, { got: number; last: number }>;
}

/** Answers may come this long after the last probe. */
export const answerPatienceUs = usPerSecond;
const probeEveryUs = 100 * usPerMs;
const longestTestUs = 120 * usPerSecond;
const linkNameMax = 200;
const linksMax = 64;

export function beginLinkTest(turn: Turn, durationMs: number): void {
  const { state, nowUs } = turn;
  const { peer, options } = state;
  if (peer === undefined) return;
  const untilUs = nowUs + Math.min(durationMs * usPerMs, longestTestUs);
  const fresh = (): ProbedLink => ({
    nextProbeUs: nowUs,
    sentUs: [],
    roundTripsUs: [],
    answered: new Set(),
    reached: undefined,
    heard: 0,
  });
  state.linkTest = {
    id: `${state.generation.toString(16)}.${nowUs}`,
    beganUs: nowUs,
    untilUs,
    sequenceAtStart: peer.window.last,
    peerGeneration: peer.generation,
    links: new Map(options.links.map((link) => [link, fresh()])),
  };
}

export function answersProbes(peer: PeerState | undefined): boolean {
  return peer?.heard === 'up' && peer.capabilities.split(',').includes('probe');
}

export function nextProbeUs({ linkTest, peer }: Pick<TransportState, 'linkTest' | 'peer'>): Microseconds | undefined {
  if (linkTest === undefined || !answersProbes(peer)) return undefined;
  let earliest: Microseconds | undefined;
  for (const { nextProbeUs: due } of linkTest.links.values()) {
    if (due < linkTest.untilUs && (earliest === undefined || due < earliest)) earliest = due;
  }
  return earliest;
}

export function sendDueProbes(turn: Turn): void {
  const { state, nowUs } = turn;
  const { linkTest, peer, options } = state;
  if (linkTest === undefined || peer === undefined || !answersProbes(peer)) return;
  for (const [link, probed] of linkTest.links) {
    if (probed.nextProbeUs > nowUs || probed.nextProbeUs >= linkTest.untilUs) continue;
    // A serial line must keep room for the keepalives.
    const isSerial = options.serialLinks?.includes(link) === true;
    probed.nextProbeUs = nowUs + (isSerial ? 2 * options.timing.keepaliveMs * usPerMs : probeEveryUs);
    const number = probed.sentUs.push(nowUs) - 1;
    sendControl(turn, 'NS_pbprobe', peer.name, probeFields(linkTest.id, link, number), [link]);
  }
}

function probeFields(id: string, link: string, number: number): Field[] {
  return [
    { name: 'probe', value: id },
    { name: 'link', value: link },
    { name: 'number', value: String(number) },
  ];
}

/** Each number of a test is answered once on each link: a recording asks for nothing. */
export function answerProbe(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  const id = textOf(packet.message, 'probe') ?? '';
  const link = textOf(packet.message, 'link') ?? '';
  const number = parseDecimalNumber(textOf(packet.message, 'number'));
  if (id === '' || id.length > 40 || link === '' || link.length > linkNameMax || number === undefined) return;
  if (!turn.state.options.links.includes(packet.link)) return;
  const known = peer.probes?.id === id ? peer.probes : undefined;
  const probes = known ?? { id, links: new Map<string, { got: number; last: number }>() };
  peer.probes = probes;
  const counted = probes.links.get(link) ?? { got: 0, last: -1 };
  if (number <= counted.last || (!probes.links.has(link) && probes.links.size === linksMax)) return;
  probes.links.set(link, { got: counted.got + 1, last: number });
  const got = [...probes.links].map(([name, count]) => `${count.got}:${name}`).join(' ');
  sendControl(
    turn,
    'NS_pbecho',
    peer.name,
    [...probeFields(id, link, number), { name: 'got', value: got }],
    [packet.link],
  );
}

export function noteEcho(turn: Turn, packet: VerifiedPacket): void {
  const { linkTest } = turn.state;
  if (linkTest === undefined || textOf(packet.message, 'probe') !== linkTest.id) return;
  noteReached(linkTest, textOf(packet.message, 'got') ?? '');
  const probed = linkTest.links.get((textOf(packet.message, 'link') ?? '') as LinkId);
  const number = parseDecimalNumber(textOf(packet.message, 'number'));
  const sentUs = number === undefined ? undefined : probed?.sentUs[number];
  if (probed === undefined || sentUs === undefined || probed.answered.has(number!)) return;
  probed.answered.add(number!);
  probed.roundTripsUs.push(turn.nowUs - sentUs);
}

/** The answer on one link says what arrived on all of them: that is how a loss in one direction shows. */
function noteReached({ links }: LinkTest, got: string): void {
  for (const word of got.split(' ')) {
    const colon = word.indexOf(':');
    const count = parseDecimalNumber(word.slice(0, Math.max(colon, 0)));
    const probed = links.get(word.slice(colon + 1) as LinkId);
    if (count === undefined || probed === undefined) continue;
    probed.reached = Math.min(Math.max(count, probed.reached ?? 0), probed.sentUs.length);
  }
}

/** A message of the peer came on a link for the first time. */
export function noteHeardInTest({ linkTest }: TransportState, link: LinkId): void {
  const probed = linkTest?.links.get(link);
  if (probed !== undefined) probed.heard += 1;
}

export interface LinkTestView {
  readonly durationMs: number;
  /** Whether probes could be sent at all. */
  readonly probed: boolean;
  readonly links: readonly TestedLink[];
}

export interface TestedLink {
  readonly link: LinkId;
  readonly sent: number;
  /** Arrived at the peer; unknown when no answer came on any link. */
  readonly reached: number | undefined;
  readonly answered: number;
  /** Of the answered: later than the next keepalive. */
  readonly late: number;
  readonly roundTripsUs: { readonly least: number; readonly median: number; readonly most: number } | undefined;
  /** Messages of the peer that came on this link, and how many it numbered meanwhile. */
  readonly heard: number;
  readonly expected: number;
}

export function linkTestView({ linkTest, peer, options }: TransportState): LinkTestView | undefined {
  if (linkTest === undefined || peer === undefined) return undefined;
  const sameLife = peer.generation === linkTest.peerGeneration;
  const passed = sameLife ? peer.window.last - linkTest.sequenceAtStart : 0;
  const expected = Math.max(0, passed, ...[...linkTest.links.values()].map(({ heard }) => heard));
  // Any answer lists all links on which something arrived: one that is missing there brought nothing.
  const known = [...linkTest.links.values()].some(({ reached }) => reached !== undefined);
  const links = [...linkTest.links].map(([link, probed]): TestedLink => {
    const sorted = [...probed.roundTripsUs].sort((left, right) => left - right);
    const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    return {
      link,
      sent: probed.sentUs.length,
      reached: probed.reached ?? (known ? 0 : undefined),
      answered: sorted.length,
      late: sorted.filter((us) => us > options.timing.keepaliveMs * usPerMs).length,
      roundTripsUs:
        least === undefined || median === undefined || most === undefined ? undefined : { least, median, most },
      heard: probed.heard,
      expected,
    };
  });
  return {
    durationMs: (linkTest.untilUs - linkTest.beganUs) / usPerMs,
    probed: links.some(({ sent }) => sent > 0),
    links,
  };
}
