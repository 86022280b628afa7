/**
 * Which resources the groups of each node consist of, as the nodes tell each other. As long as both have the same lists,
 * a short digest says so; once they differ, the lists themselves go with the report, each resource as a short word.
 *
 * A resource that is only claimed (haresources names it, but it is not in force here yet) is told apart from one that is
 * in force: see reconfigure.ts for what that is good for.
 */
import type { ResourceConfiguration } from '../config/configuration.ts';
import type { GroupState, NodeState } from '../node-state.ts';
import { isAddress } from './addresses.ts';

export interface SaidResource {
  readonly id: string;
  readonly claimed: boolean;
}

/** Eight hexadecimal digits. What answers for one address is one thing, whatever its mask or device. */
export function resourceId(resource: ResourceConfiguration): string {
  const known = ids.get(resource);
  if (known !== undefined) return known;
  const text = isAddress(resource)
    ? `address ${(resource.args[0] ?? '').split('/')[0]}`
    : [resource.kind, resource.type, ...resource.args].join(':');
  const id = fingerprint(text, 0x811c9dc5);
  ids.set(resource, id);
  return id;
}

/** What this node says of a group. */
export function saidOf(group: GroupState, claims: readonly ResourceConfiguration[]): readonly SaidResource[] {
  return [
    ...group.configuration.resources.map((resource) => ({ id: resourceId(resource), claimed: false })),
    ...claims.map((resource) => ({ id: resourceId(resource), claimed: true })),
  ];
}

/** Equal on two nodes that have the same groups of the same resources, claimed or in force. */
export function digestOfLists(groups: readonly { key: string; said: readonly SaidResource[] }[]): string {
  const text = groups
    .map(
      ({ key, said }) =>
        `${key} ${said
          .map(({ id }) => id)
          .sort()
          .join(' ')}`,
    )
    .sort()
    .join('\n');
  return fingerprint(text, 0x811c9dc5) + fingerprint(text, 0x01234567);
}

/** The word of one group in the field `pbres`. */
export function encodeResources(said: readonly SaidResource[]): string {
  return said.length === 0 ? '-' : said.map(({ id, claimed }) => (claimed ? `?${id}` : id)).join(',');
}

/** `undefined` when it makes no sense. */
export function decodeResources(word: string): SaidResource[] | undefined {
  if (word === '-') return [];
  const said = word.split(',').map((part) => ({ id: part.replace('?', ''), claimed: part.startsWith('?') }));
  return said.every(({ id }) => /^[0-9a-f]{8}$/.test(id)) ? said : undefined;
}

/** Where the peer has a resource, other than in the group of that name. */
export function elsewhereAtPeer(
  state: NodeState,
  key: string,
  id: string,
): { readonly key: string; readonly claimed: boolean; readonly letter: string } | undefined {
  const { report } = state.peer;
  for (const { key: theirs, letter, resources } of report?.groups ?? []) {
    const said = theirs === key ? undefined : resources?.find((candidate) => candidate.id === id);
    if (said !== undefined && !wantedBoth(state, theirs, id)) return { key: theirs, claimed: said.claimed, letter };
  }
  return undefined;
}

/** Our haresources has it in that group too: two groups with the same service are the administrator's wish. */
function wantedBoth(state: NodeState, key: string, id: string): boolean {
  const group = state.groups.find((candidate) => candidate.configuration.key === key);
  return group?.wanted?.resources.some((resource) => resourceId(resource) === id) === true;
}

const ids = new WeakMap<ResourceConfiguration, string>();

/** FNV-1a. Against accidents, not against an enemy: the report is signed. */
function fingerprint(text: string, seed: number): string {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
