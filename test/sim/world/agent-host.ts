/**
 * The agent host of one machine, which is also the guardian of what it started: runs operations in order for each resource, keeps
 * the inventory, and lets everything go when no daemon has beaten for deadtime less the margin.
 */

import type { StartEvidence } from '../../../src/core/ownership.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { HostHello, InventoryEntry, Operation, OperationOutcome } from '../../../src/ports/agents.ts';
import type { Daemon } from './daemon.ts';
import type { Machine } from './machine.ts';
import type { Planned } from './queue.ts';

/** What the guardian does when a stop fails. */
const stopAttempts = 10;
const stopRetryUs = 1_000_000;

function leftBehind(entry: InventoryEntry): InventoryEntry {
  return { ...entry, state: entry.state === 'stop-failed' ? 'stop-failed' : 'unknown' };
}

interface Job {
  readonly operation: Operation;
  readonly evidence: StartEvidence | undefined;
  /** Who is told; the guardian tells nobody. */
  readonly client: Daemon | undefined;
  readonly done: (outcome: OperationOutcome) => void;
}

interface Lane {
  current: Job | undefined;
  finishing: Planned | undefined;
  readonly waiting: Job[];
}

export class AgentHost {
  alive = true;
  daemon: Daemon | undefined;
  /** The guardian has let go, and no daemon knows of it yet: starts are refused. */
  acted = false;
  /** As far as this process was told; 0 before the first keepalive. */
  lastBeatUs = 0;
  /** By which the guardian counts. */
  deadtimeMs: number;
  readonly inventory: Map<string, InventoryEntry>;
  readonly #machine: Machine;
  readonly #lanes = new Map<string, Lane>();
  #watch: Planned | undefined;
  /** The deadline has passed; the next keepalive arms it again. */
  #silent = false;
  /** Starts that were let through. */
  #starts = 0;

  /** `recorded`: what the host before it wrote down. Whether any of it still runs is not in the record. */
  constructor(machine: Machine, recorded: ReadonlyMap<string, InventoryEntry>) {
    this.#machine = machine;
    this.deadtimeMs = machine.files.deadtimeMs;
    this.inventory = new Map([...recorded].map(([key, entry]) => [key, leftBehind(entry)]));
    const { inventory } = this;
    if (inventory.size > 0) this.#watchBeats();
  }

  connect(daemon: Daemon, adopted: boolean): HostHello {
    this.daemon = daemon;
    const promisedDeadtimeMs = this.lastBeatUs === 0 ? 0 : this.deadtimeMs;
    this.deadtimeMs = Math.max(promisedDeadtimeMs, daemon.engine.transport.ownDeadtime.deadtimeMs);
    const guardianActed = this.acted;
    this.acted = false;
    return {
      hostPid: 1,
      adopted,
      inventory: [...this.inventory.values()],
      guardianActed,
      lastBeatUs: this.lastBeatUs,
      promisedDeadtimeMs,
    };
  }

  beat(): void {
    if (!this.alive) return;
    this.#machine.lastBeatUs = this.#machine.world.nowUs;
    this.lastBeatUs = this.#machine.clock();
    this.#silent = false;
    this.#watchBeats();
  }

  /** The daemon knows that the guardian has acted. */
  seen(): void {
    this.acted = false;
  }

  run(operation: Operation, evidence: StartEvidence | undefined, client: Daemon): void {
    const done = (outcome: OperationOutcome): void => {
      const nowUs = this.#machine.clock();
      client.deliver('host', () =>
        client.operationResult({ id: operation.id, outcome, startedUs: nowUs, finishedUs: nowUs }),
      );
    };
    const refused = !this.alive ? 'unknown' : operation.action === 'start' && this.acted ? 'failed' : undefined;
    if (refused === undefined && operation.action === 'start') this.#starts++;
    if (refused === undefined) this.#enqueue({ operation, evidence, client, done });
    else this.#machine.world.plan(100, () => this.#machine.runUnlessFrozen(() => done(refused)));
  }

  /** In one go, before anything that waits. */
  release(operations: readonly Pick<Operation, 'resource'>[]): void {
    for (const { resource } of operations) {
      const lane = this.#lanes.get(resource.written);
      const overtaken = [lane?.current, ...(lane?.waiting.splice(0) ?? [])];
      if (lane?.current !== undefined) this.#abandon(lane, lane.current);
      this.#machine.world.truth.stop(this.#machine.index, resource.written);
      this.inventory.delete(resource.written);
      for (const job of overtaken) job?.done('failed');
    }
  }

