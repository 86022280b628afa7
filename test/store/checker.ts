/**
 * What must be true of two configuration stores, judged from outside: from what was answered, what lies on the disks, and what a
 * power cut now would leave of it. It knows nothing of how the store works, beside the form of a version file.
 */

import type { Entry, Standing } from '../../src/core/cib/store/entry.ts';
import type { Loaded } from '../../src/core/cib/store/load.ts';
import { currentFile, isLostFile } from '../../src/core/cib/store/shelf.ts';
import type { Committed, StoreEffect } from '../../src/core/cib/store/state.ts';
import { compareVersions, type Version, versionText } from '../../src/core/cib/store/version.ts';
import type { Result } from '../../src/core/result.ts';
import { nodeSha256 } from '../../src/io/configuration-store.ts';
import type { StoreNode } from './node.ts';
import type { World } from './world.ts';

export interface Objection {
  readonly rule: string;
  readonly text: string;
}

/** A version that somebody was told is committed. */
interface Confirmed {
  readonly digest: string;
  readonly version: Version;
  readonly token: string;
  readonly nodes: readonly StoreNode[];
}

interface Asked {
  readonly node: StoreNode;
  readonly token: string;
  readonly parent: string;
  readonly standing: Standing;
  /** How often the node has met its peer so far; `undefined` while it sees it. */
  readonly aloneAfter: number | undefined;
  readonly life: number;
}

/** The ring keeps 64. */
const newerThatPushOut = 60;

export class StoreChecker {
  readonly objections: Objection[] = [];
  readonly #world: World;
  readonly #asked = new Map<number, Asked>();
  readonly #confirmed: Confirmed[] = [];
  readonly #refused = new Set<string>();
  readonly #digests = new Map<string, string>();
  readonly #highest = new Map<StoreNode, Version>();
  /** Who should win the settlement that a node has begun. */
  readonly #judged = new Map<StoreNode, StoreNode | undefined>();
  /** Digests of what was current last. */
  readonly #current = new Map<StoreNode, string>();
  /** Names of files that the disk has spoilt, and digests of the versions in them. */
  readonly #rotted = new Map<StoreNode, Set<string>>();
  #ids = 0;

  constructor(world: World) {
    this.#world = world;
  }

  object(rule: string, text: string): void {
    this.objections.push({ rule, text: `${(this.#world.nowUs / 1e6).toFixed(6)} ${text}` });
  }

