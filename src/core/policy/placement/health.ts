/**
 * Node health (Pacemaker Explained, "Tracking Node Health"): attributes named `#health...` hold red, yellow, green or a number; by the
 * strategy their sum becomes a score of the node for every resource. Only the progressive one has a base to start from.
 */
import { parseScore } from '../../cib/values.ts';
import { addScores, infinity } from '../score.ts';
import type { Cluster, ClusterNode } from '../working-set.ts';
import { addLocationScore } from './locations.ts';

export function applyHealth(cluster: Cluster): void {
  const colours = coloursOf(cluster);
  if (colours === undefined) return;
  const base = cluster.options.nodeHealthStrategy === 'progressive' ? cluster.options.nodeHealthBase : 0;
  for (const node of cluster.nodes) {
    node.health = healthOf(node, base, colours);
    if (node.health === 0) continue;
    for (const resource of cluster.resources) {
      if (node.health < 0 && resource.meta.get('allow-unhealthy-nodes') === 'true') continue;
      addLocationScore(cluster, resource, node, node.health, {
        kind: 'node-health',
        detail: cluster.options.nodeHealthStrategy,
      });
    }
  }
}

function coloursOf(cluster: Cluster): ReadonlyMap<string, number> | undefined {
  const { options } = cluster;
  switch (options.nodeHealthStrategy) {
    case 'migrate-on-red':
      return new Map([['red', -infinity]]);
    case 'only-green':
      return new Map([
        ['red', -infinity],
        ['yellow', -infinity],
      ]);
    case 'progressive':
    case 'custom':
      return new Map([
        ['red', options.nodeHealthRed],
        ['yellow', options.nodeHealthYellow],
        ['green', options.nodeHealthGreen],
      ]);
    default:
      return undefined;
  }
}

function healthOf(node: ClusterNode, base: number, colours: ReadonlyMap<string, number>): number {
  let health = base;
  for (const [name, value] of node.attributes) {
    if (!name.startsWith('#health')) continue;
    const coloured = value === 'red' || value === 'yellow' || value === 'green';
    health = addScores(health, coloured ? (colours.get(value) ?? 0) : (parseScore(value) ?? 0));
  }
  return health;
}
