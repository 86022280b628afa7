/**
 * An idle pair hears the same again and again, ten or a hundred times a second. When the last step drew all consequences
 * and there were none, an event that changes nothing but a time has none either; then only that time is noted. Such
 * events are the keepalive that says what the last one said, the answer of a ping node that answered before, and the
 * moment to ask ping nodes again.
 *
 * It rests on one rule for everybody who writes rules: what a rule does because of the time alone, a timer wakes it for.
 * `test/sim/at-rest.test.ts` takes every such step of simulated runs in full as well, and both must agree.
 */
import type { NodeEvent } from './events.ts';
import { type NodeOptions, type NodeState, stageOf } from './node-state.ts';
import { askPingNodes } from './ping/reach.ts';
import { earliest } from './timers.ts';
import type { Field, Message } from './transport/message.ts';
import { textOf } from './transport/message.ts';

/** The keepalive of the peer that was heard last, and that had no effect, under these options. */
export interface Rest {
  readonly options: NodeOptions;
  readonly fields: readonly Field[];
  readonly generation: number;
  readonly linkViewVersion: number;
}

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

/** Different in every message, and read by nobody who hears a Pairbeat peer. */
const stampedNames: ReadonlySet<string> = new Set(['seq', 'ts', 'ld', 'auth']);

/** True: the event is dealt with, and nothing follows from it. */
export function changesNothing(state: NodeState, event: NodeEvent): boolean {
  const { rest } = state;
  if (rest === undefined || rest.options !== state.options) return false;
  const due = earliest(state.timers);
  if (due !== undefined && due <= state.nowUs) return false;
  switch (event.type) {
    case 'message':
      if (!isSameAgain(rest, event)) return false;
      state.peer.lastHeardUs = state.nowUs;
      state.peer.reportUs = state.nowUs;
      break;
    case 'pingAnswer':
      if (!answersAgain(state, event.address)) return false;
      break;
    case 'timer':
      break;
    default:
      return false;
  }
  if (isPingNodeSilent(state)) return false;
  askPingNodes(state);
  return true;
}

/** After a step in full: is this a state in which the same keepalive once more would change nothing? */
export function noteRest(state: NodeState, event: NodeEvent): void {
  const { peer, exchange } = state;
  const isQuiet =
    event.type === 'message' &&
    state.effects.length === 0 &&
    stageOf(state) === 'member' &&
    peer.presence === 'up' &&
    peer.product === 'pairbeat' &&
    peer.fresh &&
    peer.deafSinceUs === undefined &&
    exchange.digest === '' &&
    textOf(event.message, 't') === 'status';
  state.rest = isQuiet ? restOf(state, event) : undefined;
}

function restOf({ options }: NodeState, { message, generation, linkViewVersion }: MessageEvent): Rest {
  return { options, fields: message.fields, generation, linkViewVersion };
}

function isSameAgain(rest: Rest, { message, generation, linkViewVersion }: MessageEvent): boolean {
  return (
    generation === rest.generation && linkViewVersion === rest.linkViewVersion && saysTheSame(message, rest.fields)
  );
}

function saysTheSame({ fields }: Message, before: readonly Field[]): boolean {
  if (fields.length !== before.length) return false;
  for (let at = 0; at < fields.length; at++) {
    const one = fields[at]!;
    const other = before[at]!;
    if (one !== other && !isSameField(one, other)) return false;
  }
  return true;
}

function isSameField(one: Field, other: Field): boolean {
  if (one.name !== other.name) return false;
  if (stampedNames.has(one.name) || one.value === other.value) return true;
  return typeof one.value !== 'string' && typeof other.value !== 'string' && sameBytes(one.value, other.value);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Each ping node of that address counts as alive already. */
function answersAgain({ reach, nowUs }: NodeState, address: string): boolean {
  for (const node of reach.nodes) {
    if (!node.options.targets.some((target) => target.address === address)) continue;
    if (node.status !== 'ping') return false;
    node.heardUs = nowUs;
  }
  return true;
}

/** About to be counted as dead. */
function isPingNodeSilent({ reach, nowUs }: NodeState): boolean {
  for (const { status, heardUs, options, nextAskUs } of reach.nodes)
    if (nextAskUs !== undefined && status !== 'dead' && nowUs - heardUs >= options.deadUs) return true;
  return false;
}
