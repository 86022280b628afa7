/**
 * The world of one simulation: two machines, the wires between them, one virtual clock, what really runs where, and
 * the checkers that look on. Everything that happens follows from the seed.
 */
import type { EngineEffect, EngineEvent } from '../../../src/core/engine.ts';
import { letterOf, stageOf } from '../../../src/core/node-state.ts';
import type { Hashes } from '../../../src/core/transport/mac.ts';
import type { Checker } from '../checkers/checker.ts';
import { hasSecondOpinion } from '../checkers/second-opinion.ts';
import { FaultCounts } from '../matrix.ts';
import { type Sometimes, SometimesCounters } from '../sometimes.ts';
import { Adversary } from './adversary.ts';
import type { Daemon } from './daemon.ts';
import { Draw } from './draw.ts';
import { FenceDevices } from './fence-devices.ts';
import { beginNames } from './files.ts';
import { standInHashes } from './hashes.ts';
import { Machine } from './machine.ts';
import { SimNetwork } from './network.ts';
import { EventQueue, type Planned } from './queue.ts';
import type { Setup } from './setup.ts';
import { Truth } from './truth.ts';

export interface Violation {
  readonly checker: string;
  readonly atUs: number;
  readonly text: string;
}

export interface WorldOptions {
  readonly seed: number;
  readonly setup: Setup;
  readonly checkers: readonly Checker[];
  readonly hashes?: Hashes;
  /** Equal times keep the order in which they were planned. */
  readonly ordered?: boolean;
  readonly onTrace?: (line: string) => void;
  /** Datagrams and timers too. */
  readonly traceAll?: boolean;
}

/** Events at one instant, steps within one of them, effects of one step; more is a livelock. */
const sameInstantMax = 20_000;
const stepsPerEventMax = 2000;
const effectsPerStepMax = 2000;

