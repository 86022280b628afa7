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
const beingHeard = new Set<Resource>();

/** Adds to the primary's scores what the dependent of the colocation wishes. */
export function hearDependent(cluster: Cluster, primary: Resource, colocation: Colocation, hearing: Hearing): void {
  if (!hasInfluence(colocation)) return;
  hear(cluster, primary, colocation, colocation.dependent, hearing);
}

/** Adds to `listener`'s scores what `speaker`, its partner in the colocation, wishes. */
export function hear(
  cluster: Cluster,
  listener: Resource,
  colocation: Colocation,
  speaker: Resource,
  hearing: Hearing,
): void {
  const factor = shareOf(colocation, 1);
  const table = withWishes(cluster, speaker, scoresOf(listener), colocation.nodeAttribute, factor, hearing);
  adopt(cluster, listener, table, {
    kind: 'colocation-dependent',
    constraint: colocation.id,
    resource: speaker.id,
  });
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
    const factor = shareOf(colocation, 1);
    table = withWishes(cluster, colocation.primary, table, colocation.nodeAttribute, factor, {});
  }
  for (const colocation of wantedBy(clone)) {
    if (!hasInfluence(colocation)) continue;
    const factor = shareOf(colocation, 1);
    table = withWishes(cluster, colocation.dependent, table, colocation.nodeAttribute, factor, { keepGoodNodes: true });
  }
  return table.get(node.id)!;
}

function withWishes(
  cluster: Cluster,
  speaker: Resource,
  table: ScoreTable,
  attribute: string | undefined,
  factor: number,
  hearing: Hearing,
): ScoreTable {
  if (beingHeard.has(speaker)) return table;
  if (speaker.kind === 'group') {
    const first = speaker.children[0];
    if (first === undefined) return table;
    beingHeard.add(speaker);
    let heard = withWishes(cluster, first, table, attribute, factor, hearing);
    // Those who want to be with the group are heard once more through its last member.
    if (leavesANode(cluster, heard)) heard = withPartners(cluster, speaker, heard, factor, hearing);
    beingHeard.delete(speaker);
    return settled(heard, hearing);
  }
  const own = withOwnScores(cluster, speaker, table, attribute, factor, hearing);
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
      const partner = forward ? colocation.primary : colocation.dependent;
      // Only the sign is carried on: who is two constraints away weighs as much as its own constraint says.
      const share = shareOf(colocation, factor);
      table = withWishes(cluster, partner, table, colocation.nodeAttribute, share, { ...hearing, keepANode: true });
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

function withOwnScores(
  cluster: Cluster,
  speaker: Resource,
  before: ScoreTable,
  attribute: string | undefined,
  factor: number,
  hearing: Hearing,
): ScoreTable {
  const table: ScoreTable = new Map();
  for (const [id, score] of before) {
    table.set(id, heardScore(score, wishFor(cluster, speaker, id, attribute), factor, hearing));
  }
  return table;
}

function heardScore(score: number, wish: number, factor: number, hearing: Hearing): number {
  // Who wants to be apart does not make a primary like the nodes that it avoids itself.
  if (factor < 0 && wish < 0) return score;
  if (score === spoiled) return score;
  const heard = addScores(weighed(wish, factor), score);
  if (hearing.keepGoodNodes === true && heard < 0) {
    if (score > 0) return spoiled;
    if (score === 0) return score;
  }
  return heard;
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
