/**
 * A resource that must be with another cannot come up when that one cannot: placement has put both on a node, but a start or
 * promotion of the primary may turn out to be impossible afterwards.
 */
import { infinity } from '../score.ts';
import { type Action, type Resource, role, topmost } from '../working-set.ts';
import { firstAction } from './new-action.ts';
import type { Changes } from './work-list.ts';

/** Takes the starts (or promotions) away from those colocated with an action's resource, if all of it cannot come up. */
export function blockDependents(changes: Changes, action: Action): void {
  const { resource, task } = action;
  if (resource === undefined || action.runnable || (task !== 'start' && task !== 'promote')) return;
  const primary = topmost(resource);
  // What is colocated with a group stays where the group would be, also when the group stops there (measured: 2.1.5).
  if (primary.kind === 'group') return;
  for (const child of primary.children) {
    const other = firstAction(child, task);
    if (other === undefined || other.runnable) return;
  }
  for (const colocation of primary.colocatedWithMe) {
    if (colocation.score < infinity) continue;
    // What is colocated with the promoted role does not care about starts, but a start that fails prevents the promotion.
    if (task === 'promote' && colocation.primaryRole !== role.promoted) continue;
    const wanted = colocation.dependentRole === role.promoted ? 'promote' : 'start';
    block(changes, colocation.dependent, wanted, resource);
  }
}

function block(changes: Changes, resource: Resource, task: string, primary: Resource): void {
  for (const action of resource.actions) {
    if (!action.runnable || action.task !== task) continue;
    action.runnable = false;
    action.reason ??= `colocation with ${primary.id}`;
    blockDependents(changes, action);
    changes.changed(action);
  }
  for (const child of resource.children) block(changes, child, task, primary);
}
