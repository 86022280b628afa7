/** How the agents of one machine behave: in order, slowly, failing, or unable to stop something until an operator has dealt with it. */

import { usPerMs } from '../../../src/core/types.ts';
import type { Operation, OperationOutcome } from '../../../src/ports/agents.ts';
import type { Machine } from './machine.ts';
import type { Streams } from './streams.ts';
import type { World } from './world.ts';

export interface AgentFaults {
  startFails: number;
  stopFails: number;
  slow: number;
  /** A status that says something else than what is. */
  wrongStatus: number;
}

export interface Behaviour {
  readonly tookUs: number;
  readonly outcome: OperationOutcome;
  readonly runsAfterwards: boolean;
}

export class Agents {
  readonly faults: AgentFaults = { startFails: 0, stopFails: 0, slow: 0, wrongStatus: 0 };
  /** `group#index` of what cannot be started or stopped here, whatever is tried. */
  readonly broken = new Map<string, 'start' | 'stop'>();
  /** Services whose script knows no status: it says "stopped", always. */
  readonly mute = new Set<string>();
  /** What a scenario has the status of `group#index` say, whatever runs. */
  readonly says = new Map<string, OperationOutcome>();
  readonly #world: World;
  readonly #streams: Streams;

  constructor(world: World, streams: Streams) {
    this.#world = world;
    this.#streams = streams;
  }

  /** An operator came and set things right by hand. */
  repair(group?: string): void {
    for (const key of [...this.broken.keys()])
      if (group === undefined || key.startsWith(`${group}#`)) this.broken.delete(key);
  }

  behave(operation: Operation): Behaviour {
    const { action } = operation;
    const tookUs = this.#duration(operation);
    if (action === 'announce' || action === 'status') return { tookUs: 200, outcome: 'done', runsAfterwards: true };
    if (!this.#fails(operation, action)) return { tookUs, outcome: 'done', runsAfterwards: action === 'start' };
    const draw = this.#streams.failures;
    this.#world.sometimes.count(`${action} failed`);
    const timedOut = draw.chance(0.3);
    const outcome = timedOut ? 'timeout' : 'failed';
    if (timedOut) this.#world.sometimes.count('operation timed out');
    return {
      tookUs: timedOut ? operation.timeoutMs * usPerMs : tookUs,
      outcome,
      runsAfterwards: draw.chance(action === 'stop' ? 0.8 : 0.5),
    };
  }

  /** A service ends by itself: a crash, the out-of-memory killer, somebody's `kill`. */
  die(machine: Machine, group: string, index: number): void {
    if (this.mute.has(`${group}#${index}`)) return;
    this.#world.trace(machine, 'fault', () => `${group}#${index} dies`);
    const instance = this.#world.truth.ofGroup(machine.index, group).find((each) => each.index === index);
    if (instance !== undefined) this.#world.truth.stop(machine.index, instance.written);
  }

  /** What the status of a service says that runs, or does not. */
  statusOf(operation: Operation, runs: boolean): OperationOutcome {
    const key = `${operation.group}#${operation.index}`;
    const said = this.says.get(key) ?? (this.mute.has(key) ? 'not-running' : undefined);
    if (said !== undefined) return said;
    const draw = this.#streams.status;
    if (operation.resource.type !== 'IPaddr' && draw.chance(this.faults.wrongStatus)) {
      this.#world.sometimes.count('status lied');
      return draw.pick(['not-running', 'unknown', 'timeout', 'running']);
    }
    return runs ? 'running' : 'not-running';
  }

  #fails(operation: Operation, action: 'start' | 'stop'): boolean {
    const draw = this.#streams.failures;
    const key = `${operation.group}#${operation.index}`;
    if (this.broken.get(key) === action) return true;
    const probability = action === 'start' ? this.faults.startFails : this.faults.stopFails;
    if (!draw.chance(probability)) return false;
    if (draw.chance(0.4)) this.broken.set(key, action);
    return true;
  }

  #duration(operation: Operation): number {
    const { setup } = this.#world;
    const draw = this.#streams.agents;
    const [low, high] = operation.resource.type === 'IPaddr' ? setup.addressActionUs : setup.serviceActionUs;
    const usual = low === high ? low : draw.between(low, high);
    if (!draw.chance(this.faults.slow)) return usual;
    return Math.min(Math.round(usual * draw.logUniform(2, 100)), operation.timeoutMs * usPerMs - 1);
  }
}
