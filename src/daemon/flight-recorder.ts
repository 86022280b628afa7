/**
 * Writes the journal: what went into the core and what came out of it. The node machine's steps are kept so that they
 * can be made again (core/recording); of the transport machine what it was told and what it asked for, but datagrams only
 * as counts for each second and link, with what became of them. From the milestones of a failover the waterfall is
 * computed while they come in, so that `status` can show the last one without reading a file.
 *
 * A fault in here ends the recording, never the daemon.
 */
import type { Engine, EngineEffect, NodeWitness } from '../core/engine.ts';
import type { NodeEvent } from '../core/events.ts';
import type { FailoverRecord, JournalRecord, PacketCount, PacketsRecord } from '../core/journal-records.ts';
import { createStepWriter, type StepSink } from '../core/recording/step-writer.ts';
import type { Problem } from '../core/result.ts';
import { type LinkId, type Microseconds, type NodeName, usPerSecond } from '../core/types.ts';
import { type Episode, type FailoverReport, observe, reports } from '../core/waterfall.ts';
import type { CheckpointContent } from '../io/journal/journal.ts';
import type { TimelineEntry, TimelineReport } from '../protocol/schemas.ts';
import { checkpointOf } from './checkpoint.ts';
import type { DriverJournal } from './driver.ts';
import { newVerdicts } from './packet-verdicts.ts';

export interface FlightRecorder extends DriverJournal {
  /** For the engine: sees every step of the node machine. */
  readonly witness: NodeWitness;
  /** For the beginning of a segment. */
  checkpoint(): CheckpointContent;
  /** Appends what is held back. */
  flush(): void;
  lastFailover(nowUs: Microseconds): FailoverReport | undefined;
  timeline(nowUs: Microseconds, count: number): TimelineReport;
}

export interface FlightRecorderOptions {
  readonly self: NodeName;
  readonly engine: Engine;
  readonly sink: StepSink;
  readonly describeLine: (problem: {
    code: string;
    fields: Readonly<Record<string, string | number | boolean>>;
  }) => string;
  /** The recording of steps has ended with a fault of its own. */
  readonly onFault?: (problem: Problem) => void;
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
  const { engine, sink } = options;
  const operations = new Map<number, Begun>();
  const links = new Map<LinkId, MutablePacketCount>();
  const entries: { readonly us: Microseconds; readonly text: string }[] = [];
  const steps = createStepWriter(sink);
  /** What came out of the node machine is written with its step. */
  const ofNode = new WeakSet<object>();
  let episodes: readonly Episode[] = [];
  let periodBeganUs: Microseconds = 0;
  let said: PacketsRecord['said'];
  let countedVerdicts = newVerdicts(engine.transport.accounts.counters, {}).counters;
  let broken = false;

  const milestone = (record: FailoverRecord): void => {
    episodes = observe(episodes, record);
    sink.append(record);
  };
  const recording = (write: () => void): void => {
    if (broken) return;
    try {
      write();
    } catch (error) {
      broken = true;
      options.onFault?.({ code: 'recorder-failed', fields: { error: String(error) } });
    }
  };
  const writePackets = (nowUs: Microseconds): void => {
    const { verdicts, counters } = newVerdicts(engine.transport.accounts.counters, countedVerdicts);
    countedVerdicts = counters;
    sink.append({
      ...packetsRecord(nowUs, periodBeganUs, links),
      ...(verdicts === undefined ? {} : { verdicts }),
      ...(said === undefined ? {} : { said }),
    });
  };
  const countPackets = (nowUs: Microseconds, link: LinkId, bytes: number, direction: 'sent' | 'received'): void => {
    const { generation, sequence } = engine.transport;
    if (direction === 'sent' && sequence > 0 && (sequence !== said?.sequence || generation !== said.generation))
      said = { generation, sequence, us: nowUs };
    if (nowUs - periodBeganUs >= usPerSecond) {
      if (periodBeganUs > 0 && links.size > 0) writePackets(nowUs);
      periodBeganUs = nowUs;
    }
    tally(links, nowUs, link, bytes, direction);
  };
  const milestonesOf = (event: NodeEvent): void => {
    if (event.type === 'boot') milestone({ kind: 'boot', us: event.nowUs, node: options.self });
    if (event.type !== 'operationResult') return;
    const begun = operations.get(event.result.id);
    if (begun === undefined) return;
    operations.delete(event.result.id);
    const { outcome, startedUs, finishedUs, announcedUs } = event.result;
    const announced = announcedUs === undefined ? {} : { announcedUs };
    milestone({ kind: 'operationResult', us: event.nowUs, ...begun, outcome, startedUs, finishedUs, ...announced });
  };
  const milestonesFor = (nowUs: Microseconds, effect: EngineEffect): void => {
    if (effect.type !== 'operation') return;
    const { id, group, index, action } = effect.operation;
    if (action !== 'start' && action !== 'stop') return;
    if (operations.size < operationsMax) operations.set(id, { group, index, action });
    if (action === 'start' && effect.evidence !== undefined)
      milestone({ kind: 'start', us: nowUs, group, index, evidence: effect.evidence });
    if (action === 'stop') milestone({ kind: 'stop', us: nowUs, group, index });
  };

  return {
    milestone,
    witness: {
      before: (state, event) => recording(() => steps.before(state, event)),
      after(state, event, effects) {
        recording(() => steps.after(state, event, effects));
        for (const effect of effects) ofNode.add(effect);
        milestonesOf(event);
      },
    },
    checkpoint: () => checkpointOf(engine, steps),
    settled: (nowUs) => recording(() => steps.settled(engine.node, nowUs)),
    flush: () => recording(() => steps.flush()),
    event(nowUs, { to, event }) {
      if (event.type === 'datagram') return countPackets(nowUs, event.link, event.bytes.length, 'received');
      if (to === 'node' || event.type === 'environment' || event.type === 'socketsDrained') return;
      // New keys are secrets: that they changed is all that is kept.
      const kept = event.type === 'keysChanged' ? { type: event.type } : event;
      sink.append({ kind: 'event', us: nowUs, to, event: kept });
    },
    effect(nowUs, effect) {
      if (effect.type === 'transmit') return countPackets(nowUs, effect.link, effect.bytes.length, 'sent');
      if (!ofNode.has(effect)) sink.append({ kind: 'effect', us: nowUs, effect });
      if (effect.type === 'log') remember(entries, { us: nowUs, text: options.describeLine(effect.message) });
      milestonesFor(nowUs, effect);
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