  /** A commit is asked for; its document contains the token and no other one does. */
  asks(node: StoreNode, token: string, parent: string): number {
    this.#ids += 1;
    this.#asked.set(this.#ids, {
      node,
      token,
      parent,
      standing: node.standing,
      aloneAfter: aloneAfter(node),
      life: node.life,
    });
    return this.#ids;
  }

  get answered(): number {
    return this.#confirmed.length;
  }

  /** That version may be gone once it is not current any more. */
  rotted(node: StoreNode, name: string, digest: string): void {
    this.#rotted.set(node, (this.#rotted.get(node) ?? new Set()).add(name).add(digest));
  }

  died(node: StoreNode): void {
    this.#judged.delete(node);
    for (const [id, asked] of this.#asked) if (asked.node === node && asked.life === node.life) this.#asked.delete(id);
  }

  started(node: StoreNode, loaded: Loaded): void {
    const highest = this.#highest.get(node);
    const { current, condition } = loaded;
    if (highest !== undefined && current === undefined)
      return this.object('never empty', `${node.name} had ${versionText(highest)} and starts ${condition}`);
    if (current === undefined) return;
    this.#isCurrent(node, current.entry, current.document);
    this.#everythingReadable(node);
  }

  effect(node: StoreNode, effect: StoreEffect): void {
    if (effect.type === 'changed') {
      const entry = node.state!.current!.entry;
      this.#follows(node, entry);
      this.#isCurrent(node, entry, effect.document);
      this.#isSure(node, effect.digest, 'current');
      if (entry.settled !== undefined) this.#settled(node, entry);
    } else if (effect.type === 'answer') this.#answered(effect.id, effect.result);
    else if (effect.type === 'report') this.#world.count(`report ${effect.problem.code}`);
  }

  /** After all faults are over and time has passed. */
  ended(): void {
    const [first, second] = this.#world.nodes;
    for (const node of [first, second]) {
      const { state } = node;
      if (state === undefined) return this.object('comes to rest', `${node.name} does not run`);
      if (state.work !== undefined || state.waiting.length > 0 || state.unconfirmed !== undefined)
        this.object('comes to rest', `${node.name} still has work`);
      if (state.current !== undefined) this.#everythingReadable(node);
      this.#plainFile(node);
    }
    for (const { node, token } of this.#asked.values())
      this.object('comes to rest', `${token} on ${node.name} was never answered`);
    const digests = [first, second].map(({ state }) => state?.current?.entry.digest);
    if (digests[0] !== digests[1]) this.object('comes to rest', `the nodes still differ: ${digests.join(' ')}`);
  }

  #answered(id: number, result: Result<Committed>): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return this.object('one answer', `answer ${id} was not asked for`);
    this.#asked.delete(id);
    const { node, token } = asked;
    if (!result.ok) {
      const { code } = result.problem;
      this.#world.count(`answer ${code}`);
      if (code !== 'configuration-outcome-unknown' && code !== 'configuration-superseded') this.#refused.add(token);
      return;
    }
    const { where, digest, version } = result.value;
    this.#world.count(where === 'both' ? 'committed on both' : 'committed here only');
    const nodes = where === 'both' ? this.#world.nodes : [node];
    this.#confirmed.push({ digest, version, token, nodes });
    for (const each of nodes) this.#isSure(each, digest, `answered (${where})`);
    const entry = node.versions('sure').get(digest)?.entry;
    if (entry !== undefined) this.#isAsAsked(entry, asked);
  }

  /** Made from what it was made from, and with what spoke for a node that was alone. */
  #isAsAsked(entry: Entry, { node, parent, standing, aloneAfter: before }: Asked): void {
    if (entry.parent !== parent) this.object('based on the current one', `${versionText(entry.version)} is not`);
    // It may have come or gone while the disk was slow.
    const quorum = standing.quorum && node.standing.quorum;
    const fenced = standing.fenced && node.standing.fenced;
    const isAlone = before !== undefined && before === aloneAfter(node);
    if (isAlone && (entry.alone === undefined || entry.alone.quorum < quorum || entry.alone.fenced < fenced))
      this.object('S13 facts', `${versionText(entry.version)} does not say what spoke for ${node.name}`);
  }

  /** S12: it would be there after a power cut now. */
  #isSure(node: StoreNode, digest: string, what: string): void {
    if (!node.versions('sure').has(digest) && this.#rotted.get(node)?.has(digest) !== true)
      this.object('S12 durable', `${digest.slice(0, 8)} is ${what} and not sure on the disk of ${node.name}`);
  }

  /** S11, and what was refused does not come back. */
  #isCurrent(node: StoreNode, { version, digest }: Entry, document: Uint8Array): void {
    const text = versionText(version);
    const known = this.#digests.get(text);
    if (known !== undefined && known !== digest) this.object('S11 one digest', `${text} is two configurations`);
    this.#digests.set(text, digest);
    const highest = this.#highest.get(node);
    if (highest !== undefined && compareVersions(version, highest) < 0)
      this.object('S11 only grows', `${node.name} goes back from ${versionText(highest)} to ${text}`);
    this.#highest.set(node, version);
    if (nodeSha256(document) !== digest) this.object('S14 whole', `${text} on ${node.name} is not what it was`);
    this.#current.set(node, digest);
    const token = tokenIn(document);
    if (this.#refused.has(token)) this.object('refused stays refused', `${token} is current on ${node.name}`);
    this.#plainFile(node);
  }

  /** S13: what was current before lies before the new version, in its own words or in what the other node has. */
  #follows(node: StoreNode, { parent, settled }: Entry): void {
    const before = this.#current.get(node);
    if (before === undefined || before === parent || before === settled?.winner || before === settled?.lost) return;
    if (this.#rotted.size === 0 && !knownTo(this.#world.peerOf(node).versions()).has(before))
      this.object('S13 in silence', `${before.slice(0, 8)} is overwritten on ${node.name}`);
  }

  /** S12: nothing that was confirmed is lost, and what is there is what was committed. */
  #everythingReadable(node: StoreNode): void {
    const versions = node.versions();
    const newest = [...versions.values()].map(({ entry }) => entry.version);
    for (const { digest, version, token, nodes } of this.#confirmed) {
      if (!nodes.includes(node) || this.#rotted.get(node)?.has(digest) === true) continue;
      const file = versions.get(digest);
      if (file === undefined) {
        const newer = newest.filter((each) => compareVersions(each, version) > 0).length;
        if (newer < newerThatPushOut)
          this.object('S12 lost', `${versionText(version)} (${token}) is gone from ${node.name}`);
      } else if (tokenIn(file.document) !== token && token !== '')
        this.object('S12 content', `${versionText(version)} on ${node.name} has another content than ${token}`);
    }
  }

  /** What a reader finds under the name of the current version is a whole document, unless its disk has spoilt it. */
  #plainFile(node: StoreNode): void {
    const bytes = node.file(currentFile);
    const text = bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    if (
      text !== undefined &&
      !/^<cib [^>]*>[\s\S]*<\/cib>\n/.test(text) &&
      this.#rotted.get(node)?.has(currentFile) !== true
    )
      this.object('S14 whole', `cib.xml on ${node.name} is no whole document`);
  }

  /** S13: the right side went on, above both, and the other one can be read here. */
  #settled(node: StoreNode, entry: Entry): void {
    const { settled, version } = entry;
    if (settled === undefined) return;
    this.#world.count(`settled: ${settled.reason}`);
    if (compareVersions(version, settled.winnerVersion) <= 0 || compareVersions(version, settled.lostVersion) <= 0)
      this.object('S13 above both', `${versionText(version)} is not above both sides`);
    const lost = [...node.versions('sure').values()].filter(({ entry: { digest } }) => digest === settled.lost);
    const isSpoilt = this.#world.nodes.some((each) => this.#rotted.get(each)?.has(settled.lost) === true);
    if (lost.length === 0 && !isSpoilt) this.object('S13 archived', `what lost cannot be read on ${node.name}`);
    if (entry.node === node.name) this.#rightSideWon(node, settled.winner, settled.lost);
  }

  /** A settlement begins: a second opinion on what speaks for each side now, from what they wrote down since the last common version. */
  settles(node: StoreNode): void {
    // What a disk has spoilt cannot be counted any more by whoever only looks at the disks.
    if (this.#rotted.size > 0 || this.#judged.has(node)) return;
    const peer = this.#world.peerOf(node);
    const common = highestCommon(node.versions(), peer.versions());
    const strengthOf = (side: StoreNode): readonly number[] => {
      const alone = [...side.versions().values()]
        .filter(({ entry, name }) => !isLostFile(name) && isAfter(entry.version, common))
        .flatMap((file) => (file.entry.alone === undefined ? [] : [file.entry.alone]));
      return strength([...alone, side.state?.apart ?? { fenced: false, quorum: false, held: 0 }]);
    };
    const [own, other] = [strengthOf(node), strengthOf(peer)];
    const first = own.findIndex((value, index) => value !== other[index]);
    this.#judged.set(node, first < 0 ? undefined : own[first]! > other[first]! ? node : peer);
  }

  #rightSideWon(node: StoreNode, winner: string, lost: string): void {
    const stronger = this.#judged.get(node);
    this.#judged.delete(node);
    if (stronger === undefined) return;
    const isOwnWinner = isIn(stronger.versions(), winner);
    this.#world.count('settlement judged by the second opinion');
    if (!isOwnWinner)
      this.object('S13 right side', `${stronger.name} had more to say for it, and ${lost.slice(0, 8)} lost`);
  }
}

