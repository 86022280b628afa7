/**
 * The daemon process: the real engine, and a driver that carries its effects out with the world's ports, the way
 * src/daemon/driver.ts does with the real ones. While the process is stopped everything waits in its queues.
 */

import type { Engine, EngineEffect, EngineEvent } from '../../../src/core/engine.ts';
import type { NodeCommand } from '../../../src/core/events.ts';
import type { LinkId } from '../../../src/core/types.ts';
import type { WrittenDown } from '../../../src/daemon/records.ts';
import type { HostHello, InventoryEntry, OperationResult } from '../../../src/ports/agents.ts';
import { expectRelease } from '../checkers/own-pause.ts';
import type { ReferenceModel } from '../checkers/reference-model.ts';
import { expectNoEffect } from '../checkers/s15-no-effect.ts';
import { modelOf } from '../checkers/second-opinion.ts';
import { createEngine, nodeSettings, transportSettings } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Planned } from './queue.ts';
import { describeFiles, type Setup } from './setup.ts';
import { type Core, cores } from './versions.ts';

/** Where something waits for the process: each source keeps its own order. */
export type Source = 'sockets' | 'host' | 'disk' | 'control' | 'outside';
const everySource: readonly Source[] = ['sockets', 'host', 'disk', 'control'];

/** Datagrams that fit into the receive buffer. */
const receiveBufferMax = 60;
/** Arrivals that are remembered for the checkers. */
const arrivalsMax = 256;

export interface Arrival {
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

export class Daemon {
  readonly machine: Machine;
  readonly core: Core;
  readonly engine: Engine;
  readonly bootedUs: number;
  /** What the daemons before it had written down. */
  readonly written: WrittenDown;
  /** SIGSTOP: the machine goes on, this process does not. */
  stopped = false;
  ended = false;
  /** World time from which `initdead` or the wait after a rejoin counts. */
  waitingSinceUs: number;
  waitMs: number;
  /** What the kernel took in and nothing damaged, newest last. */
  readonly arrivals: Arrival[] = [];
  /** For the trace: what was last shown. */
  tracedLetters = '';
  /** Groups that an operator has cleaned up through this daemon. */
  /** A second opinion on what it starts. */
  model: ReferenceModel | undefined;
  readonly operatorCleaned = new Set<string>();
  readonly #queues: Record<Source, (() => void)[]> = {
    sockets: [],
    host: [],
    disk: [],
    control: [],
    outside: [],
  };
  #afterStep: (() => void)[] = [];
  #timer: Planned | undefined;
  #armedForUs: number | undefined;
  #nextRequestId = 1;

  constructor(machine: Machine, generation: number, written: WrittenDown) {
    const { world } = machine;
    this.machine = machine;
    this.written = written;
    this.bootedUs = world.nowUs;
    this.waitingSinceUs = world.nowUs;
    this.waitMs = machine.files.initdeadMs;
    this.core = cores[machine.version];
    this.engine = createEngine(machine, generation);
  }

  boot(hello: HostHello): void {
    const { machine, engine } = this;
    const { generation } = engine.transport;
    machine.world.trace(
      machine,
      'boot',
      () =>
        `generation ${generation}${hello.inventory.length > 0 ? `, host holds ${hello.inventory.map((entry) => `${entry.group}#${entry.index}:${entry.state}`).join(' ')}` : ''}`,
    );
    const { deadtimeMs } = machine.files;
    const promisedMs = hello.promisedDeadtimeMs ?? 0;
    // The peer goes on counting by what it was told before the restart.
    if (promisedMs > deadtimeMs) this.#reconfigure({ ...machine.files, deadtimeMs: promisedMs });
    this.feed({
      to: 'node',
      event: {
        type: 'boot',
        nowUs: machine.clock(),
        generation,
        hello,
        stickyStopFailures: this.written.stickyStopFailures,
        takenOnSilence: this.written.takenOnSilence,
        stuckAtPeer: this.written.stuckAtPeer,
        splitGroups: this.written.splitGroups,
        unmanaged: this.written.unmanaged,
        ...(this.written.fencedPeer === undefined ? {} : { fencedPeer: this.written.fencedPeer }),
      },
    });
    this.feed({ to: 'transport', event: { type: 'start', nowUs: machine.clock() } });
    if (promisedMs > deadtimeMs) this.#reconfigure(machine.files);
  }

  /** The files were read again. */
  reload(): void {
    this.deliver('control', () => {
      this.machine.world.trace(this.machine, 'command', () => `reload: ${describeFiles(this.machine.files)}`);
      this.#reconfigure(this.machine.files);
    });
  }

