/**
 * What a decision comes to, in the form in which schedulers are compared (`pairbeat simulate --json`): who is there and what
 * runs before and after, what is done to each resource, and the steps in an order in which they may be done. Instances of
 * anonymous clones are folded into the configured id.
 */

export interface ActionEntry {
  /** start, stop, move, migrate, restart, reload, recover, promote, demote, re-promote, or fence. */
  action: string;
  resource?: string;
  from?: string | null;
  to?: string | null;
  fromRole?: string;
  toRole?: string;
  /** `web:1` where the instance of an anonymous clone was folded into `resource`. */
  instance?: string;
  reason?: string;
  /** It cannot be done now. */
  blocked?: boolean;
  /** Only of `fence`: reboot or off, and whom. */
  op?: string;
  node?: string;
}

export type TransitionEntry =
  | { pseudo: string }
  | { op: string; resource?: string; node?: string; instance?: string; interval?: number; how?: string };

export interface ResourceTable {
  /** Resource, node where it is active, role there. A stopped one has an empty table. */
  resources: Record<string, Record<string, string>>;
  /** failed, blocked, unmanaged, orphan. */
  flags: Record<string, string[]>;
}

export interface Answer {
  nodesBefore: Record<string, string>;
  nodes: Record<string, string>;
  actions: ActionEntry[];
  current: ResourceTable;
  revised: ResourceTable;
  transition: TransitionEntry[];
}
