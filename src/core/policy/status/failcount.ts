/**
 * How often a resource failed on a node. The counts are transient node attributes, `fail-count-RSC#OP_INTERVALms`, one for each
 * operation, with `last-failure-...` beside them in epoch seconds. Instances of an anonymous clone share their counts, whatever
 * number an attribute carries. One count for a whole resource, `fail-count-RSC`, is what Pacemaker wrote before 1.1.17; it is read
 * in a CIB that old only (`crm_feature_set` below 3.0.13).
 */
import { compareVersions, parseInteger, parseScore } from '../../cib/values.ts';
import { addScores } from '../score.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { cloneOf } from '../working-set.ts';
import { blockingFailure } from './blocking-failure.ts';
import type { HistoryEntry } from './recorded-operation.ts';

export interface FailcountOptions {
  /** Count what its failure-timeout has made void as nothing. */
  readonly ignoreExpired?: boolean;
  /** Add what the resources count that run inside this container. */
  readonly withContents?: boolean;
  /** The operation whose on-fail=block keeps the timeout from being used; any of the resource's otherwise. */
  readonly entry?: HistoryEntry;
}

export interface Failcount {
  readonly count: number;
  /** Epoch seconds; 0: never, or nobody wrote it down. */
  readonly lastFailureS: number;
}

/** INFINITY is 1,000,000, as with scores. */
export function failcountOf(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  options: FailcountOptions = {},
): number {
  return failuresOf(cluster, resource, node, options).count;
}

export function lastFailureS(cluster: Cluster, resource: Resource, node: ClusterNode): number {
  return failuresOf(cluster, resource, node, {}).lastFailureS;
}

/** A failure that blocks does not expire: then the resource's failure-timeout is void from here on. */
export function failuresOf(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { ignoreExpired = false, withContents = false, entry }: FailcountOptions,
): Failcount {
  let { count, lastFailureS: last } = recordedFailures(cluster, resource, node);
  if (count > 0 && resource.failureTimeoutMs > 0 && blockingFailure(cluster, resource, node, entry)) {
    resource.failureTimeoutMs = 0;
  }
  if (ignoreExpired && count > 0 && last > 0 && resource.failureTimeoutMs > 0) {
    if (cluster.nowS > last + Math.trunc(resource.failureTimeoutMs / 1000)) count = 0;
  }
  if (withContents) {
    for (const inside of contentsOf(cluster, resource)) {
      const inner = failuresOf(cluster, inside, node, { ignoreExpired, ...(entry === undefined ? {} : { entry }) });
      count = addScores(count, inner.count);
      last = Math.max(last, inner.lastFailureS);
    }
  }
  return { count, lastFailureS: last };
}

interface CountsOfNode {
  readonly byName: ReadonlyMap<string, Failcount>;
  /** Counts of instances that carry a number, under the name without it as well. */
  readonly byBareName: ReadonlyMap<string, Failcount>;
}

const none: Failcount = { count: 0, lastFailureS: 0 };
const countsOfNodes = new WeakMap<ClusterNode, CountsOfNode>();

function recordedFailures(cluster: Cluster, resource: Resource, node: ClusterNode): Failcount {
  let counts = countsOfNodes.get(node);
  if (counts === undefined) {
    counts = readCounts(node, isOld(cluster));
    countsOfNodes.set(node, counts);
  }
  return hasOwnCounts(resource)
    ? (counts.byName.get(resource.id) ?? none)
    : (counts.byBareName.get(resource.configuredId) ?? none);
}

/** Whether counts belong to just this instance: it is in no clone, or in a unique one. */
export function hasOwnCounts(resource: Resource): boolean {
  return cloneOf(resource)?.clone?.unique ?? true;
}

function isOld({ cib }: Cluster): boolean {
  const written = cib.attributes['crm_feature_set'];
  return written !== undefined && compareVersions(written, '3.0.13') < 0;
}

/** One pass over the attributes of a node: with thousands of resources nobody searches them again and again. */
function readCounts(node: ClusterNode, old: boolean): CountsOfNode {
  const byName = new Map<string, { count: number; lastFailureS: number }>();
  const byBareName = new Map<string, { count: number; lastFailureS: number }>();
  for (const [attribute, value] of node.attributes) {
    const found = parseAttribute(attribute, old);
    if (found === undefined) continue;
    add(byName, found.resource, found.isCount, value);
    add(byBareName, found.resource.replace(/:\d+$/, ''), found.isCount, value);
  }
  return { byName, byBareName };
}

function add(
  counts: Map<string, { count: number; lastFailureS: number }>,
  name: string,
  isCount: boolean,
  value: string,
) {
  const entry = counts.get(name) ?? { count: 0, lastFailureS: 0 };
  counts.set(name, entry);
  if (isCount) entry.count = addScores(entry.count, parseScore(value) ?? 0);
  else entry.lastFailureS = Math.max(entry.lastFailureS, parseInteger(value) ?? 0);
}

function parseAttribute(attribute: string, old: boolean): { resource: string; isCount: boolean } | undefined {
  const isCount = attribute.startsWith('fail-count-');
  if (!isCount && !attribute.startsWith('last-failure-')) return undefined;
  const rest = attribute.slice(isCount ? 'fail-count-'.length : 'last-failure-'.length);
  const match = /^(.+?)#.+_\d+$/.exec(rest);
  if (match !== null) return { resource: match[1]!, isCount };
  return old && !rest.includes('#') ? { resource: rest, isCount } : undefined;
}

/** Resources whose meta attribute `container` names this one. */
function contentsOf(cluster: Cluster, resource: Resource): readonly Resource[] {
  let contents = contentsByCluster.get(cluster);
  if (contents === undefined) {
    contents = new Map<string, Resource[]>();
    for (const each of cluster.resourceById.values()) {
      if (each.container === undefined) continue;
      const inside = contents.get(each.container);
      if (inside === undefined) contents.set(each.container, [each]);
      else inside.push(each);
    }
    contentsByCluster.set(cluster, contents);
  }
  return contents.get(resource.id) ?? [];
}

const contentsByCluster = new WeakMap<Cluster, Map<string, Resource[]>>();
