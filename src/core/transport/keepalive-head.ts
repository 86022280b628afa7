/**
 * What a keepalive says: the fields in their order, but for number, generation and time, which `send.ts` stamps. One
 * keepalive says what the one before it said nearly every time, so its head is kept as fields and as bytes, together
 * with everything that it was made from, and made anew when one of these is another.
 */
import type { Field, Message } from './message.ts';
import type { EncodedHead } from './netstring.ts';
import { encodeHead } from './packet.ts';
import { ownKeyStatement } from './peer-keys.ts';
import type { Advertised, TransportOptions, TransportState } from './state.ts';

export interface KeepaliveHead {
  readonly fields: readonly Field[];
  /** Once it has been said twice: what is said once need not be kept. */
  encoded: EncodedHead | undefined;
  readonly from: {
    readonly advertised: Advertised;
    readonly options: TransportOptions;
    readonly accepted: number;
    readonly seen: Seen;
    readonly keys: string;
  };
}

/** What this node has heard of the peer, for `pbsees`. */
type Seen = 'init' | 'up' | 'dead';

export function keepaliveHead(state: TransportState): KeepaliveHead {
  const { advertised, options } = state;
  const from = { advertised, options, accepted: acceptedOf(state), seen: seenOf(state), keys: ownKeyStatement(state) };
  const known = state.keepaliveHead;
  if (known !== undefined && isFrom(known.from, from)) {
    known.encoded ??= encodeHead(known.fields);
    return known;
  }
  state.keepaliveHead = { fields: keepaliveFields(state, advertised.fields), encoded: undefined, from };
  return state.keepaliveHead;
}

/** `extra`: what the node wants to add. */
export function keepaliveFields(state: TransportState, extra: readonly Field[]): Field[] {
  const { status, deadtimeMs } = state.advertised;
  return [
    { name: 't', value: 'status' },
    { name: 'st', value: status },
    { name: 'dt', value: deadtimeMs.toString(16) },
    { name: 'protocol', value: '1' },
    ...withoutStamped(extra).filter(({ name }) => !statusNames.has(name)),
    ...pairbeatFields(state),
    { name: 'pbkeys', value: ownKeyStatement(state) },
    ...senderFields(state),
  ];
}

export function senderFields({ options, localUuid }: TransportState): Field[] {
  return [
    { name: 'src', value: options.localNode },
    { name: 'srcuuid', value: localUuid },
  ];
}

/** What a real Heartbeat ignores and another Pairbeat relies on: docs/wire-protocol.md, "Fields of our own". */
export function pairbeatFields(state: TransportState): Field[] {
  const { capabilities } = state.options;
  const fields: Field[] = [{ name: 'pbver', value: '1' }];
  if (capabilities.length > 0) fields.push({ name: 'pbcaps', value: capabilities.join(',') });
  fields.push({ name: 'pbto', value: acceptedOf(state).toString(16) }, { name: 'pbsees', value: seenOf(state) });
  return fields;
}

/** Names that only the transport writes; a message of the node that brings one along loses it. */
// biome-ignore format: one name a line would say no more
const stampedNames: ReadonlySet<string> = new Set([
  't', 'dest', 'destuuid', 'src', 'srcuuid', 'seq', 'hg', 'ts', 'ld', 'ttl', 'auth', 'pbver', 'pbcaps', 'pbto', 'pbsees', 'pbkeys',
]);
const statusNames: ReadonlySet<string> = new Set(['st', 'dt', 'protocol']);

export function withoutStamped(fields: Message['fields']): Field[] {
  return fields.filter(({ name }) => !stampedNames.has(name));
}

function isFrom(one: KeepaliveHead['from'], other: KeepaliveHead['from']): boolean {
  return (
    one.advertised === other.advertised &&
    one.options === other.options &&
    one.accepted === other.accepted &&
    one.seen === other.seen &&
    one.keys === other.keys
  );
}

const acceptedOf = ({ peer }: TransportState): number => (peer?.accepted ? peer.generation : 0);

function seenOf({ peer }: TransportState): Seen {
  if (peer === undefined || peer.heard === 'never') return 'init';
  return peer.heard === 'up' ? 'up' : 'dead';
}
