/** What would be done and the steps that were played, in the layout of Pacemaker's text output. */
import type { ActionEntry, TransitionEntry } from '../../core/policy/simulate/answer.ts';
import type { Outline } from './outline.ts';

export function writeActions(outline: Outline, actions: readonly ActionEntry[]): void {
  const rows = actions.filter(({ action }) => action !== 'fence');
  let nameWidth = 5;
  let detailWidth = 5;
  for (const row of rows) {
    const length = nameOf(row).length;
    if (length > nameWidth) nameWidth = length + 2;
    detailWidth = Math.max(detailWidth, detailOf(row).length);
  }
  for (const { op, node, reason } of actions.filter(({ action }) => action === 'fence'))
    outline.item(`Fence (${op}) ${node}${reason === undefined ? '' : ` '${reason}'`}`);
  for (const row of rows) {
    const word = `${row.action.charAt(0).toUpperCase()}${row.action.slice(1)}`;
    const why = row.reason === undefined ? '' : `  due to ${row.reason}`;
    const blocked = row.blocked ? ' (blocked)' : '';
    outline.item(
      `${word.padEnd(8)}   ${nameOf(row).padEnd(nameWidth)}   ( ${detailOf(row).padStart(detailWidth)} )${why}${blocked}`,
    );
  }
}

const nameOf = ({ instance, resource }: ActionEntry): string => instance ?? resource ?? '';

function detailOf({ from, to, fromRole, toRole }: ActionEntry): string {
  const one = to === null || to === undefined || from === null || from === undefined || from === to;
  if (one) {
    const node = from ?? to ?? '';
    const roles = [fromRole, toRole].filter((word) => word !== undefined).join(' -> ');
    return roles === '' ? node : `${roles} ${node}`;
  }
  if (fromRole === undefined) return `${from} -> ${to}`;
  return toRole === undefined ? `${fromRole} ${from} -> ${to}` : `${fromRole} ${from} -> ${toRole} ${to}`;
}

/** Done by the managers themselves, under the configured name. */
export const clusterTasks: ReadonlySet<string> = new Set(['do_shutdown', 'clear_failcount', 'lrm_delete']);

export function stepText(entry: TransitionEntry): string {
  if ('pseudo' in entry) return `Pseudo action:   ${entry.pseudo}`;
  const { op, resource = '', instance = resource, node = '', interval, how } = entry;
  if (op === 'fence') return `Fencing ${node} (${how})`;
  if (clusterTasks.has(op)) return `Cluster action:  ${op}${resource === '' ? '' : ` for ${resource}`} on ${node}`;
  const every = interval === undefined ? '' : `=${interval}`;
  return `Resource action: ${instance.padEnd(15)} ${op}${every} on ${node}`;
}
