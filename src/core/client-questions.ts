/**
 * `cl_status clientstatus`: does a helper (ipfail, dopd, pingd) run on the other node? The question and the answer are
 * Heartbeat's own messages, so a real node at the other end answers and is answered. Here the helpers are part of
 * the daemon: those that the configuration asks for are there from the moment this node is a member.
 */
import type { NodeEvent } from './events.ts';
import { type NodeState, stageOf } from './node-state.ts';
import { type Message, messageOf, textOf } from './transport/message.ts';
import { usPerSecond } from './types.ts';

export interface ClientQuestions {
  nextId: number;
  /** The number in the message to the request that waits for the answer. */
  readonly waiting: Map<string, { readonly requestId: number; readonly askedUs: number }>;
}

export const createClientQuestions = (): ClientQuestions => ({ nextId: 1, waiting: new Map() });

/** Nobody waits any longer than a tool does. */
const forgottenUs = 60 * usPerSecond;
const waitingMax = 16;

export function hasClient(state: NodeState, client: string): boolean {
  const { clients = [] } = state.options;
  return ['member', 'leaving'].includes(stageOf(state)) && clients.includes(client);
}

/** Answered `ok` when it is online, with `client-offline` when not, and never when the peer does not answer. */
export function askClient(state: NodeState, client: string, requestId: number): void {
  const { questions, peer, options } = state;
  if (peer.presence !== 'up') {
    const problem = { code: 'client-offline', fields: { client, node: options.peer } };
    state.effects.push({ type: 'reply', requestId, ok: false, problem, final: true });
    return;
  }
  for (const [id, { askedUs }] of questions.waiting) {
    if (state.nowUs - askedUs > forgottenUs || questions.waiting.size >= waitingMax) questions.waiting.delete(id);
  }
  const id = String(questions.nextId++);
  questions.waiting.set(id, { requestId, askedUs: state.nowUs });
  const message = messageOf('query-cstatus', { cn: client, from_id: id });
  state.effects.push({ type: 'send', message, dest: options.peer });
}

export function clientMessage(state: NodeState, { message }: Extract<NodeEvent, { type: 'message' }>): void {
  const type = textOf(message, 't');
  if (type === 'query-cstatus') answerPeer(state, message);
  if (type === 'respond-cstatus') takeAnswer(state, message);
}

function answerPeer(state: NodeState, message: Message): void {
  const client = textOf(message, 'cn') ?? '';
  const cs = hasClient(state, client) ? 'online' : 'offline';
  const answer = { result: 'OK', cn: client.slice(0, 128), to_id: (textOf(message, 'from_id') ?? '').slice(0, 32), cs };
  state.effects.push({ type: 'send', message: messageOf('respond-cstatus', answer), dest: state.options.peer });
}

function takeAnswer(state: NodeState, message: Message): void {
  const id = textOf(message, 'to_id') ?? '';
  const question = state.questions.waiting.get(id);
  if (question === undefined) return;
  state.questions.waiting.delete(id);
  const { requestId } = question;
  if (textOf(message, 'cs') === 'online') {
    state.effects.push({ type: 'reply', requestId, ok: true, final: true });
    return;
  }
  const fields = { client: textOf(message, 'cn') ?? '', node: state.options.peer };
  state.effects.push({ type: 'reply', requestId, ok: false, problem: { code: 'client-offline', fields }, final: true });
}
