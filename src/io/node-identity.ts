/**
 * Who this node is: its uuid, and its generation, which must grow with every start, because a peer drops everything
 * from a generation lower than it has seen (S16). The two files are Heartbeat's own, so that moving between the two
 * products in either direction keeps the identity:
 *
 *   hb_generation   15 digits, right-aligned, and a newline (16 bytes)
 *   hb_uuid         16 raw bytes
 *
 * Neither has a checksum, so a checksummed side copy is kept and written first. The higher generation counts, and the uuid
 * of the copy that verifies; where a uuid was and none can be read, none is made up.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import { readDurableFile, writeDurableFile } from './durable-file.ts';
import { type FileOperations, fileProblem, realFileOperations } from './file-operations.ts';
import { type FileProcedure, perform } from './file-procedure.ts';

export interface NodeIdentity {
  /** 32 hexadecimal digits. */
  readonly uuid: string;
  readonly generation: number;
}

export interface IdentityOptions {
  /** Only for the very first generation of a node: wall clock plus one, as Heartbeat does. */
  readonly wallSeconds: () => number;
  /** `hbgenmethod time`: the clock's seconds, unless the file says more. A clock that was set back locks nobody out. */
  readonly fromClock?: boolean;
  /** A file was damaged and has been restored from the other copy. */
  readonly onDamage?: (problem: Problem) => void;
  readonly files?: FileOperations;
  readonly makeUuid?: () => string;
}

const sideCopyName = 'pairbeat-identity';
const generationDigits = 15;
const generationMaximum = 10 ** generationDigits - 1;
const uuidBytes = 16;

/** As it is on disk; changes nothing. For tools. */
export async function readIdentity(
  stateDir: string,
  files: FileOperations = realFileOperations,
): Promise<Result<NodeIdentity>> {
  const known = await perform(
    files,
    readAll(stateDir, () => {}),
  );
  if (!known.ok) return known;
  const { uuid, generation } = known.value;
  if (uuid === undefined || generation === undefined) return failure('identity-missing', { directory: stateDir });
  return success({ uuid, generation });
}

export function nextGeneration(stateDir: string, options: IdentityOptions): Promise<Result<NodeIdentity>> {
  return perform(options.files ?? realFileOperations, beginGeneration(stateDir, options));
}

/**
 * Begins a new incarnation: durable before it is returned, so before the first packet leaves. A node without identity
 * gets one.
 */
export function* beginGeneration(
  stateDir: string,
  options: Omit<IdentityOptions, 'files'>,
): FileProcedure<Result<NodeIdentity>> {
  const damage: Problem[] = [];
  const known = yield* readAll(stateDir, (problem) => damage.push(problem));
  if (!known.ok) return known;
  // A file that does not verify is not one that never was: the clock may say less than it did (S14, S16).
  if (known.value.generation === undefined && damage.length > 0)
    return failure('identity-damaged', { directory: stateDir });
  // With a new one the peer would take this node for another machine.
  if (known.value.uuid === undefined && damage.length > 0)
    return failure('identity-uuid-damaged', { directory: stateDir });
  for (const problem of damage) options.onDamage?.(problem);
  const following = (known.value.generation ?? options.wallSeconds()) + 1;
  const generation = options.fromClock === true ? Math.max(following, Math.floor(options.wallSeconds())) : following;
  if (generation > generationMaximum) return failure('generation-exhausted', { directory: stateDir });
  const identity = { uuid: known.value.uuid ?? (options.makeUuid ?? randomUuid)(), generation };
  const written = yield* writeAll(stateDir, identity);
  return written.ok ? success(identity) : written;
}

interface KnownIdentity {
  readonly uuid: string | undefined;
  readonly generation: number | undefined;
}