  /** SIGKILL. What was in flight may or may not have had its effect. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    if (this.#watch !== undefined) this.#watch.cancelled = true;
    for (const lane of this.#lanes.values()) {
      const job = lane.current;
      if (job !== undefined) {
        this.#abandon(lane, job);
        job.done('unknown');
      }
      for (const waiting of lane.waiting) waiting.done('unknown');
    }
    this.#lanes.clear();
  }

  /** A group consists of these, in this order. */
  reorder(group: string, resources: readonly { readonly written: string }[]): void {
    for (const [key, entry] of this.inventory) {
      const index = resources.findIndex(({ written }) => written === key);
      if (entry.group === group && index >= 0) this.inventory.set(key, { ...entry, index });
    }
  }

  /** The peer counts by another deadtime. */
  counts(deadtimeMs: number): void {
    this.deadtimeMs = deadtimeMs;
    if (!this.#silent) this.#watchBeats();
  }

  /** Whether an operation on this resource is in flight. */
  isAt(written: string): boolean {
    return this.#lanes.get(written)?.current !== undefined;
  }

  /** A part of a group proves what the group proves. */
  isUnprotected({ group, resource }: Operation, evidence: StartEvidence | undefined): boolean {
    if (evidence?.kind === 'unprotected') return true;
    const isWord = evidence?.kind === 'peerFenced' || evidence?.kind === 'operator';
    if (isWord && this.#machine.world.fences.isLiedAbout(this.#machine.other)) return true;
    if (evidence?.kind !== 'heldHere') return false;
    const { world, index, daemon } = this.#machine;
    return (
      evidence.first === 'unprotected' ||
      // With fence devices the silence of the peer excuses nothing.
      (world.setup.fencing === undefined && daemon?.engine.node.peer.presence !== 'up') ||
      world.truth.ofGroup(index, group).some(({ unprotected }) => unprotected) ||
      // All that there was of the group, perhaps, before it died.
      world.truth.last(index, resource.written)?.unprotected === true
    );
  }

  isDoing(action: Operation['action']): boolean {
    for (const { current } of this.#lanes.values()) if (current?.operation.action === action) return true;
    return false;
  }

  get busy(): boolean {
    return [...this.#lanes.values()].some((lane) => lane.current !== undefined);
  }

  #watchBeats(): void {
    if (this.#watch !== undefined) this.#watch.cancelled = true;
    const { world, lastBeatUs } = this.#machine;
    if (lastBeatUs === undefined) return;
    const { deadtimeMs, guardianMarginMs } = world.setup;
    const patienceMs = this.deadtimeMs * (1 - guardianMarginMs / deadtimeMs);
    const dueUs = lastBeatUs + this.#machine.worldUsFor(Math.round(patienceMs * usPerMs));
    this.#watch = world.plan(dueUs - world.nowUs, () => this.#machine.runUnlessFrozen(() => this.#noBeat(lastBeatUs)));
  }

  #noBeat(expectedUs: number): void {
    if (!this.alive || this.#machine.lastBeatUs !== expectedUs) return;
    this.#silent = true;
    if (this.inventory.size === 0 && !this.busy) return;
    const { world } = this.#machine;
    this.acted = true;
    world.sometimes.count('guardian acted');
    world.trace(this.#machine, 'guardian', () => 'no keepalive: lets go of everything');
    this.release([...this.inventory.values()].filter((entry) => entry.resource.type === 'IPaddr'));
    this.#killInFlight();
    const inventory = [...this.inventory.values()];
    for (const group of new Set(inventory.map((entry) => entry.group)))
      this.#stopGroup(group, stopAttempts, this.#starts);
    const { daemon } = this;
    daemon?.deliver('host', () => daemon.guardianActed(inventory));
  }

  #killInFlight(): void {
    for (const lane of this.#lanes.values()) {
      const jobs = [lane.current, ...lane.waiting.splice(0)];
      if (lane.current !== undefined) {
        this.#machine.world.sometimes.count('guardian killed an operation');
        this.#abandon(lane, lane.current);
      }
      for (const job of jobs) job?.done('unknown');
    }
  }

  /** Last resource first; each is tried again and again until a daemon that knows takes over. */
  #stopGroup(group: string, attempts: number, starts: number): void {
    const entry = [...this.inventory.values()]
      .filter((held) => held.group === group)
      .sort((left, right) => right.index - left.index)[0];
    // A daemon that starts anything again has stopped everything itself before: this may be what it has just started.
    if (entry === undefined || attempts === 0 || !this.alive || starts !== this.#starts) return;
    const { index, resource } = entry;
    const { stopTimeoutMs } = this.#machine.world.setup;
    const operation: Operation = {
      id: 0,
      group: entry.group,
      index,
      resource,
      action: 'stop',
      timeoutMs: stopTimeoutMs,
    };
    const done = (outcome: OperationOutcome): void => {
      if (outcome === 'done') return this.#stopGroup(group, stopAttempts, starts);
      this.#machine.world.plan(stopRetryUs, () =>
        this.#machine.runUnlessFrozen(() => this.acted && this.#stopGroup(group, attempts - 1, starts)),
      );
    };
    this.#enqueue({ operation, evidence: undefined, client: undefined, done });
  }

  #enqueue(job: Job): void {
    const key = job.operation.resource.written;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { current: undefined, finishing: undefined, waiting: [] };
      this.#lanes.set(key, lane);
    }
    if (job.operation.action !== 'announce') this.#overtakeStatus(lane, job.operation);
    lane.waiting.push(job);
    this.#next(lane);
  }

  /** A change of a service goes before the questions about it. */
  #overtakeStatus(lane: Lane, { action, resource }: Operation): void {
    if (action === 'status' || resource.type === 'IPaddr') return;
    const isStatus = (job: Job): boolean => job.operation.action === 'status';
    const overtaken = lane.waiting.filter(isStatus);
    lane.waiting.splice(0, lane.waiting.length, ...lane.waiting.filter((job) => !isStatus(job)));
    if (lane.current !== undefined && isStatus(lane.current)) {
      overtaken.push(lane.current);
      this.#abandon(lane, lane.current);
    }
    for (const job of overtaken) job.done('unknown');
  }

