/**
 * One version becomes durable: what must be kept aside first, then its file in the ring, then cib.xml. Only when all that is done
 * is it the current one, is anybody told, or is anything else begun. A ring file that could not be written is taken away again, so
 * that what was refused does not come back after a restart; where even that fails, the answer says that nobody can know.
 */
import type { Problem } from '../../result.ts';
import type { Current } from './load.ts';
import {
  currentFile,
  fileOf,
  isLostFile,
  isRingFile,
  lostFiles,
  nextFile,
  rejectedFile,
  ringFiles,
  surplusFile,
} from './shelf.ts';
import { currentDigest, report, type Step, type StoreState, type Work, type WorkPurpose, type Write } from './state.ts';

/** How it ended. `uncertain`: it failed, and yet the version may be there after a restart. */
export type WorkResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: Problem; readonly isUncertain: boolean };

/** `aside`: versions that lose to this one and are kept to go back to. */
export function beginWork(step: Step, purpose: WorkPurpose, next: Current, aside: readonly Current[] = []): void {
  const { state } = step;
  const ring = nextFile(state.shelf, ringFiles, currentDigest(state));
  start(step, purpose, next, [
    ...rejectedWrite(state),
    ...aside.flatMap((lost) => lostWrite(state, lost)),
    { name: ring, bytes: next.bytes, entry: next.entry, isVital: true },
    { name: currentFile, bytes: next.bytes, entry: undefined, isVital: false },
  ]);
}

/** What a start found wrong with the files of the current version. */
export function beginRepair(step: Step, current: Current): void {
  const { state } = step;
  const isInRing = fileOf(state.shelf, current.entry.digest, isRingFile) !== undefined;
  const ring = nextFile(state.shelf, ringFiles, current.entry.digest);
  start(step, { kind: 'repair' }, current, [
    ...rejectedWrite(state),
    ...(isInRing ? [] : [{ name: ring, bytes: current.bytes, entry: current.entry, isVital: true }]),
    { name: currentFile, bytes: current.bytes, entry: undefined, isVital: false },
  ]);
}

/** The work that is over, with its result; `undefined` while it goes on. */
export function onWritten(step: Step, id: number, problem: Problem | undefined): [Work, WorkResult] | undefined {
  const { work } = step.state;
  if (work === undefined || work.id !== id) return undefined;
  const result = work.failed === undefined ? afterWrite(step, work, problem) : afterTakingAway(work.failed, problem);
  if (result === undefined) return undefined;
  step.state.work = undefined;
  return [work, result];
}

function start(step: Step, purpose: WorkPurpose, next: Current, writes: Write[]): void {
  const work: Work = { purpose, next, writes, at: 0, id: 0, failed: undefined };
  step.state.work = work;
  emit(step, work, writes[0]!);
}

function emit({ state, effects }: Step, work: Work, { name, bytes }: Pick<Write, 'name' | 'bytes'>): void {
  work.id = state.nextId++;
  effects.push(
    bytes === undefined ? { type: 'remove', id: work.id, name } : { type: 'replace', id: work.id, name, bytes },
  );
}

function afterWrite(step: Step, work: Work, problem: Problem | undefined): WorkResult | undefined {
  const { state } = step;
  const write = work.writes[work.at]!;
  if (problem === undefined) note(state, write);
  else if (write.isVital) return afterVitalFailure(step, work, write, problem);
  else report(step, problem);
  work.at += 1;
  if (work.at === work.writes.length) work.writes.push(...surplus(state, problem));
  const next = work.writes[work.at];
  if (next === undefined) return { ok: true };
  emit(step, work, next);
  return undefined;
}

function afterVitalFailure(step: Step, work: Work, write: Write, problem: Problem): WorkResult | undefined {
  const { state } = step;
  if (problem.fields['unchanged'] === true) return { ok: false, problem, isUncertain: false };
  state.shelf.delete(write.name);
  if (!isRingFile(write.name)) return { ok: false, problem, isUncertain: false };
  // Its number may have been used, whatever happens now.
  state.skipped += 1;
  work.failed = problem;
  emit(step, work, { name: write.name, bytes: undefined });
  return undefined;
}

function afterTakingAway(failed: Problem, problem: Problem | undefined): WorkResult {
  return { ok: false, problem: failed, isUncertain: problem !== undefined };
}

function note({ shelf }: StoreState, { name, bytes, entry }: Write): void {
  if (bytes === undefined) shelf.delete(name);
  else if (entry !== undefined && (isRingFile(name) || isLostFile(name)))
    shelf.set(name, { entry, bytes: bytes.length });
}

/** Nothing more is tried on a disk that has just failed. */
function surplus({ shelf }: StoreState, problem: Problem | undefined): readonly Write[] {
  const name = problem === undefined ? surplusFile(shelf) : undefined;
  return name === undefined ? [] : [{ name, bytes: undefined, entry: undefined, isVital: false }];
}

/** Somebody else's cib.xml is kept before it is replaced, or it is not replaced. */
function rejectedWrite({ rejected }: StoreState): readonly Write[] {
  return rejected === undefined ? [] : [{ name: rejectedFile, bytes: rejected, entry: undefined, isVital: true }];
}

function lostWrite({ shelf }: StoreState, { entry, bytes }: Current): readonly Write[] {
  if (fileOf(shelf, entry.digest, isLostFile) !== undefined) return [];
  return [{ name: nextFile(shelf, lostFiles, ''), bytes, entry, isVital: true }];
}
