/**
 * Plays a few failovers on a scratch copy of the core before a real one comes, so that the takeover path is compiled
 * when it is needed (the first pass of cold JavaScript costs milliseconds, a rehearsed one a fraction of one). Nothing
 * leaves this file: effects go to the other scratch node or nowhere. It runs in small pieces between real work.
 */
import type { Configuration } from '../core/config/configuration.ts';
import {
  type Engine,
  type EngineEffect,
  type EngineEvent,
  engineDeadline,
  stepEngine,
  stepTimers,
} from '../core/engine.ts';
import type { NodeName } from '../core/types.ts';
import { usPerMs } from '../core/types.ts';
import { createEngine } from './engine-factory.ts';

const rounds = 12;
/** Events in one round at the most: a rehearsal that does not end is given up, it decides nothing. */
const eventsMax = 400;

interface Actor {
  readonly engine: Engine;
  readonly inbox: EngineEvent[];
  alive: boolean;
}

/** `pause` is awaited between any two events; it lets real work pass. */
export async function rehearse(configuration: Configuration, pause: () => Promise<void>): Promise<void> {
  const other = configuration.nodes.find((node) => node !== configuration.localNode);
  if (other === undefined) return;
  for (let round = 0; round < rounds; round++) {
    const [owner, taker] = [actor(configuration, other, round), actor(configuration, configuration.localNode, round)];
    if (owner === undefined || taker === undefined) return;
    await play([owner, taker], pause);
  }
}

async function play(pair: readonly [Actor, Actor], pause: () => Promise<void>): Promise<void> {
  const [owner, taker] = pair;
  let nowUs = 1_000_000_000;
  const waitUs = taker.engine.node.options.deadtimeMs * usPerMs;
  for (const one of pair) {
    const hello = { hostPid: 1, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };
    one.inbox.push({
      to: 'node',
      event: { type: 'boot', nowUs, generation: one.engine.transport.generation, hello, stickyStopFailures: [] },
    });
    one.inbox.push({ to: 'transport', event: { type: 'start', nowUs } });
  }
  for (let count = 0; count < eventsMax; count++) {
    await pause();
    const actor = pair.find((one) => one.alive && one.inbox.length > 0);
    if (actor !== undefined) {
      const event = retimed(actor.inbox.shift()!, nowUs);
      deliver(stepEngine(actor.engine, event, nowUs), actor, actor === owner ? taker : owner, nowUs);
      continue;
    }
    // Both are quiet: the owner dies once it has joined, and time jumps to the next deadline.
    if (owner.alive && count > 60) owner.alive = false;
    const deadlines = pair.filter((one) => one.alive).map((one) => engineDeadline(one.engine) ?? nowUs + waitUs);
    nowUs = Math.max(nowUs, Math.min(...deadlines));
    for (const one of pair)
      if (one.alive) deliver(stepTimers(one.engine, nowUs), one, one === owner ? taker : owner, nowUs);
    if (!owner.alive && taker.engine.node.groups.every((group) => group.snapshot.value === 'running')) return;
  }
}

function deliver(effects: readonly EngineEffect[], self: Actor, peer: Actor, nowUs: number): void {
  for (const effect of effects) {
    const answer = answerTo(effect, nowUs);
    if (effect.type === 'transmit' && peer.alive) {
      peer.inbox.push({
        to: 'transport',
        event: { type: 'datagram', nowUs, link: effect.link, bytes: effect.bytes, source: 'rehearsal' },
      });
    } else if (answer !== undefined) self.inbox.push(answer);
  }
}

function answerTo(effect: EngineEffect, nowUs: number): EngineEvent | undefined {
  switch (effect.type) {
    case 'operation': {
      const outcome = effect.operation.action === 'status' ? 'not-running' : 'done';
      return {
        to: 'node',
        event: {
          type: 'operationResult',
          nowUs,
          result: { id: effect.operation.id, outcome, startedUs: nowUs, finishedUs: nowUs },
        },
      };
    }
    case 'drainSockets':
      return { to: 'transport', event: { type: 'socketsDrained', nowUs, token: effect.token } };
    case 'persistPeerGeneration':
      return { to: 'transport', event: { type: 'peerGenerationPersisted', nowUs, requestId: effect.requestId } };
    default:
      return undefined;
  }
}

/** Queued events are believed when they are taken, not when they were queued: time must not run backwards. */
function retimed(event: EngineEvent, nowUs: number): EngineEvent {
  return { ...event, event: { ...event.event, nowUs } } as EngineEvent;
}

function actor(configuration: Configuration, localNode: NodeName, round: number): Actor | undefined {
  const engine = createEngine(
    // Nobody answers here, and nothing that matters in a takeover depends on it.
    { ...configuration, localNode, pingNodes: [], helpers: [] },
    {
      uuid: (localNode === configuration.localNode ? 'a' : 'b').repeat(32),
      generation: 1,
      persistedPeers: [],
      seed: round,
      entropy: 'rehearsal',
      wallSeconds: 1,
      loadAverage: '',
    },
  );
  return engine.ok ? { engine: engine.value, inbox: [], alive: true } : undefined;
}