  #next(lane: Lane): void {
    if (lane.current !== undefined || !this.alive) return;
    const job = lane.waiting.shift();
    if (job === undefined) return;
    lane.current = job;
    const machine = this.#machine;
    const { world } = machine;
    const { operation } = job;
    const behaviour = machine.agents.behave(operation);
    if (operation.action === 'start') {
      const { group, index, resource } = operation;
      this.#note(operation, 'unknown');
      const unprotected = this.isUnprotected(operation, job.evidence);
      const isAddress = resource.type === 'IPaddr';
      world.truth.start(machine.index, {
        group,
        index,
        written: resource.written,
        isAddress,
        sinceUs: world.nowUs,
        evidence: job.evidence?.kind,
        unprotected,
      });
    }
    const held = this.inventory.get(operation.resource.written);
    if (operation.action === 'stop' && held?.state === 'running') this.#note(operation, 'unknown');
    lane.finishing = world.plan(behaviour.tookUs, () =>
      machine.runUnlessFrozen(() => {
        if (!this.alive || lane.current !== job) return;
        lane.current = undefined;
        job.done(this.#finish(job, behaviour.outcome, behaviour.runsAfterwards));
        this.#next(lane);
      }),
    );
  }

  #finish(job: Job, outcome: OperationOutcome, runsAfterwards: boolean): OperationOutcome {
    const { operation, evidence } = job;
    const { world, index: node } = this.#machine;
    const { group, index, resource } = operation;
    const { written } = resource;
    world.trace(this.#machine, 'agent', () => `${operation.action} ${operation.resource.written}: ${outcome}`);
    if (operation.action === 'status') {
      const said = this.#machine.agents.statusOf(operation, world.truth.find(node, written) !== undefined);
      const held = this.inventory.get(written);
      if (said === 'running' && held !== undefined) this.inventory.set(written, { ...held, statusSeenRunning: true });
      return said;
    }
    if (operation.action === 'start') {
      const unprotected = this.isUnprotected(operation, evidence);
      const instance = {
        group,
        index,
        written,
        isAddress: resource.type === 'IPaddr',
        sinceUs: world.nowUs,
        evidence: evidence?.kind,
        unprotected,
      };
      if (runsAfterwards) world.truth.start(node, instance);
      else world.truth.stop(node, written);
      if (outcome === 'done') this.#note(operation, 'running');
    }
    if (operation.action === 'stop') {
      if (!runsAfterwards) world.truth.stop(node, written);
      if (outcome === 'done') this.inventory.delete(written);
      else this.#note(operation, 'stop-failed');
    }
    return outcome;
  }

  /** Killed in the middle. */
  #abandon(lane: Lane, { operation }: Job): void {
    if (lane.finishing !== undefined) lane.finishing.cancelled = true;
    lane.current = undefined;
    const { world, streams } = this.#machine;
    const { resource, action } = operation;
    if (action === 'status' || action === 'announce') return;
    if (this.inventory.has(resource.written)) this.#note(operation, 'unknown');
    if (streams.failures.chance(0.5)) world.truth.stop(this.#machine.index, resource.written);
  }

  #note({ group, index, resource }: Operation, state: InventoryEntry['state']): void {
    const seen = this.inventory.get(resource.written)?.statusSeenRunning === true;
    const entry = { group, index, resource, state };
    this.inventory.set(resource.written, seen ? { ...entry, statusSeenRunning: true } : entry);
  }
}
