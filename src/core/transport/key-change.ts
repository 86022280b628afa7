/**
 * May authkeys change to this now? Two mistakes cut a running pair, and both are refused: to sign with a key that the
 * peer does not accept, and to drop the key that the peer signs with (L7). Where the peer has not been heard, nothing is
 * known and nothing is refused.
 */
import type { Authentication, AuthenticationKey } from '../config/configuration.ts';
import { failure, type Result, success } from '../result.ts';
import { keyOf } from './mac.ts';
import { heartbeatMethods, isSameKey } from './peer-keys.ts';
import type { PeerState, TransportState } from './state.ts';

/** Problem codes: keys-drop-peers-key, keys-peer-lacks, keys-peer-differs, keys-peer-does-not-say, keys-heartbeat-cannot. */
export function judgeKeyChange(state: TransportState, next: Authentication): Result<void> {
  const { peer, authentication } = state;
  if (peer?.signsWith === undefined) return success(undefined);
  const used = keyOf(authentication, peer.signsWith);
  const kept = keyOf(next, peer.signsWith);
  if (used !== undefined && !isEqualKey(used, kept)) {
    return failure('keys-drop-peers-key', { peer: peer.name, index: peer.signsWith });
  }
  const sending = keyOf(next, next.sendIndex)!;
  const signsAlready = isEqualKey(sending, keyOf(authentication, authentication.sendIndex));
  if (signsAlready || isEqualKey(sending, used)) return success(undefined);
  return judgeSending(state, peer, sending);
}

function judgeSending(state: TransportState, peer: PeerState, sending: AuthenticationKey): Result<void> {
  const fields = { peer: peer.name, index: sending.index };
  if (peer.keys === undefined) {
    const isHeartbeat = peer.accepted && !peer.pairbeat;
    if (isHeartbeat && !heartbeatMethods.includes(sending.method)) {
      return failure('keys-heartbeat-cannot', { ...fields, method: sending.method });
    }
    return failure('keys-peer-does-not-say', fields);
  }
  if (isSameKey(peer.keys, sending, state.options.hashes)) return success(undefined);
  const numbers = peer.keys.statement.accepts.map(({ index }) => index);
  if (numbers.includes(sending.index)) return failure('keys-peer-differs', fields);
  return failure('keys-peer-lacks', { ...fields, accepts: numbers.join(' ') });
}

export function isEqualKey(left: AuthenticationKey, right: AuthenticationKey | undefined): boolean {
  return left.index === right?.index && left.method === right.method && left.secret === right.secret;
}
