/** What this node knows of the peer's keys, and what it says of its own. Nothing here decides about a packet. */
import type { Authentication, AuthenticationKey } from '../config/configuration.ts';
import {
  decodeKeyStatement,
  encodeKeyStatement,
  type FingerprintBinding,
  fingerprintOf,
  type KeyStatement,
} from './key-statement.ts';
import { keyOf } from './mac.ts';
import { textOf } from './message.ts';
import type { VerifiedPacket } from './packet-header.ts';
import type { PeerState, TransportState } from './state.ts';

/** What the peer said last, with what its fingerprints are bound to. */
export interface PeerKeyStatement {
  readonly text: string;
  readonly statement: KeyStatement;
  readonly binding: FingerprintBinding;
}

export interface OwnKeyStatement {
  readonly authentication: Authentication;
  readonly generation: number;
  readonly receiverGeneration: number;
  readonly text: string;
}

/** `same`: the key of that number here. `other`: method or secret differ. `unknown`: authkeys has no such number. */
export type KeyAgreement = 'same' | 'other' | 'unknown';

export interface PeerKeysView {
  /** The number that its packets carry. */
  readonly signsWith: number;
  /** Absent when the peer does not say: a real Heartbeat. */
  readonly accepts?: readonly { readonly index: number; readonly method: string; readonly agreement: KeyAgreement }[];
}

/** From a status that has been believed. */
export function noteKeysOf(peer: PeerState, packet: VerifiedPacket): void {
  peer.signsWith = packet.keyIndex;
  const text = textOf(packet.message, 'pbkeys');
  if (text === undefined || text === peer.keys?.text) return;
  const statement = decodeKeyStatement(text);
  if (statement === undefined) return;
  const { uuid, generation, forPairbeat } = packet;
  const receiverGeneration = forPairbeat?.acceptedGeneration ?? 0;
  peer.keys = { text, statement, binding: { uuid, generation, receiverGeneration } };
}

export function peerKeysView({ peer, authentication, options }: TransportState): PeerKeysView | undefined {
  if (peer?.signsWith === undefined) return undefined;
  const { signsWith, keys: said } = peer;
  if (said === undefined) return { signsWith };
  const accepts = said.statement.accepts.map(({ index, method }) => {
    const ours = keyOf(authentication, index);
    const agreement: KeyAgreement =
      ours === undefined ? 'unknown' : isSameKey(said, ours, options.hashes) ? 'same' : 'other';
    return { index, method, agreement };
  });
  return { signsWith, accepts };
}

/** A real Heartbeat knows three methods. What is signed or sealed otherwise it takes for rubbish. */
export const heartbeatMethods: readonly string[] = ['sha1', 'md5', 'crc'];

export function cannotReadUs({ peer, authentication }: TransportState): boolean {
  const isHeartbeat = peer?.accepted === true && !peer.pairbeat;
  return isHeartbeat && !heartbeatMethods.includes(keyOf(authentication, authentication.sendIndex)?.method ?? '');
}

/** Whether the peer has said that it accepts this very key. */
export function isSameKey(
  { statement, binding }: PeerKeyStatement,
  key: AuthenticationKey,
  hashes: TransportState['options']['hashes'],
): boolean {
  const stated = statement.accepts.find(({ index }) => index === key.index);
  if (stated === undefined || stated.method !== key.method) return false;
  return stated.fingerprint === fingerprintOf(key, binding, hashes);
}

/** The value of `pbkeys`. Made anew only when something in it has changed: keepalives are frequent, hashes are not free. */
export function ownKeyStatement(state: TransportState): string {
  const { authentication, generation, options, peer } = state;
  const receiverGeneration = peer?.accepted ? peer.generation : 0;
  const said = state.keysSaid;
  if (
    said?.authentication === authentication &&
    said.generation === generation &&
    said.receiverGeneration === receiverGeneration
  ) {
    return said.text;
  }
  const binding = { uuid: options.localUuid, generation, receiverGeneration };
  const text = encodeKeyStatement(authentication, binding, options.hashes);
  state.keysSaid = { authentication, generation, receiverGeneration, text };
  return text;
}