/** The unique mark in a document of the simulation. */
export function tokenIn(document: Uint8Array): string {
  return /token-[a-z0-9-]+/.exec(new TextDecoder().decode(document.subarray(0, 600)))?.[0] ?? '';
}

function aloneAfter({ seesPeer, meetings }: StoreNode): number | undefined {
  return seesPeer ? undefined : meetings;
}

type Files = ReadonlyMap<string, { readonly entry: Entry; readonly name: string }>;

/** The newest version that both disks name, wherever its file is. */
function highestCommon(mine: Files, theirs: Files): Version | undefined {
  const [here, there] = [knownTo(mine, false), knownTo(theirs, false)];
  return [...mine.values(), ...theirs.values()]
    .map(({ entry }) => entry)
    .filter(({ digest }) => here.has(digest) && there.has(digest))
    .reduce<Version | undefined>((high, { version }) => (isAfter(version, high) ? version : high), undefined);
}

/** Digests that a history names; what lies aside is no part of it, and what lost only if asked for. */
function knownTo(versions: Files, withLost = true): ReadonlySet<string> {
  const entries = [...versions.values()].filter(({ name }) => !isLostFile(name)).map(({ entry }) => entry);
  return new Set(
    entries.flatMap(({ digest, parent, settled }) => [digest, parent, (withLost ? settled?.lost : undefined) ?? '']),
  );
}

function isIn(versions: ReadonlyMap<string, unknown>, digest: string): boolean {
  return versions.has(digest);
}

function isAfter(version: Version, common: Version | undefined): boolean {
  return common === undefined || compareVersions(version, common) > 0;
}

function strength(standings: readonly Standing[]): readonly number[] {
  return [
    standings.some(({ fenced }) => fenced) ? 1 : 0,
    standings.some(({ quorum }) => quorum) ? 1 : 0,
    Math.max(0, ...standings.map(({ held }) => held)),
  ];
}
