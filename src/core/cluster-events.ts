/**
 * What happens in the cluster, told in the words of messages to whoever wants to hear it outside the core: the
 * administrator's hooks in rc.d, the host cache. Heartbeat runs a hook for every message it sees, its own included, and
 * for every change of a node's status and of a link. Nothing in the core depends on whether anybody listens.
 */
import type { NodeState } from './node-state.ts';
import { stageOf } from './node-state.ts';
import { type Message, textOf } from './transport/message.ts';
import type { LinkId, NodeName } from './types.ts';

export interface ClusterEvent {
  /** The text fields of the message, `t` and `src` among them. */
  readonly fields: Readonly<Record<string, string>>;
  /** Status of the node in `src` before this event. */
  readonly formerStatus: string;
}

/** A message of the peer. Its status messages are told as changes of its status, not one by one. */
export function tellMessage(state: NodeState, message: Message, from: NodeName): void {
  if (textOf(message, 't') === 'status') return;
  tell(state, { ...textFields(message), src: from }, state.peerStatusTold);
}

/** This node's own messages: hooks run on the node that sends as well. */
export function tellOwnMessages(state: NodeState): void {
  if (state.effects.length === 0) return;
  const status = ownStatus(state);
  for (const effect of [...state.effects]) {
    if (effect.type === 'send' && !isOurs(effect.message))
      tell(state, { ...textFields(effect.message), src: state.options.self }, status);
  }
}

/** What Pairbeat nodes compare their files with is nobody else's business. */
function isOurs(message: Message): boolean {
  return ['pbask', 'pbmeaning'].includes(textOf(message, 't') ?? '');
}

/** As a level: told once for each change, whatever caused it. A node's own status is not told, as in Heartbeat. */
export function tellStatusChanges(state: NodeState): void {
  const { peer, self } = state.options;
  const status = peerStatus(state);
  if (status === state.peerStatusTold) return;
  const former = state.peerStatusTold;
  state.peerStatusTold = status;
  // The result of fencing: it was not needed, or there is no device.
  const result = state.peer.presence === 'left' ? 'unneeded' : 'n_stnth';
  if (status === 'dead') tell(state, { t: 'stonith', node: peer, result, src: self }, former);
  const { generation, deadtimeMs } = state.peer;
  const fields = { t: 'status', st: status, dt: deadtimeMs.toString(16), hg: generation.toString(16), src: peer };
  tell(state, fields, former);
}

export function tellLink(state: NodeState, node: NodeName, link: LinkId, up: boolean): void {
  tell(state, { t: 'ifstat', node, ifname: link, st: up ? 'up' : 'dead' }, state.peerStatusTold);
}

/** A group is about to be given to the peer that asked for it, or agreed to take it: the hook `local_giveip`. */
export function tellGiving(state: NodeState, key: string): void {
  tell(state, { t: 'local_giveip', ipaddr: key, src: state.options.peer }, state.peerStatusTold);
}

/** Fields in the words of a message. */
export function tell(state: NodeState, fields: ClusterEvent['fields'], formerStatus: string): void {
  state.effects.push({ type: 'clusterEvent', event: { fields, formerStatus } });
}

function textFields(message: Message): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { name, value } of message.fields) if (typeof value === 'string') fields[name] ??= value;
  return fields;
}

export function ownStatus(state: NodeState): string {
  const stage = stageOf(state);
  return stage === 'joining' || stage === 'paused' ? 'up' : stage === 'left' ? 'dead' : 'active';
}

/** The words of cl_status nodestatus: a node that is silent, gone, or not heard while it was waited for is dead. */
export function peerStatus(state: NodeState): string {
  if (state.peer.presence === 'up') return state.peer.status;
  const awaited = state.peer.presence === 'never' && ['joining', 'paused'].includes(stageOf(state));
  return awaited ? 'init' : 'dead';
}
