/**
 * One contender in one lab, taken through its events again and again. Every cycle begins and ends with both nodes up
 * and the address on node1, so that contenders can take turns cycle by cycle in the same run.
 */
import { createLab, type Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import type { Observer, Probe } from '../lab/probe.ts';
import { type Contender, type ContenderFactory, sharedAddress, type Timers } from './contender.ts';
import { round } from './statistics.ts';

export type BenchEvent = 'crash' | 'failback' | 'standby' | 'stop';
export const benchEvents: readonly BenchEvent[] = ['crash', 'failback', 'standby', 'stop'];

export interface Sample {
  readonly event: BenchEvent;
  /** The client's longest silence. */
  readonly outageMs: number;
  /** Two hosts answered for the address at the same time, in milliseconds. */
  readonly doubleOwnerMs: number;
  /** The address was not where it belonged when the event began: it had moved by itself. Not an outage of the event. */
  readonly strayed: boolean;
}

export interface Standing {
  /** Times that the address changed its owner although nothing had happened. */
  readonly moves: number;
  readonly longestMs: number;
  /** How long the machine kept even the probe, at a higher priority, from running. */
  readonly stallMs: number;
}

export class Bench {
  readonly lab: Lab;
  readonly contender: Contender;
  readonly timers: Timers;
  private readonly probe: Probe;
  private readonly observer: Observer;

  private constructor(lab: Lab, contender: Contender, timers: Timers, probe: Probe, observer: Observer) {
    this.lab = lab;
    this.contender = contender;
    this.timers = timers;
    this.probe = probe;
    this.observer = observer;
  }

  static async open(factory: ContenderFactory, timers: Timers): Promise<Bench> {
    const lab = await createLab();
    const contender = factory.create(lab, timers);
    const probe = await lab.probe(sharedAddress);
    const observer = await lab.observe(sharedAddress);
    const bench = new Bench(lab, contender, timers, probe, observer);
    for (const host of lab.hosts) await contender.start(host);
    await bench.atHome();
    return bench;
  }

  /** Crash and failback are two halves of one cycle, so are a stop and the failback after it. */
  async cycle(event: 'crash' | 'standby' | 'stop'): Promise<Sample[]> {
    if (event === 'crash') return this.crashCycle();
    return event === 'stop' ? this.stopCycle() : this.standbyCycle();
  }

  /** Does nothing for a while, and counts how often the address moved all the same. */
  async stand(durationMs: number): Promise<Standing> {
    const fromUs = this.lab.nowUs();
    await sleep(durationMs);
    const spells = await this.probe.owners(fromUs);
    const outage = await this.probe.outage(fromUs);
    const stallMs = round(await this.probe.longestStallMs(fromUs));
    return { moves: spells.length - 1, longestMs: round(outage.ms), stallMs };
  }

  close(): Promise<void> {
    return this.lab.close();
  }

  private async crashCycle(): Promise<Sample[]> {
    const node1 = this.lab.host('node1');
    await this.anyMoment();
    const atUs = node1.crash();
    await this.probe.steady({ owner: 'node2', timeoutMs: this.patienceMs() });
    const crash = await this.sample('crash', atUs);
    await sleep(this.timers.keepaliveMs * 2);
    await node1.boot();
    return [crash, await this.failback()];
  }

  private async stopCycle(): Promise<Sample[]> {
    const node1 = this.lab.host('node1');
    await this.anyMoment();
    const atUs = this.lab.nowUs();
    const stopped = this.contender.stop(node1);
    await this.probe.steady({ owner: 'node2', timeoutMs: this.patienceMs() });
    await stopped;
    const stop = await this.sample('stop', atUs);
    return [stop, await this.failback()];
  }

  private async standbyCycle(): Promise<Sample[]> {
    if (this.contender.standby === undefined) return [];
    await this.anyMoment();
    const atUs = this.lab.nowUs();
    await this.contender.standby(this.lab.host('node1'));
    await this.probe.steady({ owner: 'node2', timeoutMs: this.patienceMs() });
    const sample = await this.sample('standby', atUs);
    await this.contender.takeBack?.(this.lab);
    await this.atHome();
    return [sample];
  }

  private async failback(): Promise<Sample> {
    const atUs = this.lab.nowUs();
    await this.contender.start(this.lab.host('node1'));
    await this.atHome();
    return this.sample('failback', atUs);
  }

  private async atHome(): Promise<void> {
    await this.probe.steady({ owner: 'node1', timeoutMs: this.patienceMs() });
    await this.contender.settled(this.lab);
    await this.probe.steady({ owner: 'node1', timeoutMs: this.patienceMs() });
  }

  private async sample(event: BenchEvent, fromUs: number): Promise<Sample> {
    await sleep(20);
    const outage = await this.probe.outage(fromUs);
    const before = (await this.probe.owners(fromUs - 50_000, fromUs)).at(-1)?.owner;
    const doubles = await this.observer.doubleOwners(fromUs);
    const doubleOwnerMs = doubles.reduce((sum, spell) => sum + (spell.toUs - spell.fromUs) / 1000 + 2, 0);
    return {
      event,
      outageMs: outage.ms,
      doubleOwnerMs,
      strayed: before !== (event === 'failback' ? 'node2' : 'node1'),
    };
  }

  /** Keepalives must not be in step with the events: wait for a random part of an interval. */
  private anyMoment(): Promise<void> {
    return sleep(Math.random() * this.timers.keepaliveMs);
  }

  private patienceMs(): number {
    return 60_000 + 20 * this.timers.deadtimeMs;
  }
}
