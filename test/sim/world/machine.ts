/** One computer: its power, its clock, its disk, whether it is frozen, and the processes on it. */

import type { Authentication } from '../../../src/core/config/configuration.ts';
import type { LinkId, NodeName } from '../../../src/core/types.ts';
import type { InventoryEntry } from '../../../src/ports/agents.ts';
import { ActedOn } from '../checkers/s15-no-effect.ts';
import { AgentHost } from './agent-host.ts';
import { Agents } from './agents.ts';
import { MachineClock } from './clock.ts';
import { Daemon } from './daemon.ts';
import { SimDisk } from './disk.ts';
import { Draw } from './draw.ts';
import { firstKeys } from './keys.ts';
import { nodeNames, type Setup } from './setup.ts';
import { type Streams, streamsOf } from './streams.ts';
import type { Version } from './versions.ts';
import type { World } from './world.ts';

const restartUs = 1_000_000;

export class Machine {
  readonly world: World;
  readonly index: number;
  readonly name: NodeName;
  readonly uuid: string;
  readonly streams: Streams;
  readonly disk: SimDisk;
  readonly agents: Agents;
  /** Of the daemons that are started from now on. */
  version: Version;
  readonly actedOn = new ActedOn();
  /** What its authkeys says. */
  keys: Authentication;
  /** The configuration on its disk. */
  files: Setup;
  powered = false;
  /** The whole machine: a suspended virtual machine, say. */
  frozen = false;
  daemon: Daemon | undefined;
  host: AgentHost | undefined;
  /** World time of the last keepalive that a daemon here told the host of. */
  lastBeatUs: number | undefined;
  /** Nobody may assume that two machines' clocks agree. */
  readonly #clock = new MachineClock();
  boots = 0;
  /** When it last ran on after having been frozen. */
  thawedUs = 0;
  /** Decides in which order it takes up what has waited for it during a pause. */
  pauseDraw: Draw;
  #waiting: (() => void)[] = [];

  constructor(world: World, index: number) {
    this.pauseDraw = new Draw(1, 'pause');
    this.world = world;
    this.index = index;
    this.name = nodeNames[index]!;
    this.uuid = world.setup.uuids[index]!;
    this.files = world.setup;
    this.version = world.setup.versions[index]!;
    this.streams = streamsOf(world.seed, this.name);
    this.disk = new SimDisk(this);
    this.agents = new Agents(world, this.streams);
    this.keys = firstKeys(world.macMethod);
  }

  get other(): Machine {
    return this.world.machines[1 - this.index]!;
  }

  clock(): number {
    return this.#clock.read(this.world.nowUs);
  }

  clockOf(worldUs: number): number {
    return this.#clock.read(worldUs);
  }

  /** What this machine's processes take for so long, in time of the world. */
  worldUsFor(us: number): number {
    return this.#clock.worldUsFor(us);
  }

  /** Of its clock, in parts of a million too fast. */
  speed = 0;

  drift(ppm: number): void {
    this.speed = ppm;
    this.#clock.drift(this.world.nowUs, ppm);
    this.daemon?.rearm();
  }

