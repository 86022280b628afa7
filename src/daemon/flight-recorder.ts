/**
 * Writes the journal: what went into the core and what came out of it. Datagrams are counted per second and link,
 * never kept one by one; timers, the clock's ticks and status calls that found a resource running are not kept. From the milestones of a failover the waterfall is
 * computed while they come in, so that `status` can show the last one without reading a file.
 */
import type { FailoverRecord, JournalRecord, PacketCount } from '../core/journal-records.ts';
import { type LinkId, type Microseconds, type NodeName, usPerSecond } from '../core/types.ts';
import { type Episode, type FailoverReport, observe, reports } from '../core/waterfall.ts';
import type { TimelineEntry, TimelineReport } from '../protocol/schemas.ts';
import type { DriverJournal } from './driver.ts';

export interface FlightRecorder extends DriverJournal {
  lastFailover(nowUs: Microseconds): FailoverReport | undefined;
  timeline(nowUs: Microseconds, count: number): TimelineReport;
}

export interface FlightRecorderOptions {
  readonly self: NodeName;
  readonly append: (record: JournalRecord) => void;
  readonly describeLine: (problem: {
    code: string;
    fields: Readonly<Record<string, string | number | boolean>>;
  }) => string;
}

type MutablePacketCount = { -readonly [Name in keyof PacketCount]: PacketCount[Name] } & {
  lastSentUs: Microseconds | undefined;
  lastReceivedUs: Microseconds | undefined;
};
type Begun = { readonly group: string; readonly index: number; readonly action: 'start' | 'stop' };

/** Lines of the log kept in memory for `timeline`. */
const entriesMax = 500;
/** Operations whose answer is still to come; more than one a resource never happens. */
const operationsMax = 2000;

export function createFlightRecorder(options: FlightRecorderOptions): FlightRecorder {
  const operations = new Map<number, Begun>();
  const links = new Map<LinkId, MutablePacketCount>();
  const entries: { readonly us: Microseconds; readonly text: string }[] = [];
  let episodes: readonly Episode[] = [];
  let periodBeganUs: Microseconds = 0;

  const milestone = (record: FailoverRecord): void => {
    episodes = observe(episodes, record);
    options.append(record);
  };
  const countPackets = (nowUs: Microseconds, link: LinkId, bytes: number, direction: 'sent' | 'received'): void => {
    if (nowUs - periodBeganUs >= usPerSecond) {
      if (periodBeganUs > 0 && links.size > 0) options.append(packetsRecord(nowUs, periodBeganUs, links));
      periodBeganUs = nowUs;
    }
    tally(links, nowUs, link, bytes, direction);
  };

  return {
    milestone,
    event(nowUs, { to, event }) {
      if (event.type === 'datagram') return countPackets(nowUs, event.link, event.bytes.length, 'received');
      if (event.type === 'environment' || event.type === 'socketsDrained' || event.type === 'pingAnswer') return;
      if (event.type === 'operationResult' && event.result.outcome === 'running') return;
      // New keys are secrets: that they changed is all that is kept.
      options.append({
        kind: 'event',
        us: nowUs,
        to,
        event: event.type === 'keysChanged' ? { type: event.type } : event,
      });
      if (event.type === 'boot') milestone({ kind: 'boot', us: nowUs, node: options.self });
      if (event.type !== 'operationResult') return;
      const begun = operations.get(event.result.id);
      operations.delete(event.result.id);
      if (begun === undefined) return;
      const { outcome, startedUs, finishedUs, announcedUs } = event.result;
      const announced = announcedUs === undefined ? {} : { announcedUs };
      milestone({ kind: 'operationResult', us: nowUs, ...begun, outcome, startedUs, finishedUs, ...announced });
    },
    effect(nowUs, effect) {
      if (effect.type === 'transmit') return countPackets(nowUs, effect.link, effect.bytes.length, 'sent');
      if (effect.type === 'operation' && effect.operation.action === 'status') return;
      options.append({ kind: 'effect', us: nowUs, effect });
      if (effect.type === 'log') remember(entries, { us: nowUs, text: options.describeLine(effect.message) });
      if (effect.type !== 'operation') return;
      const { id, group, index, action } = effect.operation;
      if (action !== 'start' && action !== 'stop') return;
      if (operations.size < operationsMax) operations.set(id, { group, index, action });
      if (action === 'start' && effect.evidence !== undefined)
        milestone({ kind: 'start', us: nowUs, group, index, evidence: effect.evidence });
      if (action === 'stop') milestone({ kind: 'stop', us: nowUs, group, index });
    },
    lastFailover: (nowUs) => reports(episodes, nowUs).at(-1),
    timeline: (nowUs, count) => ({
      failovers: reports(episodes, nowUs).reverse(),
      entries: entries
        .slice(-count)
        .map((entry): TimelineEntry => ({ agoMs: Math.round((nowUs - entry.us) / 1000), text: entry.text })),
    }),
  };
}

function remember<Entry>(entries: Entry[], entry: Entry): void {
  entries.push(entry);
  if (entries.length > entriesMax) entries.splice(0, entries.length - entriesMax);
}

function tally(
  links: Map<LinkId, MutablePacketCount>,
  nowUs: Microseconds,
  link: LinkId,
  bytes: number,
  direction: 'sent' | 'received',
): void {
  let counted = links.get(link);
  if (counted === undefined) {
    counted = {
      link,
      sent: 0,
      sentBytes: 0,
      received: 0,
      receivedBytes: 0,
      longestSendGapUs: 0,
      longestReceiveGapUs: 0,
      lastSentUs: undefined,
      lastReceivedUs: undefined,
    };
    links.set(link, counted);
  }
  if (direction === 'sent') {
    counted.sent++;
    counted.sentBytes += bytes;
    counted.longestSendGapUs = Math.max(counted.longestSendGapUs, nowUs - (counted.lastSentUs ?? nowUs));
    counted.lastSentUs = nowUs;
    return;
  }
  counted.received++;
  counted.receivedBytes += bytes;
  counted.longestReceiveGapUs = Math.max(counted.longestReceiveGapUs, nowUs - (counted.lastReceivedUs ?? nowUs));
  counted.lastReceivedUs = nowUs;
}

function packetsRecord(
  nowUs: Microseconds,
  beganUs: Microseconds,
  links: Map<LinkId, MutablePacketCount>,
): JournalRecord {
  const counts = [...links.values()].map(({ lastSentUs: _sent, lastReceivedUs: _received, ...count }) => count);
  for (const counted of links.values()) {
    Object.assign(counted, {
      sent: 0,
      sentBytes: 0,
      received: 0,
      receivedBytes: 0,
      longestSendGapUs: 0,
      longestReceiveGapUs: 0,
    });
  }
  return { kind: 'packets', us: nowUs, periodUs: nowUs - beganUs, links: counts };
}
