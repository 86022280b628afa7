/**
 * Writes down every step of the node machine so that it can be made again: `before` and `after` are called around each
 * by `stepEngine`, `settled` when the driver has carried everything out and nothing hurries. Quiet steps are held back
 * for up to a second (quiet-steps.ts). What is written between two checkpoints is all that a replay needs.
 */
import type { NodeEffect } from '../effects.ts';
import type { NodeEvent } from '../events.ts';
import type { JournalRecord, QuietStep } from '../journal-records.ts';
import { letterOf, type NodeState } from '../node-state.ts';
import type { Microseconds } from '../types.ts';
import { usPerMs, usPerSecond } from '../types.ts';
import { digestOfNode, dumpNode } from './checkpoint.ts';
import { digestOf } from './digest.ts';
import { areQuiet, type LastStatus, mayBeQuiet, noteStatus, packQuiet } from './quiet-steps.ts';
import { packReconfigure } from './shared-groups.ts';

export interface StepWriter {
  before(state: NodeState, event: NodeEvent): void;
  after(state: NodeState, event: NodeEvent, effects: readonly NodeEffect[]): void;
  settled(state: NodeState, nowUs: Microseconds): void;
  /** What is held back is written, also the event of a step that did not come to its end. */
  flush(): void;
  /** For the beginning of a segment: what a replay starts from. Between two steps only. */
  checkpoint(state: NodeState): NodeCheckpoint;
}

export interface NodeCheckpoint {
  readonly step: number;
  readonly digest: string;
  readonly node: unknown;
}

export interface StepSink {
  append(record: JournalRecord): void;
  /** Asked between two steps. */
  isSegmentDue(): boolean;
  beginSegment(): void;
}

/** Quiet steps on one line, and how long the first of them waits. */
const quietMax = 64;
const quietUs = usPerSecond;
/** The state is digested this often, and sooner, but never more often than the last, after something was decided. */
const digestSteps = 256;
const digestUs = 10 * usPerSecond;
const digestPauseUs = 500 * usPerMs;

export function createStepWriter(sink: StepSink): StepWriter {
  const last: LastStatus = { event: undefined };
  let step = 0;
  let said = '';
  let quiet: { readonly fromUs: Microseconds; lastUs: Microseconds; readonly steps: QuietStep[] } | undefined;
  let underWay: { readonly event: NodeEvent; readonly packed: unknown } | undefined;
  let digested: { readonly step: number; readonly us: Microseconds } = { step: 0, us: 0 };
  let decided = false;

  function writeQuiet(): void {
    if (quiet === undefined) return;
    const { fromUs, lastUs, steps } = quiet;
    quiet = undefined;
    sink.append({ kind: 'steps', us: lastUs, fromUs, step, steps });
  }

  function hold(event: NodeEvent, digest: string | undefined): void {
    quiet ??= { fromUs: event.nowUs, lastUs: event.nowUs, steps: [] };
    quiet.steps.push(packQuiet(last, event, quiet.fromUs, digest));
    quiet.lastUs = event.nowUs;
    step += 1;
    if (quiet.steps.length >= quietMax) writeQuiet();
  }

  function boundary(): void {
    if (!sink.isSegmentDue()) return;
    writeQuiet();
    sink.beginSegment();
  }

  function isDigestDue(state: NodeState, nowUs: Microseconds): boolean {
    if (step === digested.step) return false;
    // While something is being started or stopped nothing waits for a digest.
    const isSoon = decided && state.groups.every(({ inFlight }) => inFlight === undefined);
    const pauseUs = isSoon ? digestPauseUs : digestUs;
    return step - digested.step >= digestSteps || nowUs - digested.us >= pauseUs;
  }

  return {
    before(state, event) {
      if (step === 0) boundary();
      underWay = { event, packed: event.type === 'reconfigure' ? packReconfigure(state, event) : event };
    },
    after(state, event, effects) {
      const packed = underWay?.packed ?? event;
      underWay = undefined;
      const now = sayingOf(state);
      if (now === said && mayBeQuiet(event) && areQuiet(effects)) {
        hold(event, effects.length === 0 ? undefined : digestOf(effects));
        return;
      }
      writeQuiet();
      said = now;
      step += 1;
      decided ||= effects.some(({ type }) => decisive.has(type));
      noteStatus(last, event);
      sink.append({
        kind: 'event',
        us: event.nowUs,
        to: 'node',
        step,
        event: packed,
        effects,
        digest: stepDigest(effects, now),
      });
    },
    settled(state, nowUs) {
      if (quiet !== undefined && nowUs - quiet.fromUs >= quietUs) writeQuiet();
      if (isDigestDue(state, nowUs)) {
        writeQuiet();
        sink.append({ kind: 'digest', us: nowUs, step, digest: digestOfNode(state) });
        digested = { step, us: nowUs };
        decided = false;
      }
      boundary();
    },
    flush() {
      writeQuiet();
      if (underWay === undefined) return;
      const { event, packed } = underWay;
      underWay = undefined;
      sink.append({ kind: 'event', us: event.nowUs, to: 'node', step: step + 1, event: packed });
    },
    checkpoint(state) {
      last.event = undefined;
      return { step, digest: digestOfNode(state), node: dumpNode(state) };
    },
  };
}

/** Effects that say: something was decided. */
const decisive: ReadonlySet<NodeEffect['type']> = new Set([
  'operation',
  'releaseAddresses',
  'record',
  'fence',
  'exit',
  'rejoin',
]);

export function stepDigest(effects: readonly NodeEffect[], said: string): string {
  return digestOf([effects, said]);
}

/** What a node would say of itself, short: any decision shows here or in the effects. */
export function sayingOf(state: NodeState): string {
  const letters = state.groups.map((group) => letterOf(group) + (group.marked ? '*' : '')).join('');
  const { presence, fresh } = state.peer;
  return `${state.life.value} ${letters} ${state.handoverPhase.value} ${presence} ${fresh} ${state.reportVersion}`;
}
