/**
 * The life of a request to fence the peer, as a diagram (docs/diagrams/fencing.md is generated from it). Only `confirmed`
 * permits anything; every way out of `attempting` that is not a confirmation leads back to another attempt, for as long
 * as the peer is gone (L6), or to an operator's word.
 */
import { setup } from 'xstate';

export type FenceRequestEvent =
  /** The peer is gone and must be known to be off before anything of it is started. */
  | { readonly type: 'needed' }
  /** The time to wait before the next attempt is over. */
  | { readonly type: 'due' }
  | { readonly type: 'succeeded' }
  /** Failed, timed out, unknown, partial: all the same (S8). */
  | { readonly type: 'failed' }
  /** The confirmation is on disk, or has waited for the disk long enough. */
  | { readonly type: 'recorded' }
  | { readonly type: 'operatorConfirmed' }
  /** The peer is heard again, or this node is no member any more. */
  | { readonly type: 'notNeeded' };

export const fenceRequestMachine = setup({ types: { events: {} as FenceRequestEvent } }).createMachine({
  id: 'fencing',
  initial: 'idle',
  states: {
    idle: { on: { needed: 'waiting', operatorConfirmed: 'recording' } },
    waiting: { on: { due: 'attempting', operatorConfirmed: 'recording', notNeeded: 'idle' } },
    attempting: {
      on: { succeeded: 'recording', failed: 'waiting', operatorConfirmed: 'recording', notNeeded: 'idle' },
    },
    recording: { on: { recorded: 'confirmed', notNeeded: 'idle' } },
    confirmed: { on: { notNeeded: 'idle' } },
  },
});
