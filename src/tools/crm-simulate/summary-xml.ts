/** What would be done and the steps that were played, as elements of Pacemaker's XML output. */
import type { RawElement } from '../../core/cib/model.ts';
import type { ActionEntry, TransitionEntry } from '../../core/policy/simulate/answer.ts';
import { element } from './element.ts';
import { clusterTasks } from './summary-text.ts';

export function actionsElement(actions: readonly ActionEntry[]): RawElement {
  return element('actions', {}, actions.map(actionElement));
}

function actionElement(entry: ActionEntry): RawElement {
  const { action, reason } = entry;
  if (action === 'fence') return element('node_action', { task: `Fence (${entry.op})`, node: entry.node, reason });
  return element('rsc_action', {
    action,
    resource: entry.instance ?? entry.resource,
    role: entry.fromRole,
    'next-role': entry.toRole,
    ...ends(entry),
    reason,
    blocked: entry.blocked,
  });
}

/** Where it begins (`source`) and ends (`dest`); `node` where there is one place only and nothing comes back. */
function ends({ action, from, to }: ActionEntry): Record<string, string | undefined> {
  const [begin, end] = [from ?? undefined, to ?? undefined];
  if (begin !== undefined && end !== undefined && begin !== end) return { source: begin, dest: end };
  if (action === 'start' || action === 'stop' || action === 'recover') return { node: begin ?? end };
  return begin === undefined ? { dest: end } : { source: begin };
}

export function stepElement(entry: TransitionEntry): RawElement {
  if ('pseudo' in entry) return element('pseudo_action', { task: entry.pseudo });
  const { op, resource, instance = resource, node, interval, how } = entry;
  if (op === 'fence') return element('fencing_action', { target: node, op: how });
  if (clusterTasks.has(op)) return element('cluster_action', { task: op, node, id: resource });
  return element('rsc_action', { resource: instance, op, node, interval });
}
