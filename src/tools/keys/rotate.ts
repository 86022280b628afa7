/**
 * Carries an exchange of keys on from wherever it is. Each step changes authkeys of this node, has the daemon read it,
 * and puts the old file back if the daemon refuses. Nothing goes over the network by itself.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../../client/connection.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { Directories } from '../../protocol/directories.ts';
import { type AuthkeysOnDisk, backupOf, readAuthkeys, replaceAuthkeys, writePrivate } from './authkeys-file.ts';
import { exchangeIn, signingWith, withKey, withoutKey } from './authkeys-text.ts';
import {
  type Exchange,
  factsFrom,
  isDue,
  type Plan,
  planRotation,
  type RotationFacts,
  type RotationStep,
} from './rotation.ts';
import { doneText, type Instruction, instructionFor, plannedText, stepText } from './rotation-text.ts';

export interface RotateOptions {
  readonly directories: Directories;
  /** Of the new key. */
  readonly method?: string;
  /** Number of the key that is to sign in the end, where the file does not say. */
  readonly to?: number;
  /** Begin another exchange, although the file tells of one that is complete. */
  readonly isNew: boolean;
  /** One step, then stop: this one, or (`any`) whichever is due. */
  readonly only?: RotationStep | 'any';
  readonly dryRun: boolean;
  readonly waitMs: number;
  /** Write here what the other node's authkeys should be now. */
  readonly peerFile?: string;
  readonly interrupted: AbortSignal;
  /** For people, as it happens. */
  say(text: string, commands?: readonly string[]): void;
}

export interface RotationReport {
  readonly state: 'done' | 'step-done' | 'waiting' | 'planned';
  readonly exchange: Exchange;
  /** Carried out on this node by this call. */
  readonly steps: readonly RotationStep[];
  readonly next?: { readonly step: string; readonly node: string; readonly commands: readonly string[] };
}

const pollMs = 100;

export async function rotate(options: RotateOptions): Promise<Result<RotationReport>> {
  const steps: RotationStep[] = [];
  let said: string | undefined;
  let readText: string | undefined;
  let limitMs = performance.now() + options.waitMs;
  for (;;) {
    const seen = await look(options, steps.length > 0, readText);
    if (!seen.ok) return seen;
    const { plan, facts, file } = seen.value;
    readText = file.text;
    const { exchange } = plan;
    const asked = options.only === 'any' ? undefined : options.only;
    const isFirst = steps.length === 0;
    const due = isFirst ? isDue(plan, asked, facts.peer.name) : success(undefined);
    if (!due.ok) return due;
    if (plan.kind === 'done') {
      options.say(doneText(exchange, facts.peer));
      return success({ state: 'done', exchange, steps });
    }
    const next = nextOf(plan, facts, options, file);
    if (options.dryRun) {
      tell(options, plan, next.instruction);
      return success({ state: 'planned', exchange, steps, next: next.report });
    }
    if (options.only !== undefined && !isFirst)
      return success({ state: 'step-done', exchange, steps, next: next.report });
    if (plan.kind === 'step') {
      const method = options.method ?? defaultMethod(facts);
      const readable = plan.step === 'add' ? checkMethod(method, facts, exchange.next) : success(undefined);
      if (!readable.ok) return readable;
      const taken = await take(options.directories, plan.step, exchange, method, file);
      if (!taken.ok) return taken;
      steps.push(plan.step);
      options.say(stepText(plan.step, exchange, method, backupOf(file.path)));
      limitMs = performance.now() + options.waitMs;
      continue;
    }
    if (plan.awaited !== said) {
      const copied = writePeerFile(options, plan, facts, file);
      if (!copied.ok) return copied;
      tell(options, plan, next.instruction);
      said = plan.awaited;
    }
    const isOver = options.only !== undefined || options.interrupted.aborted || performance.now() >= limitMs;
    if (isOver) return success({ state: 'waiting', exchange, steps, next: next.report });
    await pause(pollMs);
  }
}

interface Sight {
  readonly plan: Plan;
  readonly facts: RotationFacts;
  readonly file: AuthkeysOnDisk;
}

