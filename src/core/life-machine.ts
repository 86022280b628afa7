/**
 * The life of this node in the cluster, as a diagram (docs/diagrams/node.md is generated from it). Groups may be started
 * only while it is a member.
 */
import { setup } from 'xstate';

export type LifeEvent =
  /** The peer's fresh report was read, or there is nobody to wait for any more. */
  | { readonly type: 'joined' }
  /** This node did not send for longer than its own deadtime. */
  | { readonly type: 'paused' }
  /** A new generation is on disk; everything that ran here is stopped. */
  | { readonly type: 'rejoined' }
  | { readonly type: 'stopRequested' }
  /** Nothing is held any more. */
  | { readonly type: 'emptied' };

export const lifeMachine = setup({ types: { events: {} as LifeEvent } }).createMachine({
  id: 'node',
  initial: 'joining',
  states: {
    joining: { on: { joined: 'member', paused: 'paused', stopRequested: 'leaving' } },
    member: { on: { paused: 'paused', stopRequested: 'leaving' } },
    paused: { on: { rejoined: 'joining', stopRequested: 'leaving' } },
    leaving: { on: { emptied: 'left' } },
    left: { type: 'final' },
  },
});
