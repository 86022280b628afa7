/** What -A, -c, -s and -U add: node attributes, fail counts, scores and capacities, as text and as elements. */
import type { RawElement } from '../../core/cib/model.ts';
import { scoreText } from '../../core/policy/score.ts';
import { foldedName } from '../../core/policy/simulate/names.ts';
import { failcountOf, lastFailureS } from '../../core/policy/status/failcount.ts';
import { type Cluster, primitivesOf, type Resource, role } from '../../core/policy/working-set.ts';
import { element } from './element.ts';
import type { CrmSimulateOptions } from './options.ts';
import type { Outline } from './outline.ts';
import type { StatusView } from './status-view.ts';

type Show = CrmSimulateOptions['show'];

interface FailcountLine {
  readonly node: string;
  readonly resource: string;
  readonly orphan: boolean;
  readonly threshold: number;
  readonly count: number;
  readonly lastS: number;
}

/** Those that a node counts, in the order of nodes and configuration. */
export function failcountsIn(cluster: Cluster): FailcountLine[] {
  const resources = cluster.resources.flatMap(primitivesOf);
  return cluster.nodes.flatMap((node) => {
    const seen = new Set<string>();
    return resources.flatMap((resource) => {
      const name = foldedName(resource).resource;
      const count = failcountOf(cluster, resource, node);
      if (count === 0 || seen.has(name)) return [];
      seen.add(name);
      const { orphan, migrationThreshold: threshold } = resource;
      return [
        { node: node.name, resource: name, orphan, threshold, count, lastS: lastFailureS(cluster, resource, node) },
      ];
    });
  });
}

export function writeDetails(
  outline: Outline,
  show: Show,
  view: StatusView,
  failcounts: readonly FailcountLine[],
): void {
  if (show.attributes) {
    outline.blank();
    outline.list('Node Attributes', () => {
      for (const { name, attributes } of view.nodes) {
        if (attributes.length === 0) continue;
        outline.list(`Node: ${name}`, () => {
          for (const [key, value] of attributes) outline.item(`${key.padEnd(32)}\t: ${value.padEnd(10)}`);
        });
      }
    });
  }
  if (show.failcounts) {
    outline.blank();
    outline.list('Migration Summary', () => {
      for (const node of new Set(failcounts.map((each) => each.node))) {
        outline.list(`Node: ${node}`, () => {
          for (const each of failcounts) if (each.node === node) outline.item(failcountText(each));
        });
      }
    });
  }
}

function failcountText({ resource, threshold, count, lastS }: FailcountLine): string {
  const last = lastS > 0 ? ` last-failure='${ctime(lastS)}'` : '';
  return `${resource}: migration-threshold=${threshold} fail-count=${scoreText(count)}${last}`;
}

export function detailElements(show: Show, view: StatusView, failcounts: readonly FailcountLine[]): RawElement[] {
  const withAttributes = view.nodes.filter(({ attributes }) => attributes.length > 0);
  const failing = [...new Set(failcounts.map(({ node }) => node))];
  return [
    ...(show.attributes
      ? [
          element(
            'node_attributes',
            {},
            withAttributes.map(({ name, attributes }) =>
              element(
                'node',
                { name },
                attributes.map(([key, value]) => element('attribute', { name: key, value })),
              ),
            ),
          ),
        ]
      : []),
    ...(show.failcounts
      ? [
          element(
            'node_history',
            {},
            failing.map((name) =>
              element('node', { name }, failcounts.filter(({ node }) => node === name).map(failcountElement)),
            ),
          ),
        ]
      : []),
  ];
}

function failcountElement({ resource, orphan, threshold, count, lastS }: FailcountLine): RawElement {
  return element('resource_history', {
    id: resource,
    orphan,
    'migration-threshold': threshold,
    'fail-count': scoreText(count),
    'last-failure': lastS > 0 ? ctime(lastS) : undefined,
  });
}

/** As C's `ctime` has it, in UTC: `Wed Nov 25 21:11:55 2026`. */
function ctime(epochS: number): string {
  const [, day = '', date = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochS * 1000).toUTCString()) ?? [];
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
}

export interface ScoreLine {
  readonly text: string;
  readonly element: RawElement;
}

/** Capacities before the decision; to be taken before it. */
export function capacityLines(cluster: Cluster, comment: 'Original' | 'Remaining'): ScoreLine[] {
  return cluster.nodes.map((node) => {
    const amounts = [...(comment === 'Original' ? node.utilization : node.freeCapacity)];
    return {
      text: `${comment}: ${node.name} capacity:${amountsText(amounts)}`,
      element: element('capacity', { node: node.name, comment, ...Object.fromEntries(amounts) }),
    };
  });
}

const amountsText = (amounts: readonly (readonly [string, number])[]): string =>
  amounts.map(([name, amount]) => ` ${name}=${amount}`).join('');

/** The scores with which each resource was assigned, and who was preferred for promotion. */
export function scoreLines(cluster: Cluster, show: Show): ScoreLine[] {
  return cluster.resources.flatMap((resource) => linesOf(resource, cluster, show));
}

const functions = { primitive: 'pcmk__primitive_assign', group: 'pcmk__group_assign', clone: 'pcmk__clone_allocate' };

function linesOf(resource: Resource, cluster: Cluster, show: Show): ScoreLine[] {
  return [
    ...(show.scores ? scoresOf(resource, cluster) : []),
    ...(show.utilization && resource.kind === 'primitive' ? placedOf(resource) : []),
    ...resource.children.flatMap((child) => linesOf(child, cluster, show)),
    ...(show.scores && resource.clone?.promotable === true ? resource.children.map(promotionOf) : []),
  ];
}

function scoresOf(resource: Resource, { nodes }: Cluster): ScoreLine[] {
  const name = functions[resource.kind];
  return nodes.flatMap((node) => {
    const allowed = resource.allowed.get(node.id);
    if (allowed === undefined) return [];
    const score = scoreText(allowed.score);
    return [
      {
        text: `${name}: ${resource.id} allocation score on ${node.name}: ${score}`,
        element: element('node_weight', { function: name, node: node.name, score, id: resource.id }),
      },
    ];
  });
}

function placedOf({ id, assigned, utilization }: Resource): ScoreLine[] {
  if (assigned === undefined) return [];
  const name = 'pcmk__finalize_assignment';
  const amounts = [...utilization];
  return [
    {
      text: `${name}: ${id} utilization on ${assigned.name}:${amountsText(amounts)}`,
      element: element('utilization', {
        resource: id,
        node: assigned.name,
        function: name,
        ...Object.fromEntries(amounts),
      }),
    },
  ];
}

function promotionOf({ id, assigned, promotionPriority, nextRole }: Resource): ScoreLine {
  const score = scoreText(nextRole === role.stopped && assigned === undefined ? 0 : promotionPriority);
  return {
    text: `${id} promotion score on ${assigned?.name ?? 'none'}: ${score}`,
    element: element('promotion_score', { id, score, node: assigned?.name }),
  };
}
