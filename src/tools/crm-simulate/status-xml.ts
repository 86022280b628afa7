/** Nodes and resources as elements of Pacemaker's XML output (api-result 2.25). */
import type { RawElement } from '../../core/cib/model.ts';
import { element } from './element.ts';
import { pendingRoles } from './status-text.ts';
import type { NodeView, PrimitiveView, ResourceView, StatusView } from './status-view.ts';

export function statusElement(
  name: string,
  { nodes, resources }: StatusView,
  more: readonly RawElement[] = [],
): RawElement {
  return element(name, {}, [
    element('nodes', {}, nodes.map(nodeElement)),
    element('resources', {}, resources.map(resourceElement)),
    ...more,
  ]);
}

function nodeElement(node: NodeView): RawElement {
  const { name, id, online, standby, maintenance, pending, unclean, health, shutdown } = node;
  return element('node', {
    name,
    id,
    online,
    standby,
    standby_onfail: node.standbyOnFail,
    maintenance,
    pending,
    unclean,
    health,
    feature_set: node.featureSet,
    shutdown,
    expected_up: node.expectedUp,
    is_dc: node.isDc,
    resources_running: node.running,
    type: 'member',
  });
}

function resourceElement(view: ResourceView): RawElement {
  if (view.kind === 'primitive') return primitiveElement(view);
  const { id, managed, disabled } = view;
  if (view.kind === 'group') {
    const { members } = view;
    return element('group', { id, number_resources: members.length, managed, disabled }, members.map(primitiveElement));
  }
  const { promotable, unique, failed, failureIgnored, targetRole, instances } = view;
  const head = { id, multi_state: promotable, unique, managed, disabled, failed, failure_ignored: failureIgnored };
  return element('clone', { ...head, target_role: targetRole }, instances.map(resourceElement));
}

function primitiveElement(view: PrimitiveView): RawElement {
  const { name, agent, role, targetRole, active, orphan, blocked, managed, failed, failureIgnored, pending, nodes } =
    view;
  const attributes = {
    id: name,
    resource_agent: agent,
    role,
    target_role: targetRole,
    active,
    orphaned: orphan,
    blocked,
    managed,
    failed,
    failure_ignored: failureIgnored,
    nodes_running_on: nodes.length,
    pending: pending === undefined ? undefined : (pendingRoles[pending] ?? 'Monitoring'),
  };
  return element(
    'resource',
    attributes,
    nodes.map((node) => element('node', { name: node.name, id: node.id, cached: node.online })),
  );
}
