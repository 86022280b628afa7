/**
 * Makes the recorded steps of a node machine again and compares what comes out: of every step the effects and what the
 * node says of itself, now and then its whole state. Beginning at a checkpoint; across segments of one daemon the state
 * that was reached is compared with the next checkpoint. After a gap it begins anew at the next checkpoint.
 */
import type { NodeEffect } from '../effects.ts';
import type { NodeEvent } from '../events.ts';
import type {
  CheckpointRecord,
  JournalRecord,
  QuietStepsRecord,
  SegmentRecord,
  StepRecord,
} from '../journal-records.ts';
import { isStep, wallSecondsOf } from '../journal-records.ts';
import { stepNode } from '../node.ts';
import type { NodeState } from '../node-state.ts';
import type { Microseconds } from '../types.ts';
import { digestOfNode, restoreNode } from './checkpoint.ts';
import { digestOf } from './digest.ts';
import { areQuiet, type LastStatus, noteStatus, unpackQuiet } from './quiet-steps.ts';
import { unpackReconfigure } from './shared-groups.ts';
import { sayingOf, stepDigest } from './step-writer.ts';

export interface ReplayOptions {
  /** The core under test; another one only in tests of the replay itself. */
  readonly step?: typeof stepNode;
  /** By the wall clock: nothing after this is made again. */
  readonly untilWallSeconds?: number;
  /** Every step of which something followed, as this core decides it. */
  readonly onStep?: (step: ReplayedStep) => void;
}

export interface ReplayedStep {
  readonly step: number;
  readonly wallSeconds: number;
  readonly event: NodeEvent;
  readonly effects: readonly NodeEffect[];
  readonly state: NodeState;
}

export interface ReplayReport {
  readonly segments: number;
  readonly daemons: number;
  readonly events: number;
  /** Starts, stops, releases, records for the disk, ends of the daemon: effects of which something came about. */
  readonly decisions: number;
  /** Comparisons that agreed: of steps, and of the whole state. */
  readonly stepsCompared: number;
  readonly statesCompared: number;
  /** Of the first and the last event that was made again, by the wall clock of the machine. */
  readonly fromWallSeconds: number | undefined;
  readonly untilWallSeconds: number | undefined;
  /** Of Pairbeat that wrote the segments. */
  readonly versions: readonly string[];
  /** What could not be replayed, in order. */
  readonly gaps: readonly Gap[];
  readonly divergence: Divergence | undefined;
}

export interface Gap {
  readonly wallSeconds: number;
  /**
   * `lost`: the disk did not take records; `damage`: changed lines or missing segments; `ended`: the last line has no
   * end, the writer was killed; `headless`: nothing to begin from.
   */
  readonly what: 'lost' | 'damage' | 'ended' | 'headless';
  readonly records: number;
}

export interface Divergence {
  readonly step: number;
  readonly us: Microseconds;
  readonly wallSeconds: number;
  readonly event: NodeEvent | undefined;
  /**
   * `effects`: something else was decided; `quiet`: something else was asked, or anything was done where nothing was;
   * `state`: the effects agree, and yet the state is another one; `fault`: this core breaks where the recorded one did
   * not, or the other way round.
   */
  readonly what: 'effects' | 'quiet' | 'state' | 'fault';
  /** `undefined`: not kept (a question, or only the digest). */
  readonly recorded: readonly unknown[] | undefined;
  readonly replayed: readonly unknown[];
  /** Steps ago that the whole state was last seen to agree. */
  readonly agreedAtStep: number;
  readonly fault?: string;
}

export interface Replay {
  take(record: JournalRecord): void;
  /** The reader met lines that it does not believe; what follows is another segment. `torn`: a last line without an end. */
  damage(torn: boolean): void;
  /** Nothing more is compared: the first divergence is known, or the time is reached. */
  readonly done: boolean;
  report(): ReplayReport;
}