  #reconfigure(files: Setup): void {
    const nowUs = this.machine.clock();
    this.feed({ to: 'transport', event: { type: 'reconfigure', nowUs, settings: transportSettings(files) } });
    this.feed({ to: 'node', event: { type: 'reconfigure', nowUs, settings: nodeSettings(files) } });
  }

  get runs(): boolean {
    return !this.ended && !this.stopped && !this.machine.frozen;
  }

  end(): void {
    this.ended = true;
    if (this.#timer !== undefined) this.#timer.cancelled = true;
  }

  stop(): void {
    if (this.stopped) return;
    this.machine.world.trace(this.machine, 'fault', () => 'daemon stopped (SIGSTOP)');
    this.stopped = true;
  }

  continue(): void {
    if (!this.stopped || this.ended) return;
    this.machine.world.trace(this.machine, 'fault', () => 'daemon continues');
    this.stopped = false;
    if (!this.machine.frozen) this.catchUp();
  }

  /** After a pause: what is due, then what waits; or, when the process slept inside its wait for events, the other way round. */
  catchUp(): void {
    if (!this.runs) return;
    const { world, pauseDraw } = this.machine;
    const caughtUp = expectRelease(world, this);
    const timersFirst = pauseDraw.chance(0.6);
    if (timersFirst) this.#runTimers();
    // A pair without ping nodes draws as before.
    const sources = world.setup.pingNodes.length > 0 ? [...everySource, 'outside' as const] : everySource;
    for (const source of pauseDraw.shuffled(sources)) {
      const queue = this.#queues[source];
      while (queue.length > 0 && this.runs) queue.shift()!();
    }
    if (!timersFirst) this.#runTimers();
    caughtUp();
  }

  deliver(source: Source, run: () => void): void {
    if (this.ended) return;
    // What waits already was first.
    if (this.runs && this.#queues[source].length === 0) run();
    else this.#queues[source].push(run);
  }

  arrive(link: LinkId, bytes: Uint8Array, intact: boolean, forged: boolean): void {
    const { machine } = this;
    if (!this.runs && this.#queues.sockets.length >= receiveBufferMax) {
      machine.world.sometimes.count('receive buffer full');
      return;
    }
    if (intact) {
      if (this.arrivals.length >= arrivalsMax) this.arrivals.splice(0, arrivalsMax / 2);
      this.arrivals.push({ atUs: machine.world.nowUs, bytes });
    }
    const take = (): void =>
      this.feed({
        to: 'transport',
        event: { type: 'datagram', nowUs: machine.clock(), link, bytes, source: machine.other.name },
      });
    this.deliver('sockets', () => {
      if (this.ended) return;
      if (forged) expectNoEffect(this, take);
      else this.#look(bytes, take);
    });
  }

  /** Who looks on reads it as well. */
  #look(bytes: Uint8Array, take: () => void): void {
    const { world, actedOn } = this.machine;
    const model = modelOf(world, this);
    const read = model === undefined ? take : () => model.arrives(bytes, take);
    if (world.adversary.active) actedOn.expectOnce(this, bytes, read);
    else read();
  }

  operationResult(result: OperationResult): void {
    this.feed({ to: 'node', event: { type: 'operationResult', nowUs: this.machine.clock(), result } });
  }

  hostLost(reason: string): void {
    this.feed({ to: 'node', event: { type: 'hostLost', nowUs: this.machine.clock(), reason } });
  }

  hostReady(hello: HostHello): void {
    this.feed({ to: 'node', event: { type: 'hostReady', nowUs: this.machine.clock(), hello } });
  }

  guardianActed(inventory: readonly InventoryEntry[]): void {
    this.machine.host?.seen();
    this.feed({ to: 'node', event: { type: 'guardianActed', nowUs: this.machine.clock(), inventory } });
  }

  command(command: NodeCommand): void {
    this.deliver('control', () => {
      if (!this.core.knows(command)) return;
      if (command.verb === 'cleanup' && this.#wouldBeALie(command.group)) return;
      this.machine.world.trace(this.machine, 'command', () => JSON.stringify(command));
      if (command.verb === 'cleanup')
        for (const { key } of this.engine.node.groups.map(({ configuration }) => configuration))
          if (command.group === undefined || command.group === key) this.operatorCleaned.add(key);
      this.feed({
        to: 'node',
        event: {
          type: 'command',
          nowUs: this.machine.clock(),
          requestId: this.#nextRequestId++,
          command,
          who: 'operator',
        },
      });
    });
  }

  /** An operator looks at the other machine before he gives his word that a group is off there. */
  #wouldBeALie(group: string | undefined): boolean {
    const { world, other } = this.machine;
    // His word counts only while the peer is not there to speak for itself.
    if (this.engine.node.peer.presence === 'up') return false;
    return this.engine.node.groups.some(
      ({ configuration: { key }, stuckAtPeer }) =>
        stuckAtPeer && (group === undefined || group === key) && world.truth.ofGroup(other.index, key).length > 0,
    );
  }

  requestStop(): void {
    this.deliver('control', () => {
      this.machine.world.trace(this.machine, 'command', () => 'stop');
      this.feed({ to: 'node', event: { type: 'stopRequested', nowUs: this.machine.clock() } });
    });
  }

  feed(event: EngineEvent): void {
    if (this.ended) return;
    modelOf(this.machine.world, this)?.takes(event);
    this.machine.world.step(this, event, () => this.core.stepEngine(this.engine, event, this.machine.clock()));
    this.#afterwards();
  }

  #runTimers(): void {
    const deadline = this.core.engineDeadline(this.engine);
    if (this.ended || deadline === undefined || deadline > this.machine.clock()) return;
    this.machine.world.step(this, undefined, () => this.core.stepTimers(this.engine, this.machine.clock()));
    this.#afterwards();
  }

  #afterwards(): void {
    while (this.#afterStep.length > 0 && !this.ended) this.#afterStep.shift()!();
    this.#arm();
  }

  /** The clock goes another way from now on. */
  rearm(): void {
    if (this.#timer !== undefined) this.#timer.cancelled = true;
    this.#timer = undefined;
    this.#armedForUs = undefined;
    this.#arm();
  }

  #arm(): void {
    if (this.ended) return;
    const deadlineUs = this.core.engineDeadline(this.engine);
    if (deadlineUs === this.#armedForUs && this.#timer !== undefined) return;
    if (this.#timer !== undefined) this.#timer.cancelled = true;
    this.#timer = undefined;
    this.#armedForUs = deadlineUs;
    if (deadlineUs === undefined) return;
    const { world } = this.machine;
    const { timerJitterUs } = world.setup;
    const jitterUs = timerJitterUs > 0 ? this.machine.streams.timers.between(0, timerJitterUs) : 0;
    const inUs = this.machine.worldUsFor(Math.max(0, deadlineUs - this.machine.clock()));
    this.#timer = world.plan(inUs + jitterUs, () => {
      this.#timer = undefined;
      this.#armedForUs = undefined;
      if (this.runs) {
        this.#runTimers();
        this.#arm();
      }
    });
  }

  carryOut(effect: EngineEffect): void {
    const { machine } = this;
    const { world } = machine;
    switch (effect.type) {
      case 'transmit':
        return world.network.transmit(machine.index, effect.link, effect.bytes);
      case 'keepaliveSent':
        return machine.host?.beat();
      case 'ownDeadtime':
        return machine.host?.counts(effect.deadtimeMs);
      case 'regroup':
        return machine.host?.reorder(effect.group, effect.resources);
      case 'operation':
        return machine.host?.run(effect.operation, effect.evidence, this);
      case 'releaseAddresses':
        if (machine.host !== undefined) machine.host.release(effect.operations);
        return;
      case 'drainSockets':
        this.#afterStep.push(() => {
          const queue = this.#queues.sockets;
          while (queue.length > 0 && this.runs) queue.shift()!();
          this.feed({
            to: 'transport',
            event: { type: 'socketsDrained', nowUs: machine.clock(), token: effect.token },
          });
        });
        return;
      case 'fence':
        return world.fences.strike(machine, this, effect);
      case 'probeFenceDevice':
        return world.fences.probe(machine, this, effect);
      case 'ping':
        for (const { address } of effect.targets) this.#ask(address);
        return;
      case 'log':
      case 'clusterEvent':
      case 'record':
      case 'reply':
        return;
      case 'exit':
        this.#afterStep.push(() => machine.daemonExited(effect.keepHost));
        return;
      case 'persistPeerGeneration':
        return machine.disk.savePeer(effect.node, effect.uuid, effect.generation, (ok) => {
          if (ok)
            this.deliver('disk', () =>
              this.feed({
                to: 'transport',
                event: { type: 'peerGenerationPersisted', nowUs: machine.clock(), requestId: effect.requestId },
              }),
            );
        });
      case 'persist':
        return machine.disk.save(effect.name, effect.content, (ok) =>
          this.deliver('disk', () =>
            this.feed({
              to: 'node',
              event: { type: 'recordPersisted', nowUs: machine.clock(), recordId: effect.recordId, ok },
            }),
          ),
        );
      case 'rejoin':
        return this.#rejoin();
    }
  }

  #ask(address: string): void {
    const { machine } = this;
    const { world } = machine;
    if (!world.network.reachesOutside(machine.index)) return;
    world.plan(2 * world.setup.latencyUs, () => {
      if (!world.network.reachesOutside(machine.index)) return;
      this.deliver('outside', () =>
        this.feed({ to: 'node', event: { type: 'pingAnswer', nowUs: machine.clock(), address } }),
      );
    });
  }

  #rejoin(): void {
    const { machine } = this;
    machine.disk.nextGeneration((generation) =>
      this.deliver('disk', () => {
        if (generation === undefined) return machine.daemonFailed();
        machine.world.sometimes.count('rejoined after a pause');
        this.waitingSinceUs = machine.world.nowUs;
        this.waitMs = 2 * this.engine.node.options.deadtimeMs;
        this.feed({ to: 'transport', event: { type: 'rejoin', nowUs: machine.clock(), generation } });
        this.feed({ to: 'node', event: { type: 'rejoined', nowUs: machine.clock(), generation } });
      }),
    );
  }
}
