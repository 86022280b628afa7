/**
 * The small files that outlive the daemon: highest generation heard of each peer, groups whose stop failed, groups taken
 * on silence, unmanaged groups, the SPLIT record, a peer known to be off. A failed stop is a fact about this boot of the machine: after a reboot nothing of it can
 * run any more, so the record carries the kernel's boot id and counts only under the same.
 */
import { readFileSync } from 'node:fs';
import type { FenceProof } from '../core/fencing/fencing-state.ts';
import type { UnmanagedGroup } from '../core/haresources/unmanage.ts';
import { failure, type Result, success } from '../core/result.ts';
import type { PersistedPeer } from '../core/transport/state.ts';
import { type NodeName, nodeName } from '../core/types.ts';
import type { Disk } from '../ports/disk.ts';
import type { DurableRecords } from './driver.ts';
import { NewestWrites } from './newest-write.ts';

export const peersFile = 'peers.json';
const failedStopsFile = 'failed-stops.json';
const takenOnSilenceFile = 'taken-on-silence.json';
const splitFile = 'split.json';
const stuckAtPeerFile = 'stuck-at-peer.json';
const unmanagedFile = 'unmanaged.json';
const fencedPeerFile = 'fenced-peer.json';
/** More peers than ever shared one pair's key. */
const peersMax = 32;

/** What earlier lives of this node left behind. */
export interface WrittenDown {
  readonly persistedPeers: readonly PersistedPeer[];
  readonly stickyStopFailures: readonly string[];
  readonly takenOnSilence: readonly string[];
  readonly splitGroups: readonly string[];
  readonly stuckAtPeer: readonly string[];
  readonly unmanaged: readonly UnmanagedGroup[];
  readonly fencedPeer: FenceProof | undefined;
}

export interface Records extends DurableRecords, WrittenDown {}

export async function openRecords(disk: Disk, nextGeneration: () => Promise<Result<number>>): Promise<Result<Records>> {
  const bootId = readBootId();
  const reading = readRecords(bootId);
  let next = reading.next();
  while (next.done !== true) next = reading.next(await disk.read(next.value));
  if (!next.value.ok) return next.value;
  const written = next.value.value;
  let peers = written.persistedPeers;
  // A disk answers with a result; what it throws is a broken invariant, and ends the daemon as an unhandled rejection.
  const writes = new NewestWrites((name, bytes, done) => void disk.write(name, bytes).then(done));
  const write = (name: string, bytes: Uint8Array): Promise<Result<void>> =>
    new Promise((resolve) => writes.write(name, bytes, resolve));
  return success({
    ...written,
    nextGeneration,
    async savePeerGeneration(node, uuid, generation) {
      peers = withPeer(peers, nodeName(node), uuid, generation);
      return write(peersFile, peersContent(peers));
    },
    save(name, content) {
      return write(name, recordContent(content, bootId));
    },
  });
}

/** Asks for one file after the other by its name; takes what the disk port says of each. */
export function* readRecords(bootId: string): Generator<string, Result<WrittenDown>, Result<Uint8Array | undefined>> {
  const persisted = meant(peersFile, yield peersFile, peersIn);
  if (!persisted.ok) return persisted;
  const failedStops = meant(failedStopsFile, yield failedStopsFile, groupsIn);
  if (!failedStops.ok) return failedStops;
  const taken = meant(takenOnSilenceFile, yield takenOnSilenceFile, groupsIn);
  if (!taken.ok) return taken;
  const split = meant(splitFile, yield splitFile, groupsIn);
  if (!split.ok) return split;
  const stuck = meant(stuckAtPeerFile, yield stuckAtPeerFile, groupsIn);
  if (!stuck.ok) return stuck;
  const unmanaged = meant(unmanagedFile, yield unmanagedFile, unmanagedIn);
  if (!unmanaged.ok) return unmanaged;
  const fenced = meant(fencedPeerFile, yield fencedPeerFile, fencedIn);
  if (!fenced.ok) return fenced;
  /** What these say of running groups holds for one boot of the machine only. */
  const ofThisBoot = (record: GroupsRecord | undefined): readonly string[] =>
    record?.bootId === bootId ? record.groups : [];
  const persistedPeers = persisted.value ?? [];
  return success({
    persistedPeers,
    stickyStopFailures: ofThisBoot(failedStops.value),
    takenOnSilence: ofThisBoot(taken.value),
    splitGroups: split.value?.groups ?? [],
    stuckAtPeer: stuck.value?.groups ?? [],
    unmanaged: unmanaged.value?.bootId === bootId ? unmanaged.value.unmanaged : [],
    fencedPeer: fenced.value?.bootId === bootId ? stillOff(fenced.value.fenced, persistedPeers) : undefined,
  });
}

