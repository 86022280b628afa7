/**
 * One round: a pair, one kind of protection, one seed. Episodes of faults, each followed by healing and recovery within
 * the bound; in the end both daemons are stopped as an administrator stops them, and what is left is looked at.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootTimeUs } from '../lab/libc.ts';
import { sleep } from '../lab/machine.ts';
import { loadAverage } from '../lab/probe.ts';
import { boardBoundMs } from './board.ts';
import { groups, nodeNames, type ProtectionKind } from './configuration.ts';
import { playEpisode, sentenceOf } from './episode.ts';
import { faultKinds, kindsByName } from './faults/all.ts';
import type { FaultKind } from './faults/fault-kind.ts';
import { replayJournals, tryChangedCores } from './journals.ts';
import { judge } from './judgement.ts';
import { growthOf, leftovers, type Sample, sample, sharedMemory } from './leaks.ts';
import { type LockLog, readLockLog } from './lock-log.ts';
import { createPlan, type Episode } from './plan.ts';
import { awaitRecovery, recoveryBoundMs } from './recovery.ts';
import type { DoubleAnswer, PlayedEpisode, RoundObservations, RoundResult } from './results.ts';
import { openWorld, type World } from './world.ts';

export interface RoundOptions {
  readonly protection: ProtectionKind;
  readonly seed: number;
  readonly forMs: number;
  /** These instead of what the seed draws, and no others: to play again what has gone wrong. */
  readonly episodes?: readonly Episode[];
  /** Also try cores with a changed decision on the journals; copies of the product are made for them. */
  readonly changedCores: boolean;
  /** Logs and journals of both nodes are copied there in the end. */
  readonly logs?: string;
  /** A line of progress. */
  readonly tell: (line: string) => void;
}

/** A pair that has not recovered so long after the bound never will. */
const patienceMs = 15_000;

export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { protection, seed, tell } = options;
  const sharedMemoryBefore = sharedMemory();
  const world = await openWorld({ protection, seed });
  const beganUs = bootTimeUs();
  const samples: Sample[] = [];
  const episodes: PlayedEpisode[] = [];
  const boundMs = recoveryBoundMs(protection === 'fence' ? boardBoundMs : 0);
  const { available, skipped } = sortKinds(world);
  const plan = createPlan(seed, available);
  try {
    const start = await awaitRecovery(world, boundMs, boundMs + patienceMs);
    if (!start.recovered) throw new Error(`the pair did not come up: ${start.missing}`);
    const endsMs = performance.now() + options.forMs;
    for (let index = 0; performance.now() < endsMs; index += 1) {
      const planned = options.episodes === undefined ? plan.episode(index) : options.episodes[index];
      if (planned === undefined) break;
      const fromUs = bootTimeUs();
      const faults = await playEpisode(world, planned, kindsByName);
      const healedUs = bootTimeUs();
      const recovery = await awaitRecovery(world, boundMs, boundMs + patienceMs);
      const toUs = bootTimeUs();
      const outageMs = await outages(world, fromUs, toUs);
      const played = { index, fromUs, healedUs, toUs, faults, recovery, outageMs };
      episodes.push(played);
      tell(lineOf(played));
      if (!recovery.recovered) break;
      samples.push(...sample(world));
      await sleep(planned.calmMs);
    }
    return await finish();
  } finally {
    if (options.logs !== undefined) keepLogs(world, join(options.logs, `${protection}-${seed}`));
    await world.close();
  }

  async function finish(): Promise<RoundResult> {
    const relay = await world.relay.count();
    const ends: string[] = [];
    for (const name of nodeNames) ends.push(await world.supervisors.get(name)!.stopForGood(boundMs));
    const left = await nothingLeft(world, sharedMemoryBefore);
    const watched = await world.watcher.report();
    const doubleAnswers = await doubles(world);
    const lockLogs = readLockLogs(world);
    const supervisors = [...world.supervisors.values()];
    const fencing = world.board?.requests ?? [];
    const journals = await replayJournals(world);
    const changedCores = options.changedCores ? await tryChangedCores(world, fencing.length > 0) : [];
    const seen: RoundObservations = {
      protection,
      seed,
      seconds: (bootTimeUs() - beganUs) / 1e6,
      kinds: plan.kinds,
      skipped,
      episodes,
      boundMs,
      protectedMs: world.status.protectedMs,
      protectionWords: Object.fromEntries(world.status.words),
      overlaps: watched.overlaps,
      doubleAnswers,
      lockConflicts: watched.conflicts,
      lockLogs,
      relay,
      fencing,
      journals,
      changedCores,
      boots: supervisors.reduce((sum, supervisor) => sum + supervisor.boots, 0),
      daemonStarts: supervisors.reduce((sum, supervisor) => sum + supervisor.lives.length, 0),
      daemon: growthOf(samples, 'daemon'),
      agentHost: growthOf(samples, 'agent host'),
      leftovers: left,
      ends,
      watcher: { polls: watched.polls, longestStallMs: watched.longestStallMs },
      load: loadAverage(),
      labTroubles: world.board?.troubles ?? [],
    };
    return { ...seen, violations: judge(seen) };
  }
}

