/**
 * What others would like, heard before a resource is placed: a primary hears its dependents (and theirs, through any number of
 * colocations), each weighed with its constraint's share of INFINITY. Never rounded down to nothing: the small numbers people
 * write would be lost otherwise.
 */
import { addScores, infinity } from '../score.ts';
import type { Cluster, ClusterNode, Colocation, Resource } from '../working-set.ts';
import { hasInfluence, wantedBy, wantsOf } from './relations.ts';
import { comparedValue } from './state.ts';
import { adopt, isAvailable, leavesANode, type ScoreTable, scoresOf } from './tables.ts';

export interface Hearing {
  /** Follow what the resources want to be with, instead of what wants to be with them. */
  readonly forward?: boolean;
  /** A wish may not turn a node that is good or neutral into a bad one. */
  readonly keepGoodNodes?: boolean;
  /** A wish that leaves no node at all is not heard. */
  readonly keepANode?: boolean;
}

/** Marks a node that a wish would have made bad, until all wishes were heard. */
const spoiled = -100 * infinity;
/** Weak: a decision that ends early (a chain too long for the stack) leaves nothing behind. */
const beingHeard = new WeakSet<Resource>();

/** Adds to the primary's scores what the dependent of the colocation wishes; false: that would have left no node. */
export function hearDependent(cluster: Cluster, primary: Resource, colocation: Colocation, hearing: Hearing): boolean {
  return !hasInfluence(colocation) || hear(cluster, primary, colocation, colocation.dependent, hearing);
}

/** Adds to `listener`'s scores what `speaker`, its partner in the colocation, wishes; false: that would have left no node. */
export function hear(
  cluster: Cluster,
  listener: Resource,
  colocation: Colocation,
  speaker: Resource,
  hearing: Hearing,
): boolean {
  const before = scoresOf(listener);
  const table = withWishes(cluster, { speaker, colocation, factor: shareOf(colocation, 1) }, before, hearing);
  adopt(cluster, listener, table, {
    kind: 'colocation-dependent',
    constraint: colocation.id,
    resource: speaker.id,
  });
  return table !== before || beingHeard.has(speaker);
}

/** The listener's own voice does not come back to it through others meanwhile. */
export function withoutEcho(listener: Resource, listen: () => void): void {
  beingHeard.add(listener);
  listen();
  beingHeard.delete(listener);
}

/** The scores of a resource with the wishes of all whom it is bound to: what the order of assignment is decided by. */
export function scoresWithPartners(cluster: Cluster, resource: Resource): ScoreTable {
  const own = resource.kind === 'group' ? resource.children.at(-1) : resource;
  if (own === undefined) return new Map();
  return withPartners(cluster, own, scoresOf(own), 1, { forward: true });
}

/** What all partners of a clone together make of one node. */
export function wishesForNode(cluster: Cluster, clone: Resource, node: ClusterNode): number {
  let table: ScoreTable = new Map([[node.id, 0]]);
  for (const colocation of wantsOf(clone)) {
    const wish = { speaker: colocation.primary, colocation, factor: shareOf(colocation, 1) };
    table = withWishes(cluster, wish, table, {});
  }
  for (const colocation of wantedBy(clone)) {
    if (!hasInfluence(colocation)) continue;
    const wish = { speaker: colocation.dependent, colocation, factor: shareOf(colocation, 1) };
    table = withWishes(cluster, wish, table, { keepGoodNodes: true });
  }
  return table.get(node.id)!;
}

/** What somebody wishes, through which colocation, and what it weighs. */
interface Wish {
  readonly speaker: Resource;
  readonly colocation: Colocation;
  readonly factor: number;
}

function withWishes(cluster: Cluster, wish: Wish, table: ScoreTable, hearing: Hearing): ScoreTable {
  const { speaker, factor } = wish;
  if (beingHeard.has(speaker)) return table;
  if (speaker.kind === 'group') {
    const first = speaker.children[0];
    if (first === undefined) return table;
    beingHeard.add(speaker);
    let heard = withWishes(cluster, { ...wish, speaker: first }, table, hearing);
    // Those who want to be with the group are heard once more through its last member.
    if (leavesANode(cluster, heard)) heard = withPartners(cluster, speaker, heard, factor, hearing);
    beingHeard.delete(speaker);
    return settled(heard, hearing);
  }
  const own = withOwnScores(cluster, wish, table, hearing);
  if (leavesANode(cluster, own)) return withPartners(cluster, speaker, own, factor, hearing);
  return hearing.keepANode === true ? table : settled(own, hearing);
}

