/** `apiauth` lines with the numbers of their users and groups on this machine, for the control sockets. */
import { type AccessRule, builtInClients, type ClientAccess } from '../core/client-access.ts';
import type { ClientRule } from '../core/config/configuration.ts';
import { findGroupId, findUserId } from '../io/users.ts';

export function clientAccess(clients: readonly ClientRule[]): ClientAccess {
  return {
    rules: clients.map(withNumbers),
    builtIn: builtInClients.map(withNumbers),
    ownerUid: process.geteuid?.() ?? 0,
  };
}

/** A name that means nobody here admits nobody. */
function withNumbers({ client, users, groups }: ClientRule): AccessRule {
  const known = (ids: readonly (number | undefined)[]) => ids.filter((id) => id !== undefined);
  return { client, uids: known(users.map(findUserId)), gids: known(groups.map((name) => findGroupId(name))) };
}