function keepLogs({ lab }: World, directory: string): void {
  for (const host of lab.hosts) {
    cpSync(host.logDirectory, join(directory, host.name, 'log'), { recursive: true });
    cpSync(join(host.stateDirectory, 'journal'), join(directory, host.name, 'journal'), { recursive: true });
  }
}

/** Children that an agent left behind may live a little longer than the daemon. */
async function nothingLeft(world: World, sharedMemoryBefore: readonly string[]): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    const left = await leftovers(world, sharedMemoryBefore);
    if (left.length === 0 || tries === 20) return left;
    await sleep(200);
  }
}

function sortKinds(world: World): { available: FaultKind[]; skipped: Record<string, string> } {
  const skipped: Record<string, string> = {};
  const available = faultKinds.filter((kind) => {
    const reason = kind.unavailable?.(world);
    if (reason !== undefined) skipped[kind.name] = reason;
    return reason === undefined;
  });
  return { available, skipped };
}

async function outages(world: World, fromUs: number, toUs: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { address } of groups) {
    const spells = await world.observers.get(address)!.owners(fromUs, toUs);
    const ordered = [...spells].sort((left, right) => left.fromUs - right.fromUs);
    let answeredUntil = fromUs;
    let longest = 0;
    for (const spell of ordered) {
      longest = Math.max(longest, spell.fromUs - answeredUntil);
      answeredUntil = Math.max(answeredUntil, spell.toUs);
    }
    found[address] = Math.max(0, Math.max(longest, toUs - answeredUntil)) / 1000;
  }
  return found;
}

/** Somebody else who has the address (a clash is one of the faults) is not a second owner of ours. */
async function doubles(world: World): Promise<DoubleAnswer[]> {
  const found: DoubleAnswer[] = [];
  for (const { address } of groups) {
    for (const spell of await world.observers.get(address)!.doubleOwners()) {
      const ours = spell.owners.filter((owner) => nodeNames.some((name) => name === owner));
      if (ours.length > 1) found.push({ address, fromUs: spell.fromUs, toUs: spell.toUs });
    }
  }
  return found;
}

function readLockLogs({ sharedDirectory }: World): Record<string, LockLog> {
  return Object.fromEntries(
    groups.map(({ service }) => {
      const file = join(sharedDirectory, `${service}.log`);
      return [service, readLockLog(service, existsSync(file) ? readFileSync(file, 'latin1') : '')];
    }),
  );
}

function lineOf({ index, faults, recovery, outageMs }: PlayedEpisode): string {
  const story = faults.map((fault) =>
    fault.notApplied === undefined ? sentenceOf(fault) : `(${fault.planned.kind}: ${fault.notApplied})`,
  );
  const out = Object.values(outageMs).map((ms) => Math.round(ms));
  const end = recovery.recovered ? `recovered in ${Math.round(recovery.ms)} ms` : `NOT RECOVERED: ${recovery.missing}`;
  return `episode ${index}: ${story.join('; ')}: ${end}; out of service ${out.join(' and ')} ms`;
}
