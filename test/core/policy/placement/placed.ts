/** Small CIBs taken through unpacking, status and placement: where everything goes, and with which scores. */

import { assignResources } from '../../../../src/core/policy/placement/assign.ts';
import { applyNodeCriteria } from '../../../../src/core/policy/placement/criteria.ts';
import { scoreText } from '../../../../src/core/policy/score.ts';
import { unpackConstraints } from '../../../../src/core/policy/unpack/constraints.ts';
import { type Cluster, role } from '../../../../src/core/policy/working-set.ts';
import { resourceOf, type Story, statusOf } from '../status/status-cib.ts';

/** Two nodes, `a` and `b`, without fencing unless the story says otherwise. */
export function placed(story: Partial<Story> & Pick<Story, 'resources'>): Cluster {
  const cluster = statusOf({ device: false, ...story, options: { 'stonith-enabled': 'false', ...story.options } });
  unpackConstraints(cluster);
  applyNodeCriteria(cluster);
  assignResources(cluster);
  return cluster;
}

/** `a`, `b Promoted`, `-`: of each resource, in the order asked for. */
export function places(cluster: Cluster, ...ids: readonly string[]): string[] {
  return ids.map((id) => {
    const { assigned, nextRole } = resourceOf(cluster, id);
    if (assigned === undefined) return '-';
    const words = nextRole === role.promoted ? ' Promoted' : nextRole === role.unpromoted ? ' Unpromoted' : '';
    return `${assigned.name}${words}`;
  });
}

/** The scores on `a` and `b`, as Pacemaker's tools write them. */
export function scores(cluster: Cluster, id: string): string {
  const { allowed } = resourceOf(cluster, id);
  return cluster.nodes.map((node) => scoreText(allowed.get(node.id)?.score ?? Number.NaN)).join(' ');
}

let made = 0;

export function location(resource: string, node: string, score: string, more = ''): string {
  made += 1;
  return `<rsc_location id="l${made}" rsc="${resource}" node="${node}" score="${score}" ${more}/>`;
}

/** For the promoted role only. */
export function promotedLocation(resource: string, node: string, score: string): string {
  made += 1;
  return `<rsc_location id="l${made}" rsc="${resource}"><rule id="l${made}-r" role="Promoted" score="${score}"><expression id="l${made}-e" attribute="#uname" operation="eq" value="${node}"/></rule></rsc_location>`;
}

export function colocation(dependent: string, primary: string, score = 'INFINITY', more = ''): string {
  made += 1;
  return `<rsc_colocation id="c${made}" rsc="${dependent}" with-rsc="${primary}" score="${score}" ${more}/>`;
}

export function group(id: string, ...members: readonly string[]): string {
  return `<group id="${id}">${members.join('')}</group>`;
}

export function clone(id: string, child: string, pairs: Readonly<Record<string, string>> = {}): string {
  const texts = Object.entries(pairs).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return `<clone id="${id}"><meta_attributes id="${id}-m">${texts.join('')}</meta_attributes>${child}</clone>`;
}

/** Histories of what runs. */
export const up = ['start', 'monitor/10000'] as const;
export const promoted = ['start', 'promote'] as const;
export const probed = ['monitor'] as const;
