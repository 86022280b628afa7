/**
 * Both machines of a node, hosted in one place: what one asks of the other is carried over here at once and in order,
 * everything else is left to the driver. The daemon and the simulator run this same function.
 */
import { assert } from './assert.ts';
import type { NodeEffect, TransportEffect } from './effects.ts';
import type { NodeEvent, TransportEvent } from './events.ts';
import { nodeDeadline, stepNode } from './node.ts';
import type { NodeState } from './node-state.ts';
import { pingDeadline } from './ping/ping-nodes.ts';
import { hasSlept, step as stepTransport, transportDeadline } from './transport/machine.ts';
import type { TransportState } from './transport/state.ts';
import type { Microseconds } from './types.ts';

export interface Engine {
  readonly transport: TransportState;
  readonly node: NodeState;
  /** Sees every step of the node machine, for the journal. It changes nothing. */
  witness?: NodeWitness;
}

export interface NodeWitness {
  before(state: NodeState, event: NodeEvent): void;
  after(state: NodeState, event: NodeEvent, effects: readonly NodeEffect[]): void;
}

export type EngineEvent =
  | { readonly to: 'transport'; readonly event: TransportEvent }
  | { readonly to: 'node'; readonly event: NodeEvent };

/** What only the driver can do. */
export type EngineEffect =
  | Exclude<TransportEffect, { type: 'toNode' }>
  | Exclude<NodeEffect, { type: 'send' } | { type: 'advertise' }>;

/** Messages between the two machines that one event may cause; more would be a conversation without end. */
const hopsMax = 1000;

export function stepEngine(engine: Engine, first: EngineEvent, nowUs: Microseconds): EngineEffect[] {
  const effects: EngineEffect[] = [];
  // Whatever woke this process, the node must not act on what it believed before it slept.
  if (first.to === 'node' && hasSlept(engine.transport, nowUs)) {
    effects.push(...stepEngine(engine, { to: 'transport', event: { type: 'timer', nowUs } }, nowUs));
  }
  const queue: EngineEvent[] = [first];
  for (let hop = 0; queue.length > 0; hop++) {
    assert(hop < hopsMax, 'the machines stop talking to each other');
    const next = queue.shift()!;
    if (next.to === 'transport') fromTransport(stepTransport(engine.transport, next.event), queue, effects);
    else fromNode(witnessed(engine, next.event), queue, effects, nowUs);
  }
  return effects;
}

function witnessed({ node, witness }: Engine, event: NodeEvent): NodeEffect[] {
  witness?.before(node, event);
  const effects = stepNode(node, event);
  witness?.after(node, event, effects);
  return effects;
}

/** When the next `timer` event is due, for whichever machine. */
export function engineDeadline(engine: Engine): Microseconds | undefined {
  const transport = transportDeadline(engine.transport);
  const node = nodeDeadline(engine.node);
  if (transport === undefined || node === undefined) return transport ?? node;
  return Math.min(transport, node);
}

/**
 * Whether the next deadline is worth being met to the fraction of a millisecond. A keepalive is not: it comes again and
 * again, and its receiver counts in many intervals. Nor is a question to a ping node. Silence is: the whole outage
 * waits for it.
 */
export function isUrgent(engine: Engine, deadlineUs: Microseconds): boolean {
  return deadlineUs < engine.transport.nextKeepaliveUs && deadlineUs !== pingDeadline(engine.node.reach.nodes);
}

/** Time has come: the transport first, since it may have to say that this node slept. */
export function stepTimers(engine: Engine, nowUs: Microseconds): EngineEffect[] {
  const effects: EngineEffect[] = [];
  const transport = transportDeadline(engine.transport);
  if (transport !== undefined && transport <= nowUs) {
    effects.push(...stepEngine(engine, { to: 'transport', event: { type: 'timer', nowUs } }, nowUs));
  }
  const node = nodeDeadline(engine.node);
  if (node !== undefined && node <= nowUs)
    effects.push(...stepEngine(engine, { to: 'node', event: { type: 'timer', nowUs } }, nowUs));
  return effects;
}

function fromTransport(produced: readonly TransportEffect[], queue: EngineEvent[], effects: EngineEffect[]): void {
  for (const effect of produced) {
    if (effect.type === 'toNode') queue.push({ to: 'node', event: effect.event });
    else effects.push(effect);
  }
}

function fromNode(
  produced: readonly NodeEffect[],
  queue: EngineEvent[],
  effects: EngineEffect[],
  nowUs: Microseconds,
): void {
  for (const effect of produced) {
    if (effect.type === 'send') {
      const dest = effect.dest === undefined ? {} : { dest: effect.dest };
      queue.push({ to: 'transport', event: { type: 'send', nowUs, message: effect.message, ...dest } });
    } else if (effect.type === 'advertise') {
      const { status, deadtimeMs, fields, immediately } = effect;
      queue.push({ to: 'transport', event: { type: 'advertise', nowUs, status, deadtimeMs, fields, immediately } });
    } else effects.push(effect);
  }
}
