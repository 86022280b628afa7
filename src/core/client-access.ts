/**
 * `apiauth`: whether a user is served under a client name. A tool says its own name (`cl_status`, `hb_standby`,
 * `pairbeat`, ...); one that says none is `anon`. Who the user is says the kernel.
 *
 * This only ever takes away: the modes of the sockets come first, and decide who gets as far as here at all. A line of
 * ha.cf holds for everything that is asked under its name. What Heartbeat has built in (`anon` for root and haclient,
 * and so on) holds for operating only: reading the status is open to everybody on the machine unless a line says
 * otherwise. Root, and the user who runs the daemon, are never locked out: they could stop it anyway.
 */
import { failure, type Result, success } from './result.ts';

export interface AccessRule {
  readonly client: string;
  readonly uids: readonly number[];
  readonly gids: readonly number[];
}

export interface ClientAccess {
  /** Of ha.cf. */
  readonly rules: readonly AccessRule[];
  readonly builtIn: readonly AccessRule[];
  /** The user who runs the daemon. */
  readonly ownerUid: number;
}

export interface ClientUser {
  readonly uid: number;
  /** Primary and supplementary. */
  readonly gids: readonly number[];
}

export interface ClientRequest {
  readonly client: string;
  readonly verb: string;
  /** Changes nothing. */
  readonly reads: boolean;
}

/** The name of a client that says none, and the rule for names without one of their own. */
export const anonymousClient = 'anon';
const fallback = 'default';

/** Rules by name, as 3.0.6 has them built in (heartbeat.md 1.3). */
export const builtInClients: readonly { client: string; users: readonly string[]; groups: readonly string[] }[] = [
  { client: 'ipfail', users: ['hacluster'], groups: [] },
  { client: 'ccm', users: ['hacluster'], groups: [] },
  { client: 'ping', users: [], groups: ['haclient'] },
  { client: 'lha-snmpagent', users: ['root'], groups: [] },
  { client: anonymousClient, users: ['root'], groups: ['haclient'] },
];

export function admitClient(access: ClientAccess, request: ClientRequest, user: ClientUser | undefined): Result<void> {
  const rule = ruleFor(access, request);
  if (rule === undefined) return success(undefined);
  const { client, verb } = request;
  if (user === undefined) return failure('client-unidentified', { client, verb });
  if (user.uid === 0 || user.uid === access.ownerUid) return success(undefined);
  const listed = rule.uids.includes(user.uid) || user.gids.some((gid) => rule.gids.includes(gid));
  return listed ? success(undefined) : failure('client-refused', { client, verb, uid: user.uid, rule: rule.client });
}

function ruleFor({ rules, builtIn }: ClientAccess, { client, reads }: ClientRequest): AccessRule | undefined {
  const named = (list: readonly AccessRule[], name: string) => list.find((rule) => rule.client === name);
  const own = named(rules, client);
  if (own !== undefined) return own;
  const known = named(builtIn, client);
  return known === undefined ? named(rules, fallback) : reads ? undefined : known;
}
