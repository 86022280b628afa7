/** The names under which a resource appears to a reader: instances of anonymous clones by the id that was configured. */
import { cloneOf, type Resource, type Role, role } from '../working-set.ts';

export interface FoldedName {
  readonly resource: string;
  readonly instance?: string;
}

export function foldedName(resource: Resource): FoldedName {
  const clone = cloneOf(resource);
  if (clone === undefined || clone.clone?.unique === true || resource.id === resource.configuredId)
    return { resource: resource.id };
  return { resource: resource.configuredId, instance: resource.id };
}

/** In the words of Pacemaker since 2.1. */
export function roleWord(value: Role): string {
  if (value === role.promoted) return 'Promoted';
  if (value === role.unpromoted) return 'Unpromoted';
  if (value === role.started) return 'Started';
  return value === role.stopped ? 'Stopped' : 'Unknown';
}
