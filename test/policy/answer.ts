/** What a scheduler says about a CIB, in the form of `scheduler-cases/README.md`: the one form in which all of them are compared. */
export interface ActionEntry {
  /** start, stop, move, migrate, restart, reload, recover, promote, demote, or fence. */
  action: string;
  resource?: string;
  from?: string | null;
  to?: string | null;
  fromRole?: string;
  toRole?: string;
  /** `id:N` where the instance of an anonymous clone was folded into `resource`. */
  instance?: string;
  reason?: string;
  blocked?: boolean;
  /** Only of `fence`: what to do and to whom. */
  op?: string;
  node?: string;
}

export type TransitionEntry =
  | { pseudo: string }
  | { op: string; resource?: string; node?: string; instance?: string; interval?: number; how?: string };

export interface ResourceTable {
  /** Resource, node where it is active, role there. A stopped one has an empty table. */
  resources: Record<string, Record<string, string>>;
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
