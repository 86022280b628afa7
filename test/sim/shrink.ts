/**
 * Makes a plan that shows a violation shorter, as long as the same checker objects: fewer faults, a shorter run, a
 * simpler pair, shorter and milder faults. What is left is what a reader has to understand.
 */
import type { Fault } from './faults/fault.ts';
import type { Plan } from './plan.ts';
import { runPlan } from './run-seed.ts';
import { plainSetup, type Setup } from './world/setup.ts';
import type { Violation } from './world/world.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly violation: Violation;
  /** How often something was tried. */
  readonly runs: number;
}

/** A run may be long; what has been reached after so many is good enough. */
const runsMax = 800;

/** `undefined`: no checker objects to it. */
export function shrink(plan: Plan, tell: (line: string) => void = () => {}): Shrunk | undefined {
  const { violation } = runPlan(plan);
  if (violation === undefined) return undefined;
  const search = new Search(plan, violation, tell);
  let size: number;
  do {
    size = search.size;
    search.cutShort();
    search.dropFaults();
    search.simplifyPair();
    search.simplifyFaults();
  } while (search.size < size);
  search.roundTimes();
  return search.result;
}

class Search {
  #plan: Plan;
  #violation: Violation;
  #runs = 1;
  readonly #tell: (line: string) => void;

  constructor(plan: Plan, violation: Violation, tell: (line: string) => void) {
    this.#plan = plan;
    this.#violation = violation;
    this.#tell = tell;
    this.#tell(this.#describe());
  }

  get size(): number {
    return writtenSize(this.#plan);
  }

  get result(): Shrunk {
    return { plan: this.#plan, violation: this.#violation, runs: this.#runs };
  }

  /** Nothing that comes after it has led to it. */
  cutShort(): void {
    const { atUs } = this.#violation;
    const untilMs = Math.ceil(atUs / 1000);
    const { faults, faultsForMs } = this.#plan;
    if (untilMs < faultsForMs) {
      const before = faults.filter(({ atMs }) => atMs <= untilMs);
      this.#try({ ...this.#plan, faultsForMs: untilMs, faults: before });
      return;
    }
    // It shows only after everything was mended: when it is mended earlier, perhaps, as well.
    for (const part of [0.25, 0.5, 0.75, 0.9]) {
      const earlierMs = Math.round(faultsForMs * part);
      const kept = faults.filter(({ atMs }) => atMs < earlierMs);
      if (this.#try({ ...this.#plan, faultsForMs: earlierMs, faults: kept })) return;
    }
  }

  /** Delta debugging: without each half, each quarter, and so on down to each one. */
  dropFaults(): void {
    let chunk = Math.ceil(this.#plan.faults.length / 2);
    while (chunk >= 1) {
      let at = 0;
      let dropped = false;
      while (at < this.#plan.faults.length) {
        const faults = this.#plan.faults.toSpliced(at, chunk);
        if (this.#try({ ...this.#plan, faults })) dropped = true;
        else at += chunk;
      }
      if (chunk === 1 && !dropped) return;
      chunk = chunk === 1 ? 1 : Math.ceil(chunk / 2);
    }
  }

  /** One link, fewer groups, and every setting as in a plain pair. */
  simplifyPair(): void {
    const { links } = this.#plan.setup;
    if (links.length > 1) this.#trySetup({ links: links.slice(0, 1) });
    for (let at = 0; at < this.#plan.setup.groups.length; ) {
      const { groups } = this.#plan.setup;
      const fewer = groups.toSpliced(at, 1).map((group, index) => ({ ...group, index }));
      if (groups.length === 1 || !this.#trySetup({ groups: fewer })) at++;
    }
    for (const name of Object.keys(plainSetup) as (keyof Setup)[]) {
      if (name === 'groups' || JSON.stringify(this.#plan.setup[name]) === JSON.stringify(plainSetup[name])) continue;
      this.#trySetup({ [name]: plainSetup[name] });
    }
    if (this.#plan.mute.length > 0) this.#try({ ...this.#plan, mute: [] });
    if (this.#plan.boot.secondMs > 0) this.#try({ ...this.#plan, boot: { ...this.#plan.boot, secondMs: 0 } });
  }

  /** Each shorter, on fewer nodes and paths, certain instead of likely, and at its time instead of at a phase. */
  simplifyFaults(): void {
    for (let at = 0; at < this.#plan.faults.length; at++) {
      for (const simpler of simplerFaults) {
        for (let again = true; again; ) {
          const fault = this.#plan.faults[at]!;
          const tried = simpler(fault);
          again = tried !== undefined && this.#try(this.#withFault(at, tried));
        }
      }
    }
  }

  roundTimes(): void {
    for (let at = 0; at < this.#plan.faults.length; at++) {
      for (const toMs of [1000, 100, 10, 1]) {
        const fault = this.#plan.faults[at]!;
        const atMs = Math.round(fault.atMs / toMs) * toMs;
        if (atMs !== fault.atMs && this.#try(this.#withFault(at, { ...fault, atMs }))) break;
      }
    }
  }

  #withFault(at: number, fault: Fault): Plan {
    return { ...this.#plan, faults: this.#plan.faults.with(at, fault) };
  }

  #trySetup(changed: Partial<Setup>): boolean {
    return this.#try({ ...this.#plan, setup: { ...this.#plan.setup, ...changed } });
  }

  #try(plan: Plan): boolean {
    if (this.#runs >= runsMax) return false;
    this.#runs++;
    const { violation } = runPlan(plan);
    if (violation?.checker !== this.#violation.checker) return false;
    const fewer = plan.faults.length < this.#plan.faults.length;
    this.#plan = plan;
    this.#violation = violation;
    if (fewer) this.#tell(this.#describe());
    return true;
  }

  #describe(): string {
    const { faults, faultsForMs } = this.#plan;
    return `${faults.length} faults in ${faultsForMs / 1000} s: ${this.#violation.checker} at ${this.#violation.atUs / 1e6} s`;
  }
}

function writtenSize({ faults, setup, faultsForMs }: Plan): number {
  return JSON.stringify([faults, setup.groups, setup.links]).length + faultsForMs / 1000;
}

/** Each gives something simpler, or nothing when it cannot. */
const simplerFaults: readonly ((fault: Fault) => Fault | undefined)[] = [
  ({ when, ...fault }) => (when === undefined ? undefined : fault),
  (fault) => without(fault, 'nodes', -1),
  (fault) => without(fault, 'nodes', 0),
  (fault) => without(fault, 'paths', -1),
  (fault) => without(fault, 'paths', 0),
  (fault) =>
    fault.forMs === undefined || fault.forMs < 20 ? undefined : { ...fault, forMs: Math.round(fault.forMs / 2) },
  (fault) => certain(fault),
];

function without(fault: Fault, name: 'nodes' | 'paths', place: number): Fault | undefined {
  const all = (fault as unknown as Record<string, readonly string[] | undefined>)[name];
  return all === undefined || all.length < 2 ? undefined : { ...fault, ...{ [name]: all.toSpliced(place, 1) } };
}

function certain(fault: Fault): Fault | undefined {
  const { probability } = fault as { readonly probability?: number };
  return probability === undefined || probability === 1 ? undefined : { ...fault, ...{ probability: 1 } };
}
