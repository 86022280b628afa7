/** What it means for actions that exist already when their resource turns out to have no node to run on. */
import type { Resource } from '../working-set.ts';
import { role } from '../working-set.ts';

/** Takes the node of a resource away, and of everything in it. Returns whether that changed anything. */
export function leaveStopped(resource: Resource): boolean {
  if (resource.kind !== 'primitive') {
    let changed = false;
    for (const child of resource.children) changed = leaveStopped(child) || changed;
    return changed;
  }
  const { assigned } = resource;
  if (assigned !== undefined) {
    assigned.assigned = assigned.assigned.filter((each) => each !== resource);
    resource.assigned = undefined;
  }
  resource.nextRole = role.stopped;
  withdrawStarts(resource);
  return assigned !== undefined;
}

/** It has to be stopped, cannot be started, and is not watched any more, except for whether it stays stopped. */
export function withdrawStarts(resource: Resource): void {
  for (const action of resource.actions) {
    if (action.task === 'stop') action.optional = false;
    else if (action.task === 'start') action.runnable = false;
    else if (action.intervalMs > 0 && action.meta.get('op_target_rc') !== '7') action.runnable = false;
  }
}
