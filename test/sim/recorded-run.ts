/**
 * A run of the simulator whose every node machine is recorded, as the daemon records it, and may be exchanged between
 * two steps for a copy restored from its checkpoint.
 */
import type { JournalRecord } from '../../src/core/journal-records.ts';
import type { NodeState } from '../../src/core/node-state.ts';
import { dumpNode, restoreNode } from '../../src/core/recording/checkpoint.ts';
import { createStepWriter, type StepWriter } from '../../src/core/recording/step-writer.ts';
import { decodeLine, encodeLine } from '../../src/io/journal/line.ts';
import { Faults } from './faults/begin.ts';
import { drawPlan } from './swarm.ts';
import type { Daemon } from './world/daemon.ts';
import { Draw } from './world/draw.ts';
import { World } from './world/world.ts';

export interface RecordedRun {
  readonly hash: number;
  readonly steps: number;
  readonly trace: readonly string[];
  /** One journal for each life of a daemon, as it comes back from the disk. */
  readonly journals: readonly (readonly JournalRecord[])[];
  readonly restored: number;
}

export interface RecordingOptions {
  readonly record?: boolean;
  /** A new segment after so many records. */
  readonly segmentRecords?: number;
  /** After each step, with this probability, the node goes on as a copy of itself. */
  readonly restoreChance?: number;
}

export function recordedRun(seed: number, options: RecordingOptions): RecordedRun {
  const plan = drawPlan(seed);
  const trace: string[] = [];
  const world = new World({ seed, setup: plan.setup, checkers: [], onTrace: (line) => trace.push(line) });
  const journals: JournalRecord[][] = [];
  const writers = new Map<Daemon, StepWriter>();
  const restoring = new Draw(seed, 'restoring');
  let restored = 0;
  const step = world.step.bind(world);
  const seen = new WeakSet<Daemon>();
  world.step = (daemon, event, run) => {
    if (options.restoreChance !== undefined && !seen.has(daemon)) readsFilesAnew(daemon);
    seen.add(daemon);
    if (options.record === true && !writers.has(daemon)) {
      const journal: JournalRecord[] = [];
      journals.push(journal);
      writers.set(daemon, attach(daemon, journal, options.segmentRecords ?? 1_000_000));
    }
    step(daemon, event, run);
    writers.get(daemon)?.settled(daemon.engine.node, daemon.machine.clock());
    if (!restoring.chance(options.restoreChance ?? 0)) return;
    restored += 1;
    const { node } = daemon.engine;
    (daemon.engine as { node: NodeState }).node = throughCheckpoint(node);
  };
  const faults = new Faults(world);
  world.addChecker(faults.observer);
  const first = world.machines.find(({ name }) => name === plan.boot.first)!;
  first.powerOn();
  world.plan(plan.boot.secondMs * 1000, () => first.other.powerOn(), 0);
  faults.begin(plan);
  world.runUntil(plan.faultsForMs * 1000);
  faults.heal();
  world.runUntil(world.nowUs + 5_000_000);
  for (const writer of writers.values()) writer.flush();
  return { hash: world.hash, steps: world.steps, trace, journals: journals.map(throughTheDisk), restored };
}

/** A real reload parses the files again: nothing in it is the very object that the node has already. */
function readsFilesAnew(daemon: Daemon): void {
  const feed = daemon.feed.bind(daemon);
  daemon.feed = (event) => feed(event.event.type === 'reconfigure' ? structuredClone(event) : event);
}

function attach({ engine, machine }: Daemon, journal: JournalRecord[], segmentRecords: number): StepWriter {
  let inSegment = Number.MAX_VALUE;
  const writer: StepWriter = createStepWriter({
    append(record) {
      inSegment += 1;
      // As it is now: what the core goes on using must not change it.
      journal.push(throughLine(record));
    },
    isSegmentDue: () => inSegment > segmentRecords,
    beginSegment() {
      const us = machine.clock();
      const { step, digest, node } = writer.checkpoint(engine.node);
      inSegment = 0;
      journal.push(
        { kind: 'segment', us, format: 1, number: 1, bootId: machine.name, wallSeconds: 0 },
        throughLine({ kind: 'checkpoint', us, state: { node }, step, digest }),
      );
    },
  });
  engine.witness = writer;
  return writer;
}

function throughCheckpoint(node: NodeState): NodeState {
  const read = throughLine({ kind: 'checkpoint', us: node.nowUs, state: dumpNode(node) });
  return restoreNode(read.kind === 'checkpoint' ? read.state : undefined);
}

const throughTheDisk = (journal: readonly JournalRecord[]): JournalRecord[] => journal.map(throughLine);

function throughLine(record: JournalRecord): JournalRecord {
  const line = encodeLine(record)?.toString('utf8').trimEnd() ?? '';
  const decoded = decodeLine(line);
  if (decoded === undefined) throw new Error(`a record that does not come back from the disk: ${line.slice(0, 200)}`);
  return decoded;
}