  /** Power on and start the daemon. */
  powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    this.frozen = false;
    this.boots++;
    this.#clock.begin(this.world.nowUs, this.streams.clock.between(0, 1_000_000_000));
    this.lastBeatUs = undefined;
    this.startDaemon();
  }

  /** Power off without warning: everything but the disk is gone. */
  crash(): void {
    if (!this.powered) return;
    this.world.trace(this, 'fault', () => 'power lost');
    this.powered = false;
    this.frozen = false;
    this.#waiting = [];
    this.daemon?.end();
    this.daemon = undefined;
    this.host?.kill();
    this.host = undefined;
    this.disk.powerLost();
    this.world.fences.wasOff(this);
    this.world.truth.clear(this.index);
  }

  /** Other files are written here; the daemon, if it runs, reads them at once. */
  write(files: Setup): void {
    this.files = files;
    this.daemon?.reload();
  }

  startDaemon(): void {
    if (!this.powered || this.daemon !== undefined) return;
    const opened = this.disk.open();
    if (opened === undefined) return this.#startAgain();
    let adopted = true;
    if (this.host === undefined || !this.host.alive) {
      adopted = false;
      this.host = new AgentHost(this, this.host?.inventory ?? new Map<string, InventoryEntry>());
    }
    const daemon = new Daemon(this, opened.generation, opened.written);
    this.daemon = daemon;
    daemon.boot(this.host.connect(daemon, adopted));
  }

  /** As an init system does with what could not start. */
  #startAgain(): void {
    const { boots, powered } = this;
    if (!powered) return;
    this.world.plan(restartUs, () =>
      this.runUnlessFrozen(() => {
        if (this.boots === boots) this.startDaemon();
      }),
    );
  }

  /** The daemon cannot go on and says so; its host stays and watches. */
  daemonFailed(): void {
    this.world.trace(this, 'exit', () => 'the daemon gives up');
    this.daemon?.end();
    this.daemon = undefined;
    if (this.host !== undefined) this.host.daemon = undefined;
    this.#startAgain();
  }

  /** SIGKILL of the daemon alone. */
  killDaemon(): void {
    if (this.daemon === undefined) return;
    this.world.trace(this, 'fault', () => 'daemon killed');
    this.daemon.end();
    this.daemon = undefined;
    if (this.host !== undefined) this.host.daemon = undefined;
  }

  /** SIGKILL of the agent host; a living daemon starts another. */
  killHost(restartUs: number): void {
    const { host, daemon } = this;
    if (host === undefined || !host.alive) return;
    this.world.trace(this, 'fault', () => 'agent host killed');
    host.kill();
    if (daemon === undefined) return;
    daemon.deliver('host', () => daemon.hostLost('killed'));
    this.world.plan(restartUs, () => {
      this.runUnlessFrozen(() => {
        if (this.daemon !== daemon || this.host !== host) return;
        this.host = new AgentHost(this, host.inventory);
        const hello = this.host.connect(daemon, false);
        daemon.deliver('host', () => daemon.hostReady(hello));
      });
    });
  }

  /** The daemon has left by itself. */
  daemonExited(keepHost: boolean): void {
    this.daemon?.end();
    this.daemon = undefined;
    if (this.host === undefined) return;
    this.host.daemon = undefined;
    if (!keepHost) {
      this.host.kill();
      this.host = undefined;
    }
  }

  freeze(): void {
    if (!this.powered || this.frozen) return;
    this.world.trace(this, 'fault', () => 'machine frozen');
    this.frozen = true;
  }

  /** `order`: a seed of its own for each pause, or what is to be drawn. */
  drawAfterPause(order: number | readonly number[]): void {
    this.pauseDraw = typeof order === 'number' ? new Draw(order, `pause of ${this.name}`) : Draw.ofValues(order);
  }

  thaw(): void {
    if (!this.frozen) return;
    this.world.trace(this, 'fault', () => 'machine runs on');
    this.frozen = false;
    this.thawedUs = this.world.nowUs;
    const waiting = this.pauseDraw.shuffled(this.#waiting);
    this.#waiting = [];
    const hostFirst = this.pauseDraw.chance(0.5);
    if (hostFirst) for (const run of waiting) run();
    this.daemon?.catchUp();
    if (!hostFirst) for (const run of waiting) run();
  }

  /** For everything on this machine that is not the daemon: waits while the machine is frozen. */
  runUnlessFrozen(run: () => void): void {
    if (!this.powered) return;
    if (this.frozen) this.#waiting.push(run);
    else run();
  }

  /** `forged`: by somebody who does not know the key, or in this machine's own name. */
  receive(link: LinkId, bytes: Uint8Array, intact: boolean, forged = false): void {
    const { daemon } = this;
    if (!this.powered || daemon === undefined) return;
    daemon.arrive(link, bytes, intact, forged);
  }
}
