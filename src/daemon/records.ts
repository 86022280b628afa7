/**
 * The small files that outlive the daemon: highest generation heard of each peer, groups whose stop failed, groups taken
 * on silence, the SPLIT record. A failed stop is a fact about this boot of the machine: after a reboot nothing of it can
 * run any more, so the record carries the kernel's boot id and counts only under the same.
 */
import { readFileSync } from 'node:fs';
import { type Result, success } from '../core/result.ts';
import type { PersistedPeer } from '../core/transport/state.ts';
import { nodeName } from '../core/types.ts';
import type { Disk } from '../ports/disk.ts';
import type { DurableRecords } from './driver.ts';

const peersFile = 'peers.json';
const failedStopsFile = 'failed-stops.json';
const takenOnSilenceFile = 'taken-on-silence.json';
/** More peers than ever shared one pair's key. */
const peersMax = 32;

export interface Records extends DurableRecords {
  readonly persistedPeers: readonly PersistedPeer[];
  readonly stickyStopFailures: readonly string[];
  readonly takenOnSilence: readonly string[];
  readonly splitGroups: readonly string[];
}

export async function openRecords(disk: Disk, nextGeneration: () => Promise<Result<number>>): Promise<Result<Records>> {
  const peersText = await readText(disk, peersFile);
  if (!peersText.ok) return peersText;
  const failedText = await readText(disk, failedStopsFile);
  if (!failedText.ok) return failedText;
  const takenText = await readText(disk, takenOnSilenceFile);
  if (!takenText.ok) return takenText;
  const splitText = await readText(disk, 'split.json');
  if (!splitText.ok) return splitText;
  let peers = parsePeers(peersText.value);
  const bootId = readBootId();
  /** What these say of running groups holds for one boot of the machine only. */
  const groupsOfThisBoot = (text: string): string[] => {
    const record = parseObject(text);
    return record['bootId'] === bootId ? textList(record['groups']) : [];
  };
  return success({
    persistedPeers: peers,
    stickyStopFailures: groupsOfThisBoot(failedText.value),
    takenOnSilence: groupsOfThisBoot(takenText.value),
    splitGroups: textList(parseObject(splitText.value)['groups']),
    nextGeneration,
    async savePeerGeneration(node, uuid, generation) {
      // Oldest first: the last entry of a name is its present uuid.
      peers = [...peers.filter((peer) => peer.uuid !== uuid), { node: nodeName(node), uuid, generation }].slice(
        -peersMax,
      );
      return disk.write(peersFile, encode(peers));
    },
    save(name, content) {
      return disk.write(name, encode({ bootId, ...parseObject(content) }));
    },
  });
}

function parsePeers(text: string): PersistedPeer[] {
  const parsed: unknown = text === '' ? [] : JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown) => {
    const { node, uuid, generation } = entry as Record<string, unknown>;
    const sound = typeof node === 'string' && typeof uuid === 'string' && typeof generation === 'number';
    return sound ? [{ node: nodeName(node), uuid, generation }] : [];
  });
}

/** The disk port has verified a checksum: what is read here is what this code wrote. */
function parseObject(text: string): Record<string, unknown> {
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

async function readText(disk: Disk, name: string): Promise<Result<string>> {
  const read = await disk.read(name);
  if (!read.ok) return read;
  return success(read.value === undefined ? '' : new TextDecoder().decode(read.value));
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
