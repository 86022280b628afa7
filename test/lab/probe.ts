/** The lab's handles on the client's probe and on the observer. */
import { readFileSync } from 'node:fs';
import type { Lab } from './lab.ts';
import { sleep } from './machine.ts';
import type { Claim, DoubleOwnerSpell, OutageAnswer, OwnerSpell, ProbeEvent, Stall } from './measuring.ts';
import { type MeasuringChild, startMeasuring } from './measuring-child.ts';

export interface Outage extends Omit<OutageAnswer, 'before' | 'after'> {
  /** Names of the hosts that answered before and afterwards. */
  readonly before: string;
  readonly after: string;
}

export type NamedSpell = OwnerSpell & { readonly owner: string };

export class Probe {
  private readonly lab: Lab;
  private readonly child: MeasuringChild;

  private constructor(lab: Lab, child: MeasuringChild) {
    this.lab = lab;
    this.child = child;
  }

  static async start(
    lab: Lab,
    address: string,
    everyMs: number,
    onEvent?: (event: ProbeEvent) => void,
  ): Promise<Probe> {
    const args = ['eth0', address, String(Math.round(everyMs * 1000))];
    return new Probe(lab, await startMeasuring(lab.client, 'probe-main', args, onEvent));
  }

  get realTime(): boolean {
    return this.child.realTime;
  }

  /** The longest time without an answer that overlaps the window. */
  async outage(fromUs: number, toUs = this.lab.nowUs()): Promise<Outage> {
    const answer = await this.child.ask<OutageAnswer>({ query: 'outage', fromUs, toUs });
    return { ...answer, before: this.lab.nameOf(answer.before), after: this.lab.nameOf(answer.after) };
  }

  /** The silence at whose end somebody else answered; the last one if there were several. */
  async move(fromUs: number, toUs = this.lab.nowUs()): Promise<Outage> {
    // Somebody must have answered before: the last answer may be a little older than the window.
    const answers = await this.child.ask<OutageAnswer[]>({ query: 'moves', fromUs: fromUs - 100_000, toUs });
    const last = answers.at(-1);
    if (last === undefined) throw new Error('the address did not move');
    return { ...last, before: this.lab.nameOf(last.before), after: this.lab.nameOf(last.after) };
  }

  /** Who answered, in order. */
  async owners(fromUs: number, toUs = this.lab.nowUs()): Promise<NamedSpell[]> {
    const spells = await this.child.ask<OwnerSpell[]>({ query: 'owners', fromUs, toUs });
    return spells.map((spell) => ({ ...spell, owner: this.lab.nameOf(spell.mac) }));
  }

  /** ARP announcements and answers, neighbour advertisements that reached the client. */
  async claims(fromUs: number, toUs = this.lab.nowUs()): Promise<Array<Claim & { owner: string }>> {
    const claims = await this.child.ask<Claim[]>({ query: 'claims', fromUs, toUs });
    return claims.map((claim) => ({ ...claim, owner: this.lab.nameOf(claim.mac) }));
  }

  /** The longest time for which the machine kept the probe itself from running, in milliseconds. */
  async longestStallMs(fromUs: number, toUs = this.lab.nowUs()): Promise<number> {
    const stalls = await this.child.ask<Stall[]>({ query: 'stalls', fromUs, toUs });
    return Math.max(0, ...stalls.map((stall) => stall.ms));
  }

  /** How often a request left more than one interval late: a measure of the measuring. */
  late(): Promise<number> {
    return this.child.ask<number>({ query: 'late', fromUs: 0, toUs: 0 });
  }

  /** Waits until `host` (any host if not given) answers without a gap for `steadyMs`. */
  async steady(options: { owner?: string; steadyMs?: number; timeoutMs?: number } = {}): Promise<string> {
    const steadyUs = (options.steadyMs ?? 50) * 1000;
    const giveUpAt = this.lab.nowUs() + (options.timeoutMs ?? 20_000) * 1000;
    for (;;) {
      const now = this.lab.nowUs();
      const recent = await this.owners(now - steadyUs, now);
      const outage = await this.outage(now - steadyUs, now);
      const owner = recent.length === 1 ? recent[0]!.owner : undefined;
      const answered = owner !== undefined && recent[0]!.answers >= 2 && outage.ms * 1000 < steadyUs / 2;
      if (answered && (options.owner === undefined || options.owner === owner)) return owner;
      if (now > giveUpAt) {
        const seen = recent.map((spell) => spell.owner).join(', ') || 'nobody';
        throw new Error(`${options.owner ?? 'no host'} did not get the address in time; now answering: ${seen}`);
      }
      await sleep(5);
    }
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

export class Observer {
  private readonly lab: Lab;
  private readonly child: MeasuringChild;

  private constructor(lab: Lab, child: MeasuringChild) {
    this.lab = lab;
    this.child = child;
  }

  static async start(lab: Lab, address: string, ownAddress: string, everyMs: number): Promise<Observer> {
    const mac = lab.observer.macAddress('eth0');
    const args = ['eth0', address, String(Math.round(everyMs * 1000)), mac, ownAddress];
    return new Observer(lab, await startMeasuring(lab.observer, 'observer-main', args));
  }

  /** Times at which two hosts answered for the address. */
  async doubleOwners(fromUs = 0, toUs = this.lab.nowUs()): Promise<Array<DoubleOwnerSpell & { owners: string[] }>> {
    const spells = await this.child.ask<DoubleOwnerSpell[]>({ query: 'doubleOwners', fromUs, toUs });
    return spells.map((spell) => ({ ...spell, owners: spell.macs.map((mac) => this.lab.nameOf(mac)) }));
  }

  /** Times at which each host answered for the address; spells of two hosts may overlap. */
  async owners(fromUs = 0, toUs = this.lab.nowUs()): Promise<NamedSpell[]> {
    const spells = await this.child.ask<OwnerSpell[]>({ query: 'owners', fromUs, toUs });
    return spells.map((spell) => ({ ...spell, owner: this.lab.nameOf(spell.mac) }));
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** Hardware address that the client's kernel has in its neighbour table for an address. */
export async function neighbourOf(lab: Lab, address: string): Promise<string | undefined> {
  const result = await lab.client.exec(['ip', 'neigh', 'show', 'to', address]);
  const mac = /lladdr (\S+)/.exec(result.stdout)?.[1];
  return mac === undefined ? undefined : lab.nameOf(mac);
}

/** Load average over the last minute, to say beside a measurement how quiet the machine was. */
export function loadAverage(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}
