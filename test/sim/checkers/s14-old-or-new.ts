/**
 * S14: what a daemon reads when it begins is what an earlier one wrote last, or what it was writing when it died: never
 * an older one, never a mixture, never nothing. And a generation is used once (S16). Told by the disk of each machine.
 */
import { peersFile } from '../../../src/daemon/records.ts';
import type { Machine } from '../world/machine.ts';

interface Versions {
  /** Of which the daemon was told that it is durable. */
  sure: string | undefined;
  /** Begun since; some of them may have got there. */
  possible: string[];
  /** Those before `sure`: one of them stands in for a spoilt copy. */
  before: (string | undefined)[];
}

const olderKept = 16;

/** What has no checksum of its own has a copy that has one. */
const copyOf: Readonly<Record<string, string>> = {
  hb_generation: 'pairbeat-identity',
  'pairbeat-identity': 'hb_generation',
};

export class OldOrNew {
  readonly #machine: Machine;
  readonly #files = new Map<string, Versions>();
  readonly #spoilt = new Set<string>();
  #generation = 0;
  /** A spoilt copy made this machine forget which incarnation of its peer it has believed. */
  peersAreOld = false;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  writing(name: string, bytes: Uint8Array): void {
    this.#of(name).possible.push(textOf(bytes));
  }

  written(name: string, bytes: Uint8Array): void {
    const versions = this.#of(name);
    const text = textOf(bytes);
    // One that is said to have failed may have got there all the same, and be the older copy now.
    const overtaken = versions.possible.splice(0, versions.possible.indexOf(text) + 1).slice(0, -1);
    versions.before = withOlder(versions.before, [versions.sure, ...overtaken]);
    versions.sure = text;
    this.#spoilt.delete(name);
  }

  read(name: string, bytes: Uint8Array | undefined): void {
    const versions = this.#of(name);
    const found = bytes === undefined ? undefined : textOf(bytes);
    const allowed = [versions.sure, ...versions.possible];
    if (this.#spoilt.has(name)) allowed.push(...versions.before);
    if (!allowed.includes(found))
      this.#machine.world.violate('S14', `${this.#machine.name}: ${name} reads as ${found}, not as ${versions.sure}`);
    if (versions.possible.includes(found ?? '')) this.#machine.world.count('unfinished write survived');
    else if (found !== versions.sure && name === peersFile) this.peersAreOld = true;
    // What did not get to be the file itself may have become its older copy.
    versions.before = withOlder(versions.before, [versions.sure, ...versions.possible]);
    versions.sure = found;
    versions.possible = [];
  }

  usedGeneration(generation: number): void {
    if (generation <= this.#generation)
      this.#machine.world.violate(
        'S16',
        `${this.#machine.name}: is generation ${generation} after ${this.#generation}`,
      );
    this.#generation = generation;
    this.#spoilt.delete('hb_generation');
    this.#spoilt.delete('pairbeat-identity');
  }

  /** Nothing was wrong with the disk, and yet. */
  refused(code: string): void {
    this.#machine.world.violate('S14', `${this.#machine.name}: cannot start on a disk that works: ${code}`);
  }

  /** What may be spoilt: one of two copies, while the other is whole. */
  copies(exists: (name: string) => boolean): string[] {
    const identity = ['hb_generation', 'pairbeat-identity'];
    // The very first generation of a node is in one file before it is in both.
    const ofIdentity = identity.every(exists) ? identity : [];
    const all = [...ofIdentity, ...[...this.#files.keys()].filter((name) => exists(`${name}.previous`))];
    return all.filter((name) => !this.#spoilt.has(name) && !this.#spoilt.has(copyOf[name] ?? ''));
  }

  spoilt(name: string): void {
    this.#spoilt.add(name);
  }

  #of(name: string): Versions {
    let versions = this.#files.get(name);
    if (versions === undefined) {
      versions = { sure: undefined, possible: [], before: [] };
      this.#files.set(name, versions);
    }
    return versions;
  }
}

/** Each once, the newest last. */
function withOlder(before: Versions['before'], more: Versions['before']): Versions['before'] {
  const others = before.filter((each) => !more.includes(each));
  return [...others, ...more].slice(-olderKept);
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
