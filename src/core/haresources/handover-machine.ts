/**
 * The R1 standby handshake, as a diagram (docs/diagrams/handover.md is generated from it; docs/wire-protocol.md lists
 * the messages). The giver asks `me`, the taker answers `other`, the giver stops and says `done`, the taker starts and
 * says `done`. Between two Pairbeat nodes the groups' letters carry the offer itself; the handshake makes sure that
 * nothing is stopped before the other side has agreed.
 */
import { setup } from 'xstate';

export type HandoverEvent =
  /** An operator, or auto_failback, wants groups to go to the peer. */
  | { readonly type: 'ask' }
  /** The peer asks us to take groups. */
  | { readonly type: 'asked' }
  | { readonly type: 'agreed' }
  | { readonly type: 'refused' }
  /** Everything asked for is stopped here. */
  | { readonly type: 'released' }
  /** A stop failed here, or the peer could not start. */
  | { readonly type: 'failed' }
  /** The peer runs what it was given / we run what we were given. */
  | { readonly type: 'taken' }
  | { readonly type: 'timeout' }
  | { readonly type: 'peerGone' };

export const handoverMachine = setup({ types: { events: {} as HandoverEvent } }).createMachine({
  id: 'handover',
  initial: 'idle',
  states: {
    idle: { on: { ask: 'asking', asked: 'taking' } },
    asking: { on: { agreed: 'releasing', refused: 'idle', timeout: 'idle', peerGone: 'idle' } },
    releasing: { on: { released: 'handing', failed: 'idle', peerGone: 'idle' } },
    handing: { on: { taken: 'idle', failed: 'idle', timeout: 'idle', peerGone: 'idle' } },
    taking: { on: { taken: 'idle', failed: 'idle', timeout: 'idle', peerGone: 'idle' } },
  },
});
