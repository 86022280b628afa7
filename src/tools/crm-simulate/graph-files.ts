/** The transition graph as files: XML in the form in which Pacemaker's controller reads it, and DOT for a picture. */
import type { RawElement } from '../../core/cib/model.ts';
import { writeXml } from '../../core/cib/xml/write.ts';
import type { GraphAction, TransitionGraph } from '../../core/policy/graph.ts';
import type { Cluster } from '../../core/policy/working-set.ts';
import { element } from './element.ts';

export function graphXml(cluster: Cluster, { actions }: TransitionGraph): string {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const synapses = actions.map((action, index) =>
    element('synapse', { id: index, priority: action.priority > 0 ? action.priority : undefined }, [
      element('action_set', {}, [actionElement(cluster, action, true)]),
      element(
        'inputs',
        {},
        action.inputs.flatMap((id) => {
          const input = byId.get(id);
          return input === undefined ? [] : [element('trigger', {}, [actionElement(cluster, input, false)])];
        }),
      ),
    ]),
  );
  return writeXml(
    element(
      'transition_graph',
      { transition_id: 0, 'failed-stop-offset': 'INFINITY', 'failed-start-offset': 'INFINITY' },
      synapses,
    ),
  );
}

const names = { resource: 'rsc_op', fence: 'crm_event', cluster: 'crm_event', pseudo: 'pseudo_event' } as const;

function actionElement(cluster: Cluster, action: GraphAction, whole: boolean): RawElement {
  const node = action.node === undefined ? undefined : cluster.nodeByName.get(action.node);
  const head = {
    id: action.id,
    operation: action.task,
    operation_key: action.key,
    on_node: action.kind === 'pseudo' ? undefined : node?.name,
    on_node_uuid: action.kind === 'pseudo' ? undefined : node?.id,
  };
  return element(names[action.kind], head, whole ? contents(cluster, action) : []);
}

function contents(cluster: Cluster, action: GraphAction): RawElement[] {
  const resource = cluster.resourceById.get(action.instance ?? action.resource ?? '');
  const meta = Object.entries(action.meta).map(([name, value]) => [`CRM_meta_${name.replaceAll('-', '_')}`, value]);
  const attributes = {
    ...Object.fromEntries(meta),
    ...(action.intervalMs > 0 ? { CRM_meta_interval: action.intervalMs } : {}),
    ...(action.timeoutMs === undefined ? {} : { CRM_meta_timeout: action.timeoutMs }),
  };
  if (resource?.kind !== 'primitive') return [element('attributes', attributes)];
  const { class: standard, provider, type } = resource;
  const primitive = {
    id: action.resource,
    'long-id': action.instance,
    class: standard,
    provider: provider === '' ? undefined : provider,
    type,
  };
  return [element('primitive', primitive), element('attributes', attributes)];
}

export function graphDot({ actions }: TransitionGraph): string {
  const names = new Map(actions.map((action) => [action.id, dotName(action)]));
  const points = actions.map(
    (action) =>
      `${dotName(action)} [ style=bold color="green" fontcolor="${action.kind === 'pseudo' ? 'orange' : 'black'}"]\n`,
  );
  const arrows = actions.flatMap((action) =>
    action.inputs.flatMap((id) => (names.has(id) ? [`${names.get(id)} -> ${dotName(action)} [ style = bold]\n`] : [])),
  );
  return ` digraph "g" {\n${[...points, ...arrows].sort().join('')}}\n`;
}

const dotName = ({ key, kind, node }: GraphAction): string =>
  `"${`${key}${kind === 'pseudo' || node === undefined ? '' : ` ${node}`}`.replaceAll('"', "'")}"`;