/** The file, then what both daemons say. A file that was changed by hand, or by a call that was cut off, is read first. */
async function look(options: RotateOptions, hasBegun: boolean, readText: string | undefined): Promise<Result<Sight>> {
  const { haDir, runDir } = options.directories;
  const file = readAuthkeys(haDir);
  if (!file.ok) return file;
  if (file.value.text !== readText) {
    const { dryRun } = options;
    const read = await ask(runDir, 'reloadKeys', { dryRun });
    if (!read.ok) return read;
    if (read.value.changed && !hasBegun)
      options.say(
        dryRun ? 'authkeys was changed; the daemon would read it.' : 'authkeys was changed; the daemon has read it.',
      );
  }
  const status = await ask(runDir, 'status', {});
  if (!status.ok) return status;
  const written = options.isNew && !hasBegun ? {} : exchangeIn(file.value.text);
  const facts = factsFrom(status.value, options.to === undefined ? written : namedBy(options.to, written));
  if (!facts.ok) return facts;
  const plan = planRotation(facts.value);
  return plan.ok ? success({ plan: plan.value, facts: facts.value, file: file.value }) : plan;
}

function namedBy(next: number, written: Partial<Exchange>): Partial<Exchange> {
  return written.next === next ? written : { next };
}

/** Problem codes: those of the file and of `reloadKeys`; the file is then what it was. */
async function take(
  { runDir }: Directories,
  step: RotationStep,
  exchange: Exchange,
  method: string,
  file: AuthkeysOnDisk,
): Promise<Result<void>> {
  const replaced = replaceAuthkeys(file, changedText(step, exchange, method, file.text));
  if (!replaced.ok) return replaced;
  const read = await ask(runDir, 'reloadKeys', {});
  if (read.ok) return success(undefined);
  const restored = writePrivate(file.path, file.text);
  return restored.ok ? read : restored;
}

function changedText(step: RotationStep, exchange: Exchange, method: string, text: string): string {
  if (step === 'add')
    return withKey(text, exchange, method, randomBytes(method === 'sha512' ? 64 : 32).toString('hex'));
  return step === 'sign' ? signingWith(text, exchange) : withoutKey(text, exchange);
}

function defaultMethod({ peer, self }: RotationFacts): string {
  if (peer.product === 'heartbeat') return 'sha1';
  const present = self.keys.accepts?.find(({ index }) => index === self.keys.signsWith)?.method;
  return present === undefined || ['crc', 'md5', 'sha1'].includes(present) ? 'sha256' : present;
}

function nextOf(
  plan: Exclude<Plan, { kind: 'done' }>,
  { self, peer }: RotationFacts,
  options: RotateOptions,
  { path }: AuthkeysOnDisk,
): { readonly instruction: Instruction | undefined; readonly report: NonNullable<RotationReport['next']> } {
  if (plan.kind === 'step') {
    return { instruction: undefined, report: { step: plan.step, node: self.name, commands: ['pairbeat rotate-key'] } };
  }
  const instruction = instructionFor(plan.awaited, peer, plan.exchange, options.peerFile ?? path);
  return { instruction, report: { step: plan.awaited, node: peer.name, commands: instruction.commands } };
}

function tell(
  options: RotateOptions,
  plan: Exclude<Plan, { kind: 'done' }>,
  instruction: Instruction | undefined,
): void {
  if (plan.kind === 'step') options.say(`This node ${plannedText[plan.step](plan.exchange)}.`);
  else if (instruction !== undefined) options.say(instruction.text, instruction.commands);
}

function writePeerFile(
  { peerFile }: RotateOptions,
  plan: Extract<Plan, { kind: 'wait' }>,
  { peer }: RotationFacts,
  { text }: AuthkeysOnDisk,
): Result<void> {
  if (peerFile === undefined) return success(undefined);
  if (peer.product === 'heartbeat') return writePrivate(peerFile, signingWith(text, plan.exchange));
  // Later on the other node has the keys, and its own place in the exchange.
  return plan.awaited === 'peer-accepts' ? writePrivate(peerFile, text) : success(undefined);
}

/** Problem code: keys-heartbeat-cannot. */
function checkMethod(method: string, { peer }: RotationFacts, index: number): Result<void> {
  if (peer.product !== 'heartbeat' || ['md5', 'sha1'].includes(method)) return success(undefined);
  return failure('keys-heartbeat-cannot', { peer: peer.name, index, method });
}
