/**
 * What runs where, in which role, and the state of the nodes, as Pacemaker's scheduler sees it in the development cases before it
 * decides anything. The cases are no part of this repository; without their folder nothing is compared, and the name says so.
 */
import { describe, expect, it } from 'vitest';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { unpackStatus } from '../../../../src/core/policy/status/status.ts';
import { unpackCluster } from '../../../../src/core/policy/unpack/cluster.ts';
import {
  type Cluster,
  type ClusterNode,
  type Resource,
  role,
  topmost,
} from '../../../../src/core/policy/working-set.ts';
import { casesFolder, loadCases, type SchedulerCase } from '../../../policy/cases.ts';

const folder = casesFolder();
const cases = folder === undefined ? [] : loadCases(folder);

describe.skipIf(folder === undefined)(`development cases (${String(cases.length)} found)`, () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, given) => {
    const cluster = clusterOf(given);
    const { current, nodesBefore } = given.expected;
    // In a promotable clone of groups the report shows the role of the whole group instead of its members'.
    const shown = Object.keys(current.resources).filter((id) => !inPromotableGroup(cluster, id));
    expect(pick(placesOf(cluster), shown)).toEqual(pick(current.resources, shown));
    expect(flagsOf(cluster)).toEqual(current.flags);
    expect(Object.fromEntries(cluster.nodes.map((node) => [node.name, wordsOf(node)]))).toEqual(
      Object.fromEntries(Object.entries(nodesBefore).map(([name, words]) => [name, words.replace(/\+health-\w+/, '')])),
    );
  });
});

function clusterOf({ xml, now }: SchedulerCase): Cluster {
  const parsed = parseCib(xml);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const executed = Number(parsed.value.cib.attributes['execution-date'] ?? Number.NaN);
  const clock = Number.isNaN(executed) ? 1_790_000_000 : executed;
  const cluster = unpackCluster(parsed.value.cib, {
    nowS: now === undefined ? clock : secondsOf(now),
    md5: (text) => text,
  });
  unpackStatus(cluster);
  return cluster;
}

/** `2005-020` (year and day of it) or an ISO date. */
function secondsOf(now: string): number {
  const day = /^(\d{4})-(\d{3})$/.exec(now);
  return (day === null ? Date.parse(now) : Date.UTC(Number(day[1]), 0, Number(day[2]))) / 1000;
}

function primitives(cluster: Cluster): Resource[] {
  return [...cluster.resourceById.values()].filter(({ kind }) => kind === 'primitive');
}

function shownId(resource: Resource): string {
  return topmost(resource).clone?.unique === false ? resource.configuredId : resource.id;
}

function inPromotableGroup(cluster: Cluster, id: string): boolean {
  const found = primitives(cluster).find((each) => shownId(each) === id);
  return found?.parent?.kind === 'group' && topmost(found).clone?.promotable === true;
}

function placesOf(cluster: Cluster): Record<string, Record<string, string>> {
  const places: Record<string, Record<string, string>> = {};
  for (const resource of primitives(cluster)) {
    const own = places[shownId(resource)] ?? {};
    places[shownId(resource)] = own;
    if (resource.role > role.stopped) for (const { name } of resource.activeOn) own[name] = shownRole(resource);
  }
  return places;
}

/** The report names no role of a failed resource unless it is promoted. */
function shownRole(resource: Resource): string {
  if (resource.role === role.promoted) return 'Promoted';
  if (resource.failed) return 'Started';
  if (resource.startPending) return 'Starting';
  return topmost(resource).clone?.promotable === true ? 'Unpromoted' : 'Started';
}

function flagsOf(cluster: Cluster): Record<string, string[]> {
  const flags: Record<string, string[]> = {};
  for (const resource of primitives(cluster)) {
    const own = new Set(flags[shownId(resource)]);
    if (resource.failed) own.add('failed');
    if (resource.blocked) own.add('blocked');
    else if (!resource.managed) own.add('unmanaged');
    if (resource.orphan && resource.activeOn.length > 0) own.add('orphan');
    if (own.size > 0) flags[shownId(resource)] = [...own].sort();
  }
  return flags;
}

function wordsOf(node: ClusterNode): string {
  const words = [node.online ? 'online' : 'offline'];
  if (node.standby && !node.pending) words.push('standby');
  if (node.maintenance) words.push('maintenance');
  if (node.pending) words.push('pending');
  if (node.unclean) words.push('unclean');
  return words.join('+');
}

function pick<T>(table: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T | undefined> {
  return Object.fromEntries(keys.map((key) => [key, table[key]]));
}
