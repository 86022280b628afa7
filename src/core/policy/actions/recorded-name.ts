/**
 * The name under which an instance of an anonymous clone is found in the history: usually that of what was cloned, in old
 * histories that of an instance. Operations that end up in a history are named by it.
 */
import { type Resource, topmost } from '../working-set.ts';

const names = new WeakMap<Resource, string>();

export function noteRecordedName(resource: Resource, historyId: string): void {
  if (topmost(resource).clone?.unique === false) names.set(resource, historyId);
}

/** undefined for what has no history, or is recorded under its own id. */
export function recordedName(resource: Resource): string | undefined {
  return names.get(resource);
}