function* readAll(stateDir: string, onDamage: (problem: Problem) => void): FileProcedure<Result<KnownIdentity>> {
  const sideCopy = yield* readSideCopy(stateDir, onDamage);
  if (!sideCopy.ok) return sideCopy;
  const generation = yield* readRaw(stateDir, 'hb_generation', parseGeneration, onDamage);
  if (!generation.ok) return generation;
  const uuid = yield* readRaw(stateDir, 'hb_uuid', parseUuid, onDamage);
  if (!uuid.ok) return uuid;
  if (uuid.value !== undefined && sideCopy.value.uuid !== undefined && uuid.value !== sideCopy.value.uuid)
    onDamage({ code: 'identity-uuid-differs', fields: { file: join(stateDir, 'hb_uuid') } });
  return success({
    uuid: sideCopy.value.uuid ?? uuid.value,
    generation: higher(generation.value, sideCopy.value.generation),
  });
}

/** A damaged raw file reads as absent: the side copy has the same content, or a newer one. */
function* readRaw<Value>(
  stateDir: string,
  name: string,
  parse: (bytes: Uint8Array) => Value | undefined,
  onDamage: (problem: Problem) => void,
): FileProcedure<Result<Value | undefined>> {
  const path = join(stateDir, name);
  try {
    const bytes = yield { do: 'read', path, limitBytes: 64 };
    if (bytes === undefined) return success(undefined);
    const value = parse(bytes);
    if (value === undefined) onDamage({ code: 'identity-file-damaged', fields: { file: path } });
    return success(value);
  } catch (error) {
    return { ok: false, problem: fileProblem(error, path) };
  }
}

/** A side copy that verifies in no copy must not keep the node from starting while Heartbeat's own files are good. */
function* readSideCopy(stateDir: string, onDamage: (problem: Problem) => void): FileProcedure<Result<KnownIdentity>> {
  const read = yield* readDurableFile(stateDir, sideCopyName, onDamage);
  const nothing: KnownIdentity = { uuid: undefined, generation: undefined };
  if (!read.ok) {
    if (read.problem.code !== 'file-damaged') return read;
    onDamage(read.problem);
    return success(nothing);
  }
  if (read.value === undefined) return success(nothing);
  const copy = parseSideCopy(read.value);
  if (copy.generation === undefined) onDamage({ code: 'file-damaged', fields: { file: join(stateDir, sideCopyName) } });
  return success(copy);
}

function parseSideCopy(bytes: Uint8Array): KnownIdentity {
  const [uuid, generation] = Buffer.from(bytes).toString('latin1').trim().split(' ');
  return {
    uuid: uuid !== undefined && /^[0-9a-f]{32}$/.test(uuid) ? uuid : undefined,
    generation: parseGeneration(Buffer.from(`${generation}\n`)),
  };
}

function* writeAll(stateDir: string, identity: NodeIdentity): FileProcedure<Result<void>> {
  const { uuid, generation } = identity;
  const sideCopy = yield* writeDurableFile(stateDir, sideCopyName, Buffer.from(`${uuid} ${generation}\n`));
  if (!sideCopy.ok) return sideCopy;
  try {
    yield* replace(stateDir, 'hb_uuid', Buffer.from(uuid, 'hex'));
    yield* replace(stateDir, 'hb_generation', Buffer.from(`${String(generation).padStart(generationDigits)}\n`));
    yield { do: 'syncDirectory', path: stateDir };
    return success(undefined);
  } catch (error) {
    return { ok: false, problem: fileProblem(error, stateDir) };
  }
}

function* replace(stateDir: string, name: string, bytes: Uint8Array): FileProcedure<void> {
  const path = join(stateDir, name);
  yield { do: 'writeSynced', path: `${path}.new`, bytes };
  yield { do: 'rename', from: `${path}.new`, to: path };
}

/** Without its newline the file has been cut off, and the number with it. */
function parseGeneration(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const generation = /^ *\d{1,15}\n$/.test(text) ? Number(text) : 0;
  return generation > 0 ? generation : undefined;
}

function parseUuid(bytes: Uint8Array): string | undefined {
  if (bytes.length !== uuidBytes || bytes.every((byte) => byte === 0)) return undefined;
  return Buffer.from(bytes).toString('hex');
}

function higher(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

/** Version 4 (RFC 9562): random, with the version and variant bits set, as libuuid makes them for Heartbeat. */
function randomUuid(): string {
  const bytes = randomBytes(uuidBytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex');
}
