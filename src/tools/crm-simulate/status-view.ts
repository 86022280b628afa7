/** What `crm_simulate` shows of a cluster: plain data, taken before a decision changes the working set. */

import { foldedName, roleWord } from '../../core/policy/simulate/names.ts';
import { nodeHealth } from '../../core/policy/simulate/tables.ts';
import {
  type Cluster,
  type ClusterNode,
  cloneOf,
  type Resource,
  role,
  topmost,
} from '../../core/policy/working-set.ts';
import { ocfWords } from './ocf-words.ts';

export interface NodeView {
  readonly name: string;
  readonly id: string;
  readonly online: boolean;
  readonly standby: boolean;
  readonly standbyOnFail: boolean;
  readonly maintenance: boolean;
  readonly pending: boolean;
  readonly unclean: boolean;
  readonly health: 'green' | 'yellow' | 'red';
  /** Only of a node that is there. */
  readonly featureSet: string | undefined;
  readonly shutdown: boolean;
  readonly expectedUp: boolean;
  readonly isDc: boolean;
  readonly running: number;
  /** Permanent and transient, those that only mean something to the managers left out. */
  readonly attributes: readonly (readonly [string, string])[];
}

interface Common {
  readonly id: string;
  readonly managed: boolean;
  readonly disabled: boolean;
  readonly targetRole: string | undefined;
}

export interface PrimitiveView extends Common {
  readonly kind: 'primitive';
  /** As a reader knows it: an instance of an anonymous clone without its number. */
  readonly name: string;
  readonly agent: string;
  readonly role: string;
  /** The higher of two: a failed one is shown as promoted only if it is. */
  readonly isPromoted: boolean;
  /** `Starting`, ... while an operation is under way. */
  readonly pending: string | undefined;
  readonly active: boolean;
  readonly orphan: boolean;
  readonly blocked: boolean;
  readonly failed: boolean;
  readonly failureIgnored: boolean;
  readonly nodes: readonly NodeView[];
  /** A probe failed: why, by node name. */
  readonly probeFailures: Readonly<Record<string, string>>;
}

export interface GroupView extends Common {
  readonly kind: 'group';
  readonly orphan: boolean;
  readonly members: readonly PrimitiveView[];
}

export interface CloneView extends Common {
  readonly kind: 'clone';
  readonly child: string;
  readonly promotable: boolean;
  readonly unique: boolean;
  readonly failed: boolean;
  readonly failureIgnored: boolean;
  readonly instances: readonly (PrimitiveView | GroupView)[];
}

export type ResourceView = PrimitiveView | GroupView | CloneView;

export interface StatusView {
  readonly nodes: readonly NodeView[];
  readonly resources: readonly ResourceView[];
  readonly counts: { readonly instances: number; readonly disabled: number; readonly blocked: number };
}

export function statusView(cluster: Cluster): StatusView {
  const nodes = new Map(cluster.nodes.map((node) => [node, nodeView(cluster, node)]));
  const resources = byPriority(cluster.resources)
    .map((resource) => resourceView(resource, nodes))
    .filter(isShown);
  const counted = cluster.resources
    .flatMap((resource) => primitivesIn(resourceView(resource, nodes)))
    .filter(({ orphan, active }) => !orphan || active);
  return {
    nodes: [...nodes.values()],
    resources,
    counts: {
      instances: counted.length,
      disabled: counted.filter(({ disabled }) => disabled).length,
      blocked: counted.filter(({ blocked }) => blocked).length,
    },
  };
}

/** Pacemaker shows what it places first first. */
export function byPriority<Each extends Pick<Resource, 'priority'>>(resources: readonly Each[]): Each[] {
  return [...resources].sort((one, other) => other.priority - one.priority);
}

export function primitivesIn(view: ResourceView): readonly PrimitiveView[] {
  if (view.kind === 'primitive') return [view];
  return view.kind === 'group' ? view.members : view.instances.flatMap(primitivesIn);
}