/** A newer incarnation is on disk before it is believed: where one is, what was fenced has come back since. */
function stillOff(proof: FenceProof | undefined, peers: readonly PersistedPeer[]): FenceProof | undefined {
  const heardLast = peers.at(-1)?.generation ?? 0;
  return proof !== undefined && heardLast <= proof.peerGeneration ? proof : undefined;
}

/** Oldest first: the last entry of a name is its present uuid. */
export function withPeer(
  peers: readonly PersistedPeer[],
  node: NodeName,
  uuid: string,
  generation: number,
): readonly PersistedPeer[] {
  return [...peers.filter((peer) => peer.uuid !== uuid), { node, uuid, generation }].slice(-peersMax);
}

export const peersContent = (peers: readonly PersistedPeer[]): Uint8Array => encode(peers);

/** `content`: JSON of an object, as the core wants it kept. */
export function recordContent(content: string, bootId: string): Uint8Array {
  return encode({ ...(JSON.parse(content) as object), bootId });
}

interface GroupsRecord {
  readonly bootId: unknown;
  readonly groups: readonly string[];
}

/**
 * `undefined` where there is no such file. The disk port has verified a checksum, so anything else than what this code
 * writes is another version's: it is refused, since an empty record would forget a failed stop (S9) or a generation (S16).
 */
function meant<Value>(
  file: string,
  read: Result<Uint8Array | undefined>,
  meaningOf: (content: unknown) => Value | undefined,
): Result<Value | undefined> {
  if (!read.ok) return read;
  if (read.value === undefined) return success(undefined);
  try {
    const meaning = meaningOf(JSON.parse(new TextDecoder().decode(read.value)));
    if (meaning !== undefined) return success(meaning);
  } catch {
    // Not even JSON.
  }
  return failure('record-unreadable', { file });
}

function peersIn(content: unknown): PersistedPeer[] | undefined {
  if (!Array.isArray(content)) return undefined;
  const peers: PersistedPeer[] = [];
  for (const entry of content) {
    const { node, uuid, generation } = (entry ?? {}) as Record<string, unknown>;
    if (typeof node !== 'string' || typeof uuid !== 'string' || !Number.isSafeInteger(generation)) return undefined;
    peers.push({ node: nodeName(node), uuid, generation: generation as number });
  }
  return peers;
}

function groupsIn(content: unknown): GroupsRecord | undefined {
  const { bootId, groups } = (content ?? {}) as Record<string, unknown>;
  if (!Array.isArray(groups) || groups.some((group) => typeof group !== 'string')) return undefined;
  return { bootId, groups: groups as string[] };
}

function unmanagedIn(content: unknown): { bootId: unknown; unmanaged: UnmanagedGroup[] } | undefined {
  const { bootId, unmanaged } = (content ?? {}) as Record<string, unknown>;
  if (!Array.isArray(unmanaged)) return undefined;
  const isText = (entry: Record<string, unknown>): boolean =>
    ['group', 'who', 'at'].every((name) => typeof entry?.[name] === 'string');
  return unmanaged.every(isText) ? { bootId, unmanaged: unmanaged as UnmanagedGroup[] } : undefined;
}

function fencedIn(content: unknown): { bootId: unknown; fenced: FenceProof | undefined } | undefined {
  const { bootId, fenced } = (content ?? {}) as Record<string, unknown>;
  if (fenced === undefined) return typeof content === 'object' && content !== null ? { bootId, fenced } : undefined;
  const proof = (fenced ?? {}) as FenceProof;
  const whole =
    (proof.by === 'device' ? proof.action === 'reset' || proof.action === 'off' : proof.action === 'word') &&
    (proof.by === 'device' || proof.by === 'operator') &&
    typeof proof.name === 'string' &&
    typeof proof.verified === 'boolean' &&
    [proof.peerGeneration, proof.requestedUs, proof.confirmedUs].every(Number.isSafeInteger);
  return whole ? { bootId, fenced: proof } : undefined;
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