export function createReplay(options: ReplayOptions = {}): Replay {
  const step = options.step ?? stepNode;
  const last: LastStatus = { event: undefined };
  const counts = { segments: 0, daemons: 0, events: 0, decisions: 0, stepsCompared: 0, statesCompared: 0 };
  const gaps: Gap[] = [];
  let segment: SegmentRecord | undefined;
  let state: NodeState | undefined;
  let made = 0;
  let lastUs: Microseconds = 0;
  let agreedAtStep = 0;
  let divergence: Divergence | undefined;
  let ended = false;
  const versions = new Set<string>();
  let fromWallSeconds: number | undefined;
  let untilWallSeconds: number | undefined;

  const wallSecondsAt = (us: Microseconds): number => (segment === undefined ? 0 : wallSecondsOf(segment, us));

  function gap(what: Gap['what'], us: Microseconds, records: number): void {
    const before = gaps.at(-1);
    if (state === undefined && before?.what === what)
      gaps[gaps.length - 1] = { ...before, records: before.records + records };
    else gaps.push({ what, wallSeconds: wallSecondsAt(us), records });
    state = undefined;
  }

  function diverge(found: Omit<Divergence, 'agreedAtStep' | 'wallSeconds'>): void {
    divergence = { ...found, wallSeconds: wallSecondsAt(found.us), agreedAtStep };
  }

  /** The effects; none when the core broke. A step without an end in the journal is one in which the recorded core broke. */
  function make(
    event: NodeEvent,
    recorded: readonly unknown[] | undefined,
    unfinished: boolean,
  ): readonly NodeEffect[] | undefined {
    made += 1;
    counts.events += 1;
    const { nowUs: us } = event;
    untilWallSeconds = wallSecondsAt(us);
    fromWallSeconds ??= untilWallSeconds;
    try {
      const effects = step(state!, event);
      if (unfinished) diverge({ step: made, us, event, what: 'fault', recorded, replayed: effects });
      return unfinished ? undefined : effects;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (!unfinished) diverge({ step: made, us, event, what: 'fault', recorded, replayed: [], fault });
      return undefined;
    }
  }

  function tell(event: NodeEvent, effects: readonly NodeEffect[]): void {
    counts.stepsCompared += 1;
    counts.decisions += effects.filter(isDecision).length;
    if (effects.length > 0)
      options.onStep?.({ step: made, wallSeconds: wallSecondsAt(event.nowUs), event, effects, state: state! });
  }

  function begin(record: CheckpointRecord): void {
    const goesOn = state !== undefined && record.step !== undefined && record.step > 0 && record.step === made;
    if (goesOn) compareState(record.us, record.digest ?? '');
    if (divergence !== undefined) return;
    state = undefined;
    last.event = undefined;
    const content = record.state as { readonly node?: unknown } | undefined;
    if (record.step === undefined || record.digest === undefined || content?.node === undefined) return;
    const restored = tryRestore(content.node);
    if (restored === undefined || digestOfNode(restored) !== record.digest) return;
    if (!goesOn) counts.daemons += record.step === 0 || counts.daemons === 0 ? 1 : 0;
    state = restored;
    made = record.step;
    agreedAtStep = made;
  }

  function compareState(us: Microseconds, digest: string): void {
    if (digestOfNode(state!) !== digest)
      return diverge({ step: made, us, event: undefined, what: 'state', recorded: undefined, replayed: [] });
    counts.statesCompared += 1;
    agreedAtStep = made;
  }

  function takeStep(record: StepRecord): void {
    if (state === undefined) return gap('headless', record.us, 1);
    if (record.step !== made + 1) return gap('lost', record.us, Math.max(1, record.step - made - 1));
    const plain = record.event as NodeEvent;
    const event = plain.type === 'reconfigure' ? unpackReconfigure(state, plain) : plain;
    const unfinished = record.digest === undefined;
    const effects = make(event, record.effects, unfinished);
    noteStatus(last, event);
    if (unfinished) state = undefined;
    if (effects === undefined) return;
    if (stepDigest(effects, sayingOf(state!)) !== record.digest)
      return diverge({
        step: made,
        us: record.us,
        event,
        what: 'effects',
        recorded: record.effects,
        replayed: effects,
      });
    tell(event, effects);
  }

  function takeQuiet(record: QuietStepsRecord): void {
    if (state === undefined) return gap('headless', record.us, record.steps.length);
    if (record.step - record.steps.length !== made) return gap('lost', record.us, 1);
    for (const quiet of record.steps) {
      const event = unpackQuiet(last, quiet, record.fromUs);
      if (event === undefined) return gap('damage', record.us, 1);
      if (isAfter(event.nowUs)) return;
      const before = sayingOf(state);
      const effects = make(event, quiet[2] === undefined ? [] : undefined, false);
      if (effects === undefined) return;
      const digest = effects.length === 0 ? undefined : digestOf(effects);
      if (!areQuiet(effects) || digest !== quiet[2] || sayingOf(state) !== before) {
        const recorded = quiet[2] === undefined ? [] : undefined;
        return diverge({ step: made, us: event.nowUs, event, what: 'quiet', recorded, replayed: effects });
      }
      tell(event, effects);
    }
  }

  function isAfter(us: Microseconds): boolean {
    const limit = options.untilWallSeconds;
    if (limit !== undefined && wallSecondsAt(us) > limit) ended = true;
    return ended;
  }

  return {
    take(record) {
      if (divergence !== undefined || ended) return;
      lastUs = record.us;
      if (record.kind === 'segment') {
        segment = record;
        counts.segments += 1;
        versions.add(record.version ?? '');
        return;
      }
      if (record.kind === 'checkpoint') return begin(record);
      if (record.kind === 'lost') return gap('lost', record.us, record.records);
      if (record.kind === 'steps') return takeQuiet(record);
      if (isAfter(record.us)) return;
      if (record.kind === 'digest') {
        if (state !== undefined && record.step === made) compareState(record.us, record.digest);
      } else if (isStep(record)) takeStep(record);
    },
    damage(torn) {
      if (divergence === undefined && !ended) gap(torn ? 'ended' : 'damage', lastUs, 1);
    },
    get done() {
      return divergence !== undefined || ended;
    },
    report: () => ({ ...counts, fromWallSeconds, untilWallSeconds, versions: [...versions], gaps, divergence }),
  };
}

export function isDecision(effect: NodeEffect): boolean {
  if (effect.type === 'operation')
    return effect.operation.action !== 'status' && effect.operation.action !== 'announce';
  return (
    effect.type === 'releaseAddresses' ||
    effect.type === 'exit' ||
    effect.type === 'rejoin' ||
    effect.type === 'fence' ||
    effect.type === 'persist'
  );
}

function tryRestore(plain: unknown): NodeState | undefined {
  try {
    return restoreNode(plain);
  } catch {
    return undefined;
  }
}