function withPartners(
  cluster: Cluster,
  speaker: Resource,
  before: ScoreTable,
  factor: number,
  hearing: Hearing,
): ScoreTable {
  beingHeard.add(speaker);
  const forward = hearing.forward === true;
  const voice = speaker.kind === 'group' ? (speaker.children.at(-1) ?? speaker) : speaker;
  let table = before;
  if (leavesANode(cluster, table)) {
    for (const colocation of forward ? wantsOf(voice) : wantedBy(voice)) {
      if (!forward && !hasInfluence(colocation)) continue;
      // Only the sign is carried on: who is two constraints away weighs as much as its own constraint says.
      const wish: Wish = {
        speaker: forward ? colocation.primary : colocation.dependent,
        colocation,
        factor: shareOf(colocation, factor),
      };
      table = withWishes(cluster, wish, table, { ...hearing, keepANode: true });
    }
  }
  beingHeard.delete(speaker);
  return settled(table, hearing);
}

/** A spoiled node is as good as a neutral one that was preferred by a hair. */
function settled(table: ScoreTable, hearing: Hearing): ScoreTable {
  if (hearing.keepGoodNodes === true) for (const [id, score] of table) if (score === spoiled) table.set(id, 1);
  return table;
}

function withOwnScores(cluster: Cluster, wish: Wish, before: ScoreTable, hearing: Hearing): ScoreTable {
  const table: ScoreTable = new Map();
  for (const [id, score] of before) table.set(id, heardScore(cluster, wish, id, score, hearing));
  return table;
}

function heardScore(cluster: Cluster, wish: Wish, nodeId: string, score: number, hearing: Hearing): number {
  const { speaker, colocation, factor } = wish;
  const wished = wishFor(cluster, speaker, nodeId, colocation.nodeAttribute);
  if (score === spoiled || (factor < 0 && wished < 0 && !mustMakeRoom(colocation, wished))) return score;
  const heard = addScores(weighed(wished, factor), score);
  if (hearing.keepGoodNodes === true && heard < 0) {
    if (score > 0) return spoiled;
    if (score === 0) return score;
  }
  return heard;
}

/**
 * Who wants to be apart does not make a primary like the nodes that it avoids itself, or the primary would move whenever the
 * dependent is forbidden somewhere. Unless all nodes but one are forbidden to the dependent: then the primary makes room,
 * if it is not bound to its node.
 */
function mustMakeRoom(colocation: Colocation, wished: number): boolean {
  const { primary, dependent } = colocation;
  return wished <= -infinity && primary.stickiness < infinity && hasInfluence(colocation) && hasOneNodeLeft(dependent);
}

function hasOneNodeLeft(resource: Resource): boolean {
  let left = 0;
  for (const { score } of resource.allowed.values()) if (score >= 0) left += 1;
  return left === 1;
}

/** Single precision, as Pacemaker has it: halves are rounded, and which numbers are halves depends on it. */
function shareOf({ score }: Colocation, factor: number): number {
  return Math.fround(((factor < 0 ? -1 : 1) * score) / infinity);
}

function weighed(wish: number, factor: number): number {
  const exact = Math.fround(wish * factor);
  const rounded = Math.trunc(exact < 0 ? exact - 0.5 : exact + 0.5);
  return rounded === 0 && wish !== 0 ? Math.sign(factor) : rounded;
}

/** The speaker's best score among the nodes that the constraint's attribute makes equal to this one. */
function wishFor(cluster: Cluster, speaker: Resource, nodeId: string, attribute: string | undefined): number {
  const value = comparedValue(cluster.nodeById.get(nodeId)!, attribute);
  let best = -infinity;
  for (const { node, score } of speaker.allowed.values()) {
    if (score > best && isAvailable(node) && comparedValue(node, attribute) === value) best = score;
  }
  return best;
}
