/**
 * What a real ipfail on a Heartbeat node says and wants to hear. Observed on two of them (test/data/heartbeat-3.0.6):
 * whoever sees a change sends its count; the other answers `abort_giveup` when both reach the same, `you_are_dead` when
 * it reaches more; a node that is told so gives its resources away after two keepalives.
 */
import type { NodeState } from '../node-state.ts';
import { type Message, messageOf, textOf } from '../transport/message.ts';
import { livePingNodes } from './ping-nodes.ts';

const client = { from_id: 'ipfail', to_id: 'ipfail', client_gen: '0' } as const;

/** A message of the peer, whatever it is. */
export function ipfailMessage(state: NodeState, message: Message): void {
  if (!isWanted(state)) return;
  const { reach } = state;
  const ours = livePingNodes(reach.nodes);
  switch (textOf(message, 't')) {
    case 'num_ping_nodes': {
      const text = textOf(message, 'num_ping') ?? '';
      if (!/^\d{1,4}$/.test(text)) return;
      reach.classicCount = Number(text);
      if (reach.classicCount === ours) say(state, 'abort_giveup');
      else if (reach.classicCount < ours) say(state, 'you_are_dead');
      else reach.classicTold = undefined;
      return;
    }
    case 'you_are_dead':
      reach.classicCount = ours + 1;
      return;
    case 'abort_giveup':
      reach.classicCount = ours;
      return;
    case 'hbapi-clstat':
      // Its ipfail has come or gone: one that has just come knows nothing, one that is gone compares nothing.
      if (textOf(message, 'from_id') !== 'ipfail') return;
      if (textOf(message, 'st') === 'leave') reach.classicCount = undefined;
      reach.classicTold = undefined;
  }
}

/** Called after every event: the own count is told whenever it has changed, or the peer has not heard it. */
export function sayIpfailCount(state: NodeState): void {
  const { reach } = state;
  if (!isWanted(state) || state.peer.presence !== 'up') {
    reach.classicTold = undefined;
    return;
  }
  const ours = livePingNodes(reach.nodes);
  if (reach.classicTold === ours) return;
  reach.classicTold = ours;
  say(state, 'num_ping_nodes', { num_ping: String(ours) });
}

function isWanted({ options, peer }: NodeState): boolean {
  return options.reach.ipfail && peer.product === 'heartbeat';
}

function say(state: NodeState, type: string, fields: Readonly<Record<string, string>> = {}): void {
  const message = messageOf(type, { ...fields, ...client });
  state.effects.push({ type: 'send', message, dest: state.options.peer });
}