export class World {
  nowUs = 0;
  readonly seed: number;
  readonly setup: Setup;
  readonly machines: readonly [Machine, Machine];
  readonly network: SimNetwork;
  readonly truth = new Truth();
  readonly fences: FenceDevices;
  readonly adversary: Adversary;
  /** The reference model judges every start. */
  readonly secondOpinion: boolean;
  /** An administrator is in the middle of one. */
  keyRotation: { readonly steps: unknown[] } | undefined;
  readonly sometimes = new SometimesCounters();
  readonly hashes: Hashes;
  readonly macMethod = 'md5' as const;
  /** What the administrator wants in the end, on both nodes. */
  files: Setup;
  /** No node has ever been told to wait longer for the other. */
  longestDeadtimeMs: number;
  violation: Violation | undefined;
  readonly faultCounts = new FaultCounts();
  /** No datagram takes longer; replays apart. */
  longestDelayUs = 0;
  steps = 0;
  hash = 0x811c9dc5;
  readonly #queue: EventQueue;
  readonly #checkers: Checker[];
  readonly #options: WorldOptions;
  #atInstant = 0;
  #inEvent = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.setup = options.setup;
    this.files = options.setup;
    this.longestDeadtimeMs = options.setup.deadtimeMs;
    this.hashes = options.hashes ?? standInHashes;
    const { seed } = options;
    this.seed = seed;
    this.secondOpinion = hasSecondOpinion(seed);
    beginNames();
    const order = new Draw(seed, 'order');
    let serial = 0;
    this.#queue = new EventQueue(options.ordered ? () => ++serial : () => order.uint32());
    this.machines = [new Machine(this, 0), new Machine(this, 1)];
    this.network = new SimNetwork(this);
    this.fences = new FenceDevices(this);
    this.adversary = new Adversary(this);
    this.#checkers = [...options.checkers];
    this.truth.onStarted = (node, instance) => {
      for (const checker of this.#checkers) checker.started?.(this, node, instance);
    };
    this.truth.onStopped = (node, instance) => {
      for (const checker of this.#checkers) checker.stopped?.(this, node, instance);
    };
  }

  /** One more who looks on. */
  addChecker(checker: Checker): void {
    this.#checkers.push(checker);
  }

  /** Shows every effect of the steps from now on, transmissions too; ends when the returned function is called. */
  watchEffects(look: (effect: EngineEffect) => void): () => void {
    const checker: Checker = { stepped: (_world, _daemon, _event, effects) => effects.forEach(look) };
    this.addChecker(checker);
    return () => {
      this.#checkers.splice(this.#checkers.indexOf(checker), 1);
    };
  }

  /** `tie` decides among equal times; without one it is drawn. 0 comes first, and shifts nobody else's draw. */
  plan(inUs: number, run: () => void, tie?: number): Planned {
    return this.#queue.plan(this.nowUs + inUs, run, tie);
  }

  /** Runs until then, or until a checker objects. */
  runUntil(untilUs: number): void {
    while (this.violation === undefined) {
      const next = this.#queue.take(untilUs);
      if (next === undefined) break;
      if (next.atUs > this.nowUs) this.#atInstant = 0;
      if (++this.#atInstant > sameInstantMax) this.violate('livelock', 'time does not move on');
      this.nowUs = Math.max(this.nowUs, next.atUs);
      this.#inEvent = 0;
      next.run();
    }
    if (this.violation === undefined) this.nowUs = Math.max(this.nowUs, untilUs);
  }

  /** The operator stops what a failed stop left running, with his own hands. */
  stopByHand(key: string): void {
    for (const { index, host } of this.machines) {
      const entries = [...(host?.inventory.values() ?? [])].filter(({ group }) => group === key);
      if (!entries.some(({ state }) => state === 'stop-failed')) continue;
      this.count('stopped by hand');
      for (const { written } of this.truth.ofGroup(index, key)) this.truth.stop(index, written);
    }
  }

  /** One step of a daemon's engine, and everything that it asks for. */
  step(daemon: Daemon, event: EngineEvent | undefined, run: () => EngineEffect[]): void {
    if (this.violation !== undefined) return;
    this.steps++;
    if (++this.#inEvent > stepsPerEventMax) this.violate('livelock', `${daemon.machine.name}: one event has no end`);
    let effects: EngineEffect[];
    try {
      effects = run();
    } catch (error) {
      this.violate(
        'no exception',
        `${daemon.machine.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return;
    }
    this.#mix(daemon, effects.length);
    if (effects.length > effectsPerStepMax)
      this.violate('livelock', `${daemon.machine.name}: one step asks for ${effects.length} effects`);
    if (this.#options.onTrace !== undefined) this.#traceStep(daemon, event, effects);
    for (const effect of effects) {
      if (effect.type !== 'transmit') for (const checker of this.#checkers) checker.effect?.(this, daemon, effect);
      if (daemon.ended) break;
      daemon.carryOut(effect);
    }
    for (const checker of this.#checkers) checker.stepped?.(this, daemon, event, effects);
  }

  violate(checker: string, text: string): void {
    if (this.violation !== undefined) return;
    this.violation = { checker, atUs: this.nowUs, text };
    this.#options.onTrace?.(`${stamp(this.nowUs)} VIOLATION ${checker}: ${text}`);
  }

  count(name: Sometimes): void {
    this.sometimes.count(name);
  }

  trace(machine: Machine | undefined, what: string, text: () => string): void {
    this.#options.onTrace?.(`${stamp(this.nowUs)} ${machine?.name ?? '-'} ${what} ${text()}`.trimEnd());
  }

  #traceStep(daemon: Daemon, event: EngineEvent | undefined, effects: readonly EngineEffect[]): void {
    const { machine, engine } = daemon;
    if (this.#options.traceAll && event !== undefined)
      this.trace(machine, 'event', () => `${event.to} ${event.event.type}`);
    for (const effect of effects) {
      if (effect.type === 'log' && effect.level !== 'debug')
        this.trace(machine, effect.level, () => `${effect.message.code}${fieldsOf(effect.message.fields)}`);
      else if (effect.type === 'operation' && effect.operation.action !== 'status') {
        const { operation, evidence } = effect;
        this.trace(
          machine,
          'do',
          () =>
            `${operation.action} ${operation.resource.written}${evidence === undefined ? '' : ` on ${evidence.kind}`}`,
        );
      } else if (effect.type === 'releaseAddresses') {
        this.trace(
          machine,
          'do',
          () => `release ${effect.operations.map((operation) => operation.resource.written).join(' ')}`,
        );
      } else if (effect.type === 'reply') {
        this.trace(
          machine,
          'reply',
          () => `${effect.ok ? 'ok' : effect.problem?.code}${effect.final ? '' : ' (accepted)'}`,
        );
      } else if (effect.type === 'exit')
        this.trace(machine, 'exit', () => `${effect.code}${effect.keepHost ? ' keeping the host' : ''}`);
      else if (effect.type === 'persist') this.trace(machine, 'do', () => `persist ${effect.name} ${effect.content}`);
    }
    const letters = `${stageOf(engine.node)} ${engine.node.groups.map((group) => letterOf(group) + (group.marked ? '*' : '')).join(' ')}`;
    if (letters !== daemon.tracedLetters) {
      daemon.tracedLetters = letters;
      this.trace(machine, 'is', () => letters);
    }
  }

  #mix(daemon: Daemon, effects: number): void {
    const { transport, node } = daemon.engine;
    let hash = Math.imul(this.hash ^ (this.nowUs | 0), 0x01000193);
    hash = Math.imul(hash ^ (daemon.machine.index + (effects << 2)), 0x01000193);
    hash = Math.imul(hash ^ (transport.sequence + (node.reportVersion << 12)), 0x01000193);
    this.hash = hash;
  }
}

function stamp(nowUs: number): string {
  return (nowUs / 1_000_000).toFixed(6).padStart(11);
}

function fieldsOf(fields: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${value}`)
    .join('');
}
