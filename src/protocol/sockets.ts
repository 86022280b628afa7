/**
 * The three sockets of the run directory. The kernel decides who may connect: modes and group are the access control,
 * and each socket serves its own class of verbs and the lesser ones (security.md 3.3, point 7).
 */
import type { RightsClass } from './verbs.ts';

export interface ControlSocket {
  readonly rights: RightsClass;
  readonly name: string;
  readonly mode: number;
  /** Members of this group may connect as well, where it exists. */
  readonly group?: string;
}

/** The group that Heartbeat and Pacemaker give to people who operate a cluster without being root. */
export const operatorGroup = 'haclient';

export const controlSockets = {
  read: { rights: 'read', name: 'status.sock', mode: 0o666 },
  operate: { rights: 'operate', name: 'oper.sock', mode: 0o660, group: operatorGroup },
  admin: { rights: 'admin', name: 'admin.sock', mode: 0o600 },
} as const satisfies Record<RightsClass, ControlSocket>;

const rank: Readonly<Record<RightsClass, number>> = { read: 0, operate: 1, admin: 2 };

export function mayUse(socket: RightsClass, verb: RightsClass): boolean {
  return rank[socket] >= rank[verb];
}
