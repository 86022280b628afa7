/** What is carried from one entry of a history to the next while it is read, oldest first. */
import type { Cluster, ClusterNode, Resource, Role } from '../working-set.ts';
import { cloneOf, role, topmost } from '../working-set.ts';
import type { Response } from './failure-response.ts';
import type { HistoryEntry } from './recorded-operation.ts';

export interface Reading {
  readonly cluster: Cluster;
  readonly resource: Resource;
  readonly node: ClusterNode;
  /** What the failures so far demand. */
  response: Response;
  lastFailure: HistoryEntry | undefined;
}

/** What an entry comes to once the expected result and the kind of operation are taken into account. */
export interface Outcome {
  status: number;
  rc: number;
}

/** Active in the lowest role: unpromoted if it can be promoted. */
export function setActive(resource: Resource): void {
  resource.role = topmost(resource).clone?.promotable === true ? role.unpromoted : role.started;
}

export function setNextRole(resource: Resource, next: Role): void {
  resource.nextRole = next;
}

/** Instances of an anonymous clone answer for each other: what bans one bans the clone. */
export function answersFor(resource: Resource): Resource {
  return cloneOf(resource)?.clone?.unique === false ? topmost(resource) : resource;
}
