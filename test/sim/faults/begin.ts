/** Lets the faults of a plan happen to a world at their time, and in the end undoes every lasting one. */
import type { Checker } from '../checkers/checker.ts';
import { momentOfMend, momentOfStrike } from '../moments.ts';
import { phaseOf } from '../phase.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world/world.ts';
import { type Fault, type Mend, toUs } from './fault.ts';
import { type FaultName, faultKinds } from './kinds.ts';

/** How long a fault waits for its phase; then it strikes whatever goes on. */
const phasePatienceUs = 60_000_000;
/** A fault that has nothing to hit comes back, so often. */
const againUs = 100_000;
const againMax = 100;
/** The same within its phase, which may be short. */
const phaseAgainUs = 5000;

export class Faults {
  /** Looks for the phase that a fault waits for, after every step. */
  readonly observer: Checker = { stepped: (world) => this.#look(world) };
  readonly #world: World;
  #waiting: Waiting[] = [];
  readonly #mends = new Set<Mend>();
  #over = false;

  constructor(world: World) {
    this.#world = world;
  }

  begin({ faults, setup, mute }: Plan): void {
    const world = this.#world;
    for (const name of mute) for (const machine of world.machines) machine.agents.mute.add(name);
    world.network.recording = faults.some(({ kind }) => kind === 'replay');
    world.adversary.active = faults.some(({ kind }) => kind === 'adversary');
    for (const [place, fault] of faults.entries()) {
      const { applies } = faultKinds[fault.kind as FaultName];
      if (applies?.(setup) === false) continue;
      world.plan(toUs(fault.atMs), () => this.#due(fault), place);
    }
  }

  /** Nothing fails from here on: everything is mended, everybody runs. */
  heal(): void {
    const world = this.#world;
    this.#over = true;
    this.#waiting = [];
    world.trace(undefined, 'fault', () => 'everything is mended');
    world.network.recording = false;
    world.network.heal();
    world.fences.heal();
    for (const { disk } of world.machines) disk.noPlugPulled();
    for (const machine of world.machines) {
      Object.assign(machine.agents.faults, { startFails: 0, stopFails: 0, slow: 0, wrongStatus: 0 });
      Object.assign(machine.disk.faults, { slowness: 1, fails: 0 });
      machine.agents.repair();
      machine.powerOn();
      machine.thaw();
      machine.daemon?.continue();
      if (machine.files !== world.files) machine.write(world.files);
      machine.startDaemon();
    }
    for (const mend of this.#mends) mend();
  }

  #due(fault: Fault): void {
    if (this.#over) return;
    const { nowUs } = this.#world;
    const waiting = { fault, untilUs: nowUs + phasePatienceUs, notBeforeUs: nowUs, again: againMax };
    if (fault.when === undefined || phaseOf(this.#world) === fault.when) this.#strike(waiting);
    else this.#waiting.push(waiting);
  }

  #look(world: World): void {
    if (this.#waiting.length === 0) return;
    const phase = phaseOf(world);
    const { nowUs } = world;
    const ready = this.#waiting.filter(
      ({ fault, untilUs, notBeforeUs }) => (fault.when === phase && nowUs >= notBeforeUs) || nowUs >= untilUs,
    );
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    // Not in the middle of a step.
    for (const waiting of ready) world.plan(0, () => this.#strike(waiting), 0);
  }

  #strike(waiting: Waiting): void {
    const world = this.#world;
    if (this.#over) return;
    const { fault } = waiting;
    const kind = fault.kind as FaultName;
    const phase = phaseOf(world);
    const mend = faultKinds[kind].strike(world, fault);
    if (mend === 'missed') return this.#missed(waiting);
    world.trace(undefined, 'fault', () => describeFault(fault));
    world.faultCounts.count(kind, phase);
    momentOfStrike(world, kind, phase);
    if (mend === undefined) return;
    this.#mends.add(mend);
    if (fault.forMs === undefined) return;
    world.plan(
      toUs(fault.forMs),
      () => {
        this.#mends.delete(mend);
        if (this.#over) return;
        world.trace(undefined, 'fault', () => `${kind} ends`);
        momentOfMend(world, kind);
        mend();
      },
      0,
    );
  }

  /** Another time: within its phase as long as it is patient, then at any time. */
  #missed(waiting: Waiting): void {
    const { fault, untilUs, again } = waiting;
    const { nowUs } = this.#world;
    if (fault.when !== undefined && nowUs < untilUs)
      this.#waiting.push({ ...waiting, notBeforeUs: nowUs + phaseAgainUs });
    else if (again > 0) this.#world.plan(againUs, () => this.#strike({ ...waiting, again: again - 1 }), 0);
  }
}

/** A fault whose time has come, but not its moment. */
interface Waiting {
  readonly fault: Fault;
  readonly untilUs: number;
  readonly notBeforeUs: number;
  readonly again: number;
}

/** `cut node1>node2#0 for 900 ms`: for traces and lists. */
export function describeFault(fault: Fault): string {
  const { kind, atMs: _at, when, forMs, ...parameters } = fault;
  const words = Object.entries(parameters).map(([name, value]) => `${name} ${describeValue(value)}`);
  const place = when === undefined ? '' : ` (during ${when})`;
  return `${kind}${place} ${words.join(', ')}${forMs === undefined ? '' : ` for ${forMs} ms`}`;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
