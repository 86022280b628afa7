/**
 * One real round: two processes with real files commit as fast as they can, on both nodes or with one of them alone, and are killed with
 * SIGKILL at a random moment or before a random step on the disk, again and again. After each killing the files are read with nothing
 * but the form of a version file: whatever somebody was told is committed must be there, whole, and must be or lie before what is current.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeVersionFile, type VersionFile } from '../../../src/core/cib/store/entry.ts';
import { allFiles, currentFile } from '../../../src/core/cib/store/shelf.ts';
import { compareVersions, type Version } from '../../../src/core/cib/store/version.ts';
import { nodeSha256 } from '../../../src/io/configuration-store.ts';
import { Draw } from '../../sim/world/draw.ts';
import { tokenIn } from '../checker.ts';
import type { ChildLine } from './lines.ts';
import { RealNode } from './node.ts';

export interface RealResult {
  readonly objections: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Confirmed {
  readonly digest: string;
  readonly token: string;
  readonly nodes: readonly RealNode[];
}

const restMs = 15_000;
/** The ring keeps 64. */
const newerThatPushOut = 60;

export async function realRound(seed: number, directory: string, lives = 3): Promise<RealResult> {
  const round = new Round(seed, directory);
  await round.run(lives);
  return { objections: round.objections, counts: Object.fromEntries(round.counts) };
}

class Round {
  readonly objections: string[] = [];
  readonly counts = new Map<string, number>();
  readonly #draw: Draw;
  readonly #nodes: readonly [RealNode, RealNode];
  readonly #confirmed: Confirmed[] = [];
  readonly #refused = new Set<string>();
  readonly #highest = new Map<RealNode, Version>();
  #commits = 0;

  constructor(seed: number, directory: string) {
    this.#draw = new Draw(seed, 'real round');
    const node = (name: string, parity: 0 | 1): RealNode => {
      const place = join(directory, name);
      mkdirSync(place, { recursive: true });
      return new RealNode(name, place, parity);
    };
    this.#nodes = [node('alpha', 0), node('beta', 1)];
  }

  async run(lives: number): Promise<void> {
    for (const node of this.#nodes) node.onLine = (line) => this.#hear(node, line);
    for (let life = 0; life < lives && this.objections.length === 0; life++) await this.#live();
    await this.#rest();
  }

  /** Both run, commit and see each other, until one or both are killed. */
  async #live(): Promise<void> {
    const draw = this.#draw;
    const victims = draw.chance(0.4) ? [...this.#nodes] : [draw.pick(this.#nodes)];
    const isByStep = draw.chance(0.5);
    for (const node of this.#nodes) {
      if (node.runs) continue;
      await node.start(isByStep && victims.includes(node) ? draw.between(1, 25) : 0);
      this.#judge(node);
    }
    if (draw.chance(0.8)) this.#meet();
    const endMs = draw.between(50, 500);
    for (let passedMs = 0; passedMs < endMs; passedMs += 15) {
      this.#commitSomewhere();
      await sleep(15);
    }
    for (const node of victims) {
      this.#count(node.runs ? 'killed at a moment' : 'killed before a step');
      await node.kill();
      this.#judge(node);
    }
    for (const node of this.#nodes) node.tell({ what: 'peer', isMember: false, leads: false });
  }

  async #rest(): Promise<void> {
    for (const node of this.#nodes) {
      if (node.runs) continue;
      await node.start();
      this.#judge(node);
    }
    this.#meet();
    let passedMs = 0;
    while (passedMs < restMs && !this.#isEqual()) {
      await sleep(50);
      passedMs += 50;
    }
    if (!this.#isEqual()) this.#object('the nodes do not become equal');
    for (const node of this.#nodes) {
      await node.kill();
      this.#judge(node);
    }
  }

  #meet(): void {
    const leader = this.#draw.between(0, 1);
    this.#nodes.forEach((node, index) => {
      node.tell({ what: 'peer', isMember: true, leads: index === leader });
    });
  }

  #commitSomewhere(): void {
    const draw = this.#draw;
    this.#commits += 1;
    const bytes = draw.chance(0.1) ? draw.between(50_000, 200_000) : draw.between(0, 2000);
    const token = `token-${this.#commits}`;
    draw.pick(this.#nodes).tell({ what: 'commit', id: this.#commits, token, bytes });
  }

  #hear(node: RealNode, line: ChildLine): void {
    if (line.what === 'send') this.#other(node).tell({ what: 'message', message: line.message });
    else if (line.what === 'answer') {
      this.#count(line.where === 'both' ? 'committed on both' : 'committed here only');
      const nodes = line.where === 'both' ? this.#nodes : [node];
      this.#confirmed.push({ digest: line.digest, token: line.token, nodes });
    } else if (line.what === 'refused') {
      this.#count(`refused: ${line.code}`);
      if (line.code !== 'configuration-outcome-unknown' && line.code !== 'configuration-superseded')
        this.#refused.add(line.token);
    } else if (line.what === 'problem') this.#count(`problem: ${line.code}`);
    else if (line.what === 'started') this.#started(node, line);
  }

  #started(node: RealNode, { condition }: ChildLine & { readonly what: 'started' }): void {
    if (this.#highest.has(node) && condition !== 'loaded') this.#object(`${node.name} starts ${condition}`);
  }

  /** From the files alone. */
  #judge(node: RealNode): void {
    const versions = this.#versions(node);
    const current = versions.get(currentFile);
    const bytes = this.#read(node, currentFile);
    if (bytes !== undefined && current === undefined) this.#object(`cib.xml of ${node.name} is not whole`);
    const files = [...versions.values()];
    const newest = files.reduce<Version | undefined>(
      (high, { entry }) => (high === undefined || compareVersions(entry.version, high) > 0 ? entry.version : high),
      undefined,
    );
    const highest = this.#highest.get(node);
    if (highest !== undefined && (newest === undefined || compareVersions(newest, highest) < 0))
      this.#object(`${node.name} goes back`);
    if (newest !== undefined) this.#highest.set(node, newest);
    if (current !== undefined && this.#refused.has(tokenIn(current.document)))
      this.#object(`${tokenIn(current.document)} was refused and is current on ${node.name}`);
    const distinct = new Map(files.map((file) => [file.entry.digest, file]));
    for (const { digest, token, nodes } of this.#confirmed) {
      if (!nodes.includes(node)) continue;
      const file = distinct.get(digest);
      this.#count('confirmed versions looked for');
      if (file === undefined && distinct.size < newerThatPushOut) this.#object(`${token} is gone from ${node.name}`);
      else if (file !== undefined && tokenIn(file.document) !== token)
        this.#object(`${token} on ${node.name} is another`);
    }
  }

  #versions(node: RealNode): Map<string, VersionFile> {
    const found = new Map<string, VersionFile>();
    for (const name of allFiles) {
      const bytes = this.#read(node, name);
      if (bytes === undefined) continue;
      const file = decodeVersionFile(bytes, nodeSha256);
      if (file === undefined) this.#object(`${name} of ${node.name} cannot be read`);
      else found.set(name, file);
    }
    return found;
  }

  #read(node: RealNode, name: string): Uint8Array | undefined {
    try {
      return readFileSync(join(node.directory, name));
    } catch {
      return undefined;
    }
  }

  #isEqual(): boolean {
    const [one, other] = this.#nodes.map((node) => this.#read(node, currentFile));
    return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
  }

  #other(node: RealNode): RealNode {
    return this.#nodes[0] === node ? this.#nodes[1] : this.#nodes[0];
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #object(text: string): void {
    this.objections.push(text);
  }
}
