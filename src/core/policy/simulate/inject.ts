/**
 * "What if": changes to a status section before the policy looks at it. A node that goes or comes, quorum, tickets, the
 * result of an operation.
 */
import type { Cib } from '../../cib/model.ts';
import { failure, type Result, success } from '../../result.ts';
import { readCluster } from '../decide.ts';
import type { UnpackEnvironment } from '../unpack/cluster.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import type { WantedFailure } from './play.ts';
import { StatusEditor } from './status-editor.ts';

export type Injection =
  | { readonly kind: 'node'; readonly node: string; readonly state: 'up' | 'down' | 'failed' }
  | { readonly kind: 'quorum'; readonly have: boolean }
  | { readonly kind: 'ticket'; readonly ticket: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'operation'; readonly operation: WantedFailure };

/** @returns the changed CIB, or `simulate-no-such-node`, `simulate-no-such-resource` with the nearest word in `known`. */
export function inject(cib: Cib, injections: readonly Injection[], environment: UnpackEnvironment): Result<Cib> {
  if (injections.length === 0) return success(cib);
  const cluster = readCluster(cib, environment);
  const status = new StatusEditor(cib, environment.nowS);
  for (const injection of injections) {
    const done = apply(cluster, status, injection);
    if (!done.ok) return done;
  }
  return success(status.cib());
}

/** `web_monitor_10000@node1=7`: resource, task, interval in milliseconds, node, exit code. */
export function parseOperationSpec(text: string): Result<WantedFailure> {
  const match =
    /^(.+?)_(start|stop|monitor|promote|demote|notify|migrate_to|migrate_from|reload|reload-agent)_(\d{1,9})@([^=]+)=(\d{1,3})$/.exec(
      text,
    );
  if (match === null || Number(match[5]) > 255) return failure('simulate-operation-malformed', { text });
  const [, resource = '', task = '', interval = '', node = '', rc = ''] = match;
  return success({ resource, task, intervalMs: Number(interval), node, rc: Number(rc) });
}

function apply(cluster: Cluster, status: StatusEditor, injection: Injection): Result<void> {
  if (injection.kind === 'quorum') {
    status.setQuorum(injection.have);
    return success(undefined);
  }
  if (injection.kind === 'ticket') {
    status.setTicket(injection.ticket, injection.attributes);
    return success(undefined);
  }
  const name = injection.kind === 'node' ? injection.node : injection.operation.node;
  const node = cluster.nodeByName.get(name);
  if (node === undefined)
    return failure('simulate-no-such-node', { node: name, known: cluster.nodes.map((each) => each.name).join(' ') });
  if (injection.kind === 'node') {
    status.setNode(node, injection.state);
    return success(undefined);
  }
  return reportOperation(cluster, status, node, injection.operation);
}

function reportOperation(
  cluster: Cluster,
  status: StatusEditor,
  node: ClusterNode,
  { resource: id, task, intervalMs, rc }: WantedFailure,
): Result<void> {
  const resource = findResource(cluster, id);
  if (resource === undefined) return failure('simulate-no-such-resource', { resource: id });
  const { class: standard, provider, type } = resource;
  const historyId = resource.id === id && cluster.resourceById.has(id) ? historyIdOf(resource) : id;
  const owner = { id: historyId, class: standard, provider, type };
  status.record(node, owner, { task, intervalMs, rc, expectedRc: 0, status: 0 });
  // A probe that finds nothing is no failure.
  if (rc !== 0 && !(rc === 7 && intervalMs === 0)) status.countFailure(node, historyId, task, intervalMs);
  return success(undefined);
}

/** By its id, or for an anonymous clone by the configured one. */
function findResource(cluster: Cluster, id: string): Resource | undefined {
  const direct = cluster.resourceById.get(id);
  if (direct?.kind === 'primitive') return direct;
  for (const resource of cluster.resourceById.values())
    if (resource.kind === 'primitive' && resource.configuredId === id) return resource;
  return undefined;
}

function historyIdOf(resource: Resource): string {
  let clone: Resource | undefined = resource;
  while (clone !== undefined && clone.kind !== 'clone') clone = clone.parent;
  return clone === undefined || clone.clone?.unique === true ? resource.id : resource.configuredId;
}
