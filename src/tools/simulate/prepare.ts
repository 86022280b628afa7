/**
 * What `pairbeat simulate` and `crm_simulate` have in common: reading a CIB, the time that counts as now, the changes to
 * begin with, and the simulation itself.
 */
import type { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cib } from '../../core/cib/model.ts';
import { type CibFinding, validateCib } from '../../core/cib/validate.ts';
import { parseCib } from '../../core/cib/xml.ts';
import { parseIsoDate } from '../../core/policy/rules/iso-date.ts';
import { type Injection, inject, parseOperationSpec } from '../../core/policy/simulate/inject.ts';
import type { PlayOptions, WantedFailure } from '../../core/policy/simulate/play.ts';
import { type Simulation, simulate } from '../../core/policy/simulate/simulate.ts';
import type { UnpackEnvironment } from '../../core/policy/unpack/cluster.ts';
import { failure, type Result, success } from '../../core/result.ts';

export interface SimulationRequest {
  /** A path, or `-`. */
  readonly file: string;
  /** ISO 8601; otherwise the configuration's own `execution-date`, otherwise the wall clock. */
  readonly now?: string;
  readonly nodesUp: readonly string[];
  readonly nodesDown: readonly string[];
  readonly nodesFailed: readonly string[];
  readonly quorum?: boolean;
  readonly operations: readonly string[];
  readonly failures: readonly string[];
  /** The CIB that comes out will be saved. */
  readonly kept?: boolean;
  /** Also holds the configuration against the schema. */
  readonly validated?: boolean;
  /** A change of the configuration itself, before anything else. */
  readonly change?: (cib: Cib) => Cib;
  readonly tickets: readonly { readonly ticket: string; readonly attributes: Readonly<Record<string, string>> }[];
}

export interface PreparedSimulation {
  /** The input as it was read. */
  readonly original: Cib;
  /** What the policy was given: the input with the changes asked for. */
  readonly cib: Cib;
  readonly environment: UnpackEnvironment;
  readonly failures: readonly WantedFailure[];
  /** What is wrong with the configuration as it was written, with line and column; empty unless asked for. */
  readonly findings: readonly CibFinding[];
  readonly simulation: Simulation;
}

/** A CIB of a large cluster is a few megabytes; what is larger is no CIB. */
const inputLimitBytes = 64 * 1024 * 1024;

export async function prepare(request: SimulationRequest): Promise<Result<PreparedSimulation>> {
  const text = await readInput(request.file);
  if (!text.ok) return text;
  const parsed = parseCib(text.value);
  if (!parsed.ok) return parsed;
  const nowS = timeOf(request.now, parsed.value.cib);
  if (!nowS.ok) return nowS;
  const environment = { nowS: nowS.value, md5 };
  const injections = injectionsOf(request);
  if (!injections.ok) return injections;
  const failures = each(request.failures, parseOperationSpec);
  if (!failures.ok) return failures;
  const original = parsed.value.cib;
  const changed = inject(request.change?.(original) ?? original, injections.value, environment);
  if (!changed.ok) return changed;
  const simulation = simulated(changed.value, environment, { failures: failures.value, kept: request.kept === true });
  if (!simulation.ok) return simulation;
  const findings = request.validated === true ? validateCib(original, parsed.value.positions) : [];
  return success({
    original,
    cib: changed.value,
    environment,
    failures: failures.value,
    findings,
    simulation: simulation.value,
  });
}

/** Chains of colocations are followed step into step, so that one of thousands reaches the end of the stack. */
function simulated(cib: Cib, environment: UnpackEnvironment, options: PlayOptions): Result<Simulation> {
  try {
    return success(simulate(cib, environment, options));
  } catch (error) {
    if (error instanceof RangeError) return failure('simulate-too-entangled', {});
    throw error;
  }
}

/** Loading the cryptography takes as long as a small decision, and most have no digest to compare. */
let hash: typeof createHash | undefined;

export function md5(text: string): string {
  hash ??= process.getBuiltinModule('node:crypto').createHash;
  return hash('md5').update(text).digest('hex');
}

async function readInput(file: string): Promise<Result<string>> {
  try {
    const bytes = file === '-' ? await readStandardInput() : readFileSync(file);
    if (bytes.length > inputLimitBytes)
      return failure('simulate-input-unreadable', { file, reason: `more than ${inputLimitBytes} bytes` });
    return success(bytes.toString('utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return failure('simulate-input-unreadable', { file, reason: reasons[code] ?? code });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > inputLimitBytes) break;
  }
  return Buffer.concat(chunks);
}

function timeOf(text: string | undefined, cib: Cib): Result<number> {
  if (text !== undefined) {
    const moment = parseIsoDate(text, Math.floor(Date.now() / 1000));
    return moment === undefined ? failure('simulate-time-malformed', { text }) : success(moment.epochS);
  }
  const recorded = Number(cib.attributes['execution-date'] ?? '');
  return success(recorded > 0 ? recorded : Math.floor(Date.now() / 1000));
}

function injectionsOf(request: SimulationRequest): Result<Injection[]> {
  const operations = each(request.operations, parseOperationSpec);
  if (!operations.ok) return operations;
  return success([
    ...request.nodesUp.map((node) => ({ kind: 'node', node, state: 'up' }) as const),
    ...request.nodesDown.map((node) => ({ kind: 'node', node, state: 'down' }) as const),
    ...request.nodesFailed.map((node) => ({ kind: 'node', node, state: 'failed' }) as const),
    ...(request.quorum === undefined ? [] : [{ kind: 'quorum', have: request.quorum } as const]),
    ...request.tickets.map((ticket) => ({ kind: 'ticket', ...ticket }) as const),
    ...operations.value.map((operation) => ({ kind: 'operation', operation }) as const),
  ]);
}

function each<Value>(texts: readonly string[], parse: (text: string) => Result<Value>): Result<Value[]> {
  const values: Value[] = [];
  for (const text of texts) {
    const parsed = parse(text);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return success(values);
}
