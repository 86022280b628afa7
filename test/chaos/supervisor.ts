/**
 * What stands around a node in a data centre: power that comes back, and a service manager that starts the daemon again
 * when it has died. A fault takes either away for a while; once nobody holds them they are given back.
 */
import { writeFileSync } from 'node:fs';
import type { Host } from '../lab/host.ts';
import { sendSignal, sleep } from '../lab/machine.ts';
import { program } from '../lab/pair.ts';
import type { LabProcess } from '../lab/processes.ts';
import { withClock } from './clock.ts';
import { childrenOf, nameOf, statOf } from './process-table.ts';
import type { Watcher } from './watcher.ts';

export interface SupervisorDelays {
  /** From the loss of power to its return. */
  readonly bootMs: number;
  /** From the death of the daemon to its next start, as RestartSec. */
  readonly restartMs: number;
}

export const supervisorDelays: SupervisorDelays = { bootMs: 1500, restartMs: 700 };

const lookEveryMs = 25;
const powerOffMs = 15_000;

export interface DaemonLife {
  readonly pid: number;
  readonly fromUs: number;
  toUs?: number;
  outcome?: string;
}

export class Supervisor {
  readonly host: Host;
  readonly lives: DaemonLife[] = [];
  boots = 0;
  private readonly watcher: Watcher;
  private readonly powerHolds = new Set<symbol>();
  private readonly daemonHolds = new Set<symbol>();
  private daemon: LabProcess | undefined;
  private attachedPid: number | undefined;
  private offSinceMs: number | undefined;
  private deadSinceMs: number | undefined;
  private booting = false;
  private going = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(host: Host, watcher: Watcher) {
    this.host = host;
    this.watcher = watcher;
  }

  /** The daemon that runs now. */
  get daemonPid(): number | undefined {
    return this.daemon?.pid;
  }

  begin(): void {
    this.going = true;
    this.loop = this.watch();
  }

  async end(): Promise<void> {
    this.going = false;
    await this.loop;
  }

  /** Power does not come back while it is held off; answers how to let it. */
  holdPower(): () => void {
    return hold(this.powerHolds);
  }

  /** The daemon is not started while it is held. */
  holdDaemon(): () => void {
    return hold(this.daemonHolds);
  }

  /**
   * Takes the power away as a fence device does: answers when the last process of the machine has ended, so that what
   * rests on the answer is true. A machine that was off stays as it was. Power comes back as after any loss.
   */
  async cutPower(): Promise<void> {
    const release = this.holdPower();
    try {
      // A machine in the middle of its boot has no first process to kill yet.
      while (this.booting) await sleep(2);
      if (!this.host.running) return;
      const { pid } = this.host;
      this.host.crash();
      const giveUpMs = performance.now() + powerOffMs;
      while (isAlive(pid)) {
        if (performance.now() > giveUpMs)
          throw new Error(`${this.host.name} does not end, ${powerOffMs} ms after its power was cut`);
        wakeEntrances();
        await sleep(1);
      }
    } finally {
      release();
    }
  }

  /** Stops the daemon as an administrator does, and leaves it stopped. Answers how it ended: `0`, a signal, or in words. */
  async stopForGood(timeoutMs: number): Promise<string> {
    this.holdDaemon();
    const { daemon } = this;
    if (daemon === undefined) return 'no daemon';
    daemon.kill('SIGTERM');
    const ended = daemon.exited.then(({ code, signal }) => String(code ?? signal));
    return Promise.race([ended, sleep(timeoutMs).then(() => `no end within ${timeoutMs} ms`)]);
  }

  private async watch(): Promise<void> {
    while (this.going) {
      try {
        await this.look();
      } catch {
        // The machine lost its power in the middle of it: it is found as it is next time.
      }
      await sleep(lookEveryMs);
    }
  }

  private async look(): Promise<void> {
    const now = performance.now();
    if (!this.host.running) {
      this.daemon = undefined;
      this.offSinceMs ??= now;
      if (this.powerHolds.size > 0 || (this.boots > 0 && now - this.offSinceMs < supervisorDelays.bootMs)) return;
      this.booting = true;
      try {
        await this.host.boot();
      } finally {
        this.booting = false;
      }
      this.boots += 1;
    }
    this.offSinceMs = undefined;
    await this.attach();
    if (this.daemon !== undefined) return;
    this.deadSinceMs ??= now;
    const waited = this.lives.length === 0 || now - this.deadSinceMs >= supervisorDelays.restartMs;
    if (this.daemonHolds.size > 0 || !waited) return;
    this.deadSinceMs = undefined;
    await this.startDaemon();
  }

  private async attach(): Promise<void> {
    if (this.attachedPid === this.host.pid) return;
    this.attachedPid = this.host.pid;
    writeFileSync(this.host.path('/run/chaos-boot'), `boot${this.boots}\n`);
    await this.watcher.attach(this.host.name, this.host.pid);
  }

  private async startDaemon(): Promise<void> {
    const daemon = await this.host.spawn(withClock(program('heartbeat', '-f')));
    const life: DaemonLife = { pid: daemon.pid, fromUs: performance.now() * 1000 };
    this.lives.push(life);
    this.daemon = daemon;
    void daemon.exited.then(({ code, signal }) => {
      life.toUs = performance.now() * 1000;
      life.outcome = String(code ?? signal);
      if (this.daemon === daemon) this.daemon = undefined;
    });
  }
}

/** The kernel ends every other process of a machine before it lets the first one become a zombie. */
function isAlive(pid: number): boolean {
  return !'ZX'.includes(statOf(pid)?.[0] ?? 'X');
}

/** One that stopped with the process that it brought in must go on, to collect what is dead. */
function wakeEntrances(): void {
  for (const pid of childrenOf(process.pid)) {
    if (statOf(pid)?.[0] === 'T' && nameOf(pid) === 'nsenter') sendSignal(pid, 'SIGCONT');
  }
}

function hold(holds: Set<symbol>): () => void {
  const mine = Symbol('hold');
  holds.add(mine);
  return () => void holds.delete(mine);
}
