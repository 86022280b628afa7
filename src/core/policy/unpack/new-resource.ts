/** A resource as it is before anything is known of its state: everything that its definition and meta attributes decide. */
import type { Operation, ResourceDefinition } from '../../cib/model.ts';
import { effectivePairs } from '../rules/pairs.ts';
import { type AllowedNode, type Cluster, type Resource, role } from '../working-set.ts';
import { effectiveMeta } from './meta.ts';
import { numbersOf } from './nodes.ts';
import { ruleContext } from './rule-context.ts';
import { settingsOf, targetRoleOf } from './settings.ts';

export interface ResourceSource {
  /** With its template merged in; undefined for what only the history knows. */
  readonly definition: Exclude<ResourceDefinition, { kind: 'bundle' }> | undefined;
  readonly kind: Resource['kind'];
  readonly configuredId: string;
  /** The number of the instance of a clone it belongs to. */
  readonly instance?: number | undefined;
  readonly parent: Resource | undefined;
  readonly class: string;
  readonly provider: string;
  readonly type: string;
  readonly index: number;
}

/** Not yet registered; a clone's or group's own fields are added by those who build it. */
export function newResource(cluster: Cluster, source: ResourceSource): Resource {
  const { definition, kind, configuredId, instance, parent, class: standard, provider, type } = source;
  const id = instance === undefined ? configuredId : `${configuredId}:${String(instance)}`;
  const agent = { class: standard, provider, type };
  const meta = effectiveMeta(cluster, { definition, parent, agent });
  if (instance !== undefined) meta.set('clone', String(instance));
  const isFencingDevice = standard === 'stonith';
  const isRemoteNode = standard === 'ocf' && provider === 'pacemaker' && type === 'remote';
  return {
    id,
    configuredId,
    kind,
    definition,
    index: source.index,
    parent,
    children: [],
    ...agent,
    meta,
    operations: operationsOf(definition),
    utilization: utilizationOf(cluster, definition, agent),
    ...settingsOf(cluster, meta, { id, isFencingDevice, isRemoteNode }),
    targetRole: undefined,
    isFencingDevice,
    container: containerOf(meta, id),
    ...unknownState(),
    allowed: initialNodes(cluster),
  };
}

/** Makes it known by its id. Called when all of its own fields are there; its target role depends on them. */
export function registerResource(cluster: Cluster, resource: Resource): void {
  resource.targetRole = targetRoleOf(cluster, resource);
  if (!cluster.resourceById.has(resource.id)) cluster.resourceById.set(resource.id, resource);
}

function operationsOf(definition: ResourceDefinition | undefined): readonly Operation[] {
  return definition?.kind === 'primitive' ? definition.operations : [];
}

function utilizationOf(
  cluster: Cluster,
  definition: ResourceSource['definition'],
  agent: { class: string; provider: string; type: string },
): Map<string, number> {
  if (definition === undefined || definition.utilization.length === 0) return new Map();
  return numbersOf(effectivePairs(definition.utilization, { ...ruleContext(cluster), agent }));
}

function containerOf(meta: ReadonlyMap<string, string>, id: string): string | undefined {
  const container = meta.get('container');
  return container === id ? undefined : container;
}

/** In a symmetric cluster every node is allowed from the start; otherwise none is until a location names it. */
function initialNodes({ nodes, options }: Cluster): Map<string, AllowedNode> {
  const allowed = new Map<string, AllowedNode>();
  if (!options.symmetricCluster) return allowed;
  for (const node of nodes) allowed.set(node.id, { node, score: node.baseScore, discovery: 'always', count: 0 });
  return allowed;
}

type State = Omit<
  Resource,
  | keyof ReturnType<typeof settingsOf>
  | 'id'
  | 'configuredId'
  | 'kind'
  | 'definition'
  | 'index'
  | 'parent'
  | 'children'
  | 'class'
  | 'provider'
  | 'type'
  | 'meta'
  | 'operations'
  | 'utilization'
  | 'targetRole'
  | 'isFencingDevice'
  | 'container'
  | 'allowed'
>;

function unknownState(): State {
  return {
    historyId: undefined,
    blocked: false,
    failed: false,
    stopNeeded: false,
    orphan: false,
    orphanInstance: false,
    failureIgnored: false,
    startPending: false,
    pendingTask: undefined,
    stopUnexpected: false,
    role: role.stopped,
    nextRole: role.unknown,
    activeOn: [],
    knownOn: new Map(),
    assigned: undefined,
    provisional: true,
    assigning: false,
    partialMigrationSource: undefined,
    partialMigrationTarget: undefined,
    danglingMigrations: [],
    lockNode: undefined,
    lockTimeS: 0,
    failures: [],
    colocations: [],
    colocatedWithMe: [],
    locations: [],
    tickets: [],
    actions: [],
    promotionPriority: 0,
  };
}
