/**
 * Weight and site of the two nodes: `hostcache` in the state directory, one line `name<TAB>uuid<TAB>weight<TAB>site` each,
 * as Heartbeat 3 reads and writes it, and `delhostcache` with the nodes that were removed and not heard since. Nothing of it decides anything
 * in a pair; tools and scripts ask for it. It learns from the messages `setweight` and `setsite`, this node's own
 * among them.
 */
import { join } from 'node:path';
import type { ClusterEvent } from '../core/cluster-events.ts';
import { type FileOperations, fileProblem, realFileOperations } from '../io/file-operations.ts';
import { readPlainFile } from '../io/plain-file.ts';
import type { Log } from '../ports/log.ts';

export interface NodePlace {
  readonly weight: number;
  /** Empty: not told. */
  readonly site: string;
}

export interface HostCache {
  placeOf(node: string): NodePlace;
  /** `setweight` and `setsite` are taken over; everything else is none of its business. */
  told(event: ClusterEvent): void;
  /** The node's weight and site are forgotten and its name is kept among the removed ones. */
  remove(node: string): void;
  /** What was asked for so far is on disk, or has failed and was logged. */
  settled(): Promise<void>;
}

export interface HostCacheOptions {
  readonly stateDir: string;
  readonly nodes: readonly string[];
  /** 32 hexadecimal digits; empty while not known. */
  readonly uuidOf: (node: string) => string;
  readonly log: Log;
  readonly files?: FileOperations;
}

/** What a node has that nobody has given a weight: Heartbeat's own default. */
export const defaultPlace: NodePlace = { weight: 100, site: '' };

export const weightMax = 1_000_000;
export const sitePattern = /^[^\s\u0000-\u001f\u007f]{1,100}$/u;

const bytesMax = 64 * 1024;

export function createHostCache(options: HostCacheOptions): HostCache {
  const { stateDir, nodes, log, files = realFileOperations } = options;
  const path = join(stateDir, 'hostcache');
  const removedPath = join(stateDir, 'delhostcache');
  const places = new Map<string, NodePlace>();
  const removed = new Set<string>();
  const uuids = new Map<string, string>();
  const uuidOf = (name: string): string => options.uuidOf(name) || (uuids.get(name) ?? '');
  let writing: Promise<void> = Promise.resolve();

  for (const { name, uuid, place } of readLines(path)) {
    if (!nodes.includes(name)) continue;
    places.set(name, place);
    uuids.set(name, uuid);
  }
  for (const { name, uuid } of readLines(removedPath)) {
    removed.add(name);
    uuids.set(name, uuid);
  }

  function readLines(file: string): ReturnType<typeof parseHostCache>['entries'] {
    const { entries, ignored } = parseHostCache(textOf(file));
    if (ignored > 0) log.write('warning', { code: 'host-cache-unreadable', fields: { file, lines: ignored } });
    return entries;
  }

  function save(): void {
    const line = (name: string): string => {
      const { weight, site } = places.get(name) ?? defaultPlace;
      return `${name}\t${withDashes(uuidOf(name))}\t${weight}\t${site}\n`;
    };
    const kept = nodes.filter((name) => !removed.has(name) && uuidOf(name) !== '');
    const contents: [string, string][] = [
      [path, kept.map(line).join('')],
      [removedPath, [...removed].map(line).join('')],
    ];
    writing = writing.then(async () => {
      for (const [file, text] of contents) await replace(file, text);
    });
  }

  async function replace(file: string, text: string): Promise<void> {
    try {
      await files.writeSynced(`${file}.new`, Buffer.from(text));
      await files.rename(`${file}.new`, file);
      await files.syncDirectory(stateDir);
    } catch (error) {
      log.write('error', fileProblem(error, file));
    }
  }

  return {
    placeOf: (node) => places.get(node) ?? defaultPlace,
    told({ fields }) {
      const { t: type, src = '', st = '' } = fields;
      // It is there again: nobody has removed it any more.
      if (type === 'status' && st !== 'dead' && removed.delete(src)) save();
      const name = (fields['node'] ?? '').toLowerCase();
      if (!nodes.includes(name)) return;
      const place = placeAfter(places.get(name) ?? defaultPlace, fields);
      if (place === undefined) return;
      places.set(name, place);
      removed.delete(name);
      save();
    },
    remove(node) {
      places.delete(node);
      removed.add(node);
      save();
    },
    settled: () => writing,
  };
}

/** `undefined`: it says nothing of weight or site, or something that is neither. */
function placeAfter(place: NodePlace, fields: ClusterEvent['fields']): NodePlace | undefined {
  const { t: type, weight = '', site = '' } = fields;
  if (type === 'setweight' && isWeight(weight)) return { ...place, weight: Number(weight) };
  if (type === 'setsite' && sitePattern.test(site)) return { ...place, site };
  return undefined;
}

export const isWeight = (text: string): boolean => /^\d{1,7}$/.test(text) && Number(text) <= weightMax;

/** Weight and site may be missing, as in files of older versions. */
export function parseHostCache(text: string): {
  readonly entries: { readonly name: string; readonly uuid: string; readonly place: NodePlace }[];
  readonly ignored: number;
} {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.flatMap((line) => {
    const [name = '', uuid = '', weight = String(defaultPlace.weight), site = ''] = line.split('\t');
    const hex = uuid.replaceAll('-', '').toLowerCase();
    if (!/^[^\s]{1,100}$/.test(name) || !/^[0-9a-f]{32}$/.test(hex) || !isWeight(weight)) return [];
    if (site !== '' && !sitePattern.test(site)) return [];
    return [{ name: name.toLowerCase(), uuid: hex, place: { weight: Number(weight), site } }];
  });
  return { entries, ignored: lines.length - entries.length };
}

function textOf(file: string): string {
  try {
    return readPlainFile(file, bytesMax)?.toString() ?? '';
  } catch {
    // Most pairs have none.
    return '';
  }
}

/** 8-4-4-4-12, the written form of RFC 9562. */
function withDashes(uuid: string): string {
  const hex = uuid.padEnd(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