/** What is configured no more is worth a line only while it runs. */
const isShown = (view: ResourceView): boolean => view.kind !== 'primitive' || !view.orphan || view.active;

function nodeView(cluster: Cluster, node: ClusterNode): NodeView {
  return {
    name: node.name,
    id: node.id,
    online: node.online,
    standby: node.standby,
    standbyOnFail: node.standbyOnFail,
    maintenance: node.maintenance,
    pending: node.pending,
    unclean: node.unclean,
    health: nodeHealth(node, cluster.options),
    featureSet: node.online ? (node.attributes.get('#feature-set') ?? '<3.15.1') : undefined,
    shutdown: node.shutdown,
    expectedUp: node.expectedUp,
    isDc: node.isDc,
    running: node.running.length,
    attributes: [...node.attributes]
      .filter(([name]) => isForReaders(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  };
}

const isForReaders = (name: string): boolean =>
  !name.startsWith('#') && !/^(fail-count|last-failure)-|^(shutdown|terminate|standby|maintenance)$/.test(name);

type Nodes = ReadonlyMap<ClusterNode, NodeView>;

function resourceView(resource: Resource, nodes: Nodes): ResourceView {
  if (resource.kind === 'primitive') return primitiveView(resource, nodes);
  return resource.kind === 'group' ? groupView(resource, nodes) : cloneView(resource, nodes);
}

function common(resource: Resource): Common {
  const { id, managed, meta } = resource;
  return { id, managed, disabled: isDisabled(resource), targetRole: meta.get('target-role') };
}

function isDisabled(resource: Resource): boolean {
  const { targetRole } = resource;
  if (targetRole === role.stopped) return true;
  return targetRole === role.unpromoted && topmost(resource).clone?.promotable === true;
}

function primitiveView(resource: Resource, nodes: Nodes): PrimitiveView {
  const { class: standard, provider, type } = resource;
  return {
    ...common(resource),
    kind: 'primitive',
    name: foldedName(resource).resource,
    agent: [standard, provider, type].filter((part) => part !== '').join(':'),
    role: shownRole(resource),
    isPromoted: resource.role === role.promoted,
    pending: resource.pendingTask,
    active: resource.role > role.stopped && resource.activeOn.length > 0,
    orphan: resource.orphan || resource.orphanInstance,
    blocked: resource.blocked,
    failed: resource.failed,
    failureIgnored: resource.failureIgnored,
    nodes: resource.activeOn.flatMap((node) => nodes.get(node) ?? []),
    probeFailures: probeFailuresOf(resource),
  };
}

function shownRole(resource: Resource): string {
  const promotable = cloneOf(resource)?.clone?.promotable === true;
  if (resource.role === role.unknown) return 'Stopped';
  return roleWord(resource.role === role.started && promotable ? role.unpromoted : resource.role);
}

function probeFailuresOf({ failures }: Resource): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { node, operation, expired } of failures) {
    if (expired) continue;
    const { operation: task, interval = '0', 'rc-code': rc = '' } = operation.attributes;
    if (task === 'monitor' && interval === '0') found[node.name] = ocfWords(Number(rc));
  }
  return found;
}

function groupView(resource: Resource, nodes: Nodes): GroupView {
  const members = resource.children.map((child) => primitiveView(child, nodes));
  return {
    ...common(resource),
    kind: 'group',
    orphan: resource.orphanInstance || members.every(({ orphan }) => orphan),
    members,
  };
}

function cloneView(resource: Resource, nodes: Nodes): CloneView {
  const instances = resource.children.map((child) =>
    child.kind === 'group' ? groupView(child, nodes) : primitiveView(child, nodes),
  );
  return {
    ...common(resource),
    kind: 'clone',
    child: resource.clone?.definitionOfChild?.id ?? '',
    promotable: resource.clone?.promotable === true,
    unique: resource.clone?.unique === true,
    failed: resource.failed,
    failureIgnored: resource.failureIgnored,
    instances,
  };
}
