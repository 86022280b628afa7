/**
 * The fence devices of a pair, with the truth about what they have done. What a device does to a machine and what it says
 * of it are two things: it may say nothing, too late, or something else than what is. A command that has reached it is
 * carried out, whoever sent it and whether he lives to hear the answer.
 */
import type { EngineEffect } from '../../../src/core/engine.ts';
import type { FenceAction, FenceOutcome } from '../../../src/core/fencing/settings.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Daemon } from './daemon.ts';
import { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

export interface FenceSetup {
  /** Against each node as many; the other node has its own. */
  readonly devices: number;
  /** One box for both nodes, which does one thing at a time. */
  readonly shared: boolean;
  readonly action: FenceAction;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly waitForAll: boolean;
  readonly probeIntervalMs: number;
  readonly latencyUs: readonly [number, number];
  /** From a reset to the start of the daemon. */
  readonly bootUs: readonly [number, number];
}

/** What a device does this time: its effect on the machine, and what it says. */
export const fenceBehaviours = [
  'works',
  'says no, does nothing',
  'says no, but has done it',
  'says yes, does nothing',
  'says nothing, has done it',
  'says nothing, does nothing',
  'says nothing, does it later',
  'hits the wrong node',
] as const;
export type FenceBehaviour = (typeof fenceBehaviours)[number];

type Fence = Extract<EngineEffect, { type: 'fence' }>;
type Probe = Extract<EngineEffect, { type: 'probeFenceDevice' }>;

export interface Attempt {
  readonly by: number;
  readonly beganUs: number;
  readonly behaviour: FenceBehaviour;
  doneUs: number | undefined;
}

interface Answer {
  readonly outcome: FenceOutcome;
  readonly verified: boolean;
}

export class FenceDevices {
  /** Not reachable: for one node (`node1/fence0`) or at all (`fence0`). */
  readonly unreachable = new Set<string>();
  /** What comes besides `works`, and how often. */
  behaviour: { readonly is: FenceBehaviour; readonly often: number } | undefined;
  /** Until each machine has been off: a device said so to the other one, and it was not true. */
  readonly #lies: [boolean, boolean] = [false, false];
  /** When each machine was told that the other is off, by its own clock. */
  readonly #confirmed = new Set<string>();
  readonly recent: Attempt[] = [];
  readonly #world: World;
  readonly #draw: Draw;
  readonly #busyUntilUs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#draw = new Draw(world.seed, 'fence devices');
  }

  /** What a device said of this machine is still believed, and it has not been off since. */
  isLiedAbout(machine: Machine): boolean {
    return this.#lies[machine.index]!;
  }

  wasConfirmed(machine: Machine, atUs: number): boolean {
    return this.#confirmed.has(`${machine.index} ${atUs}`);
  }

  /** An operator who is mistaken does the same harm as a device that lies. */
  believedOff(machine: Machine): void {
    if (machine.powered) this.#lies[machine.index] = true;
  }

  wasOff(machine: Machine): void {
    this.#lies[machine.index] = false;
  }

  probe(machine: Machine, daemon: Daemon, { device, timeoutMs }: Probe): void {
    const ok = this.#reaches(machine, device);
    this.#world.plan(ok ? 2 * this.#world.setup.latencyUs : timeoutMs * usPerMs, () =>
      daemon.deliver('host', () =>
        daemon.feed({
          to: 'node',
          event: { type: 'fenceDeviceProbed', nowUs: machine.clock(), device, ok, detail: ok ? '' : 'no answer' },
        }),
      ),
    );
  }

  strike(machine: Machine, daemon: Daemon, effect: Fence): void {
    const world = this.#world;
    const { host } = machine;
    const limitUs = effect.timeoutMs * usPerMs;
    const answer = (inUs: number, what: Answer, detail: string): void => {
      world.plan(inUs, () =>
        machine.runUnlessFrozen(() =>
          daemon.deliver('host', () =>
            this.#answer(machine, daemon, effect, machine.host === host ? what : unknown, detail),
          ),
        ),
      );
    };
    if (host?.alive !== true) return answer(100, unknown, 'no host');
    if (!this.#reaches(machine, effect.device)) {
      world.count('fence device unreachable');
      const quick = this.#draw.chance(0.5);
      return answer(quick ? 1000 : limitUs, quick ? failed : unknown, 'unreachable');
    }
    this.#carryOut(machine, effect, limitUs, answer);
  }

  #carryOut(
    machine: Machine,
    effect: Fence,
    limitUs: number,
    answer: (inUs: number, what: Answer, detail: string) => void,
  ): void {
    const world = this.#world;
    const draw = this.#draw;
    const fencing = world.setup.fencing!;
    const behaviour = this.behaviour !== undefined && draw.chance(this.behaviour.often) ? this.behaviour.is : 'works';
    const tookUs = draw.between(...fencing.latencyUs);
    // One box does one thing at a time; a command that waits too long is never begun.
    const box = fencing.shared ? 'shared' : `${machine.other.name}/${effect.device}`;
    const waitsUs = Math.max(0, (this.#busyUntilUs.get(box) ?? 0) - world.nowUs);
    if (waitsUs >= limitUs) return answer(limitUs, unknown, 'busy');
    this.#busyUntilUs.set(box, world.nowUs + waitsUs + tookUs);
    const attempt: Attempt = { by: machine.index, beganUs: world.nowUs, behaviour, doneUs: undefined };
    this.recent.push(attempt);
    if (this.recent.length > 20) this.recent.shift();
    world.trace(machine, 'fence', () => `${effect.action} ${effect.target} with ${effect.device}: ${behaviour}`);
    const laterUs = behaviour === 'says nothing, does it later' ? limitUs + draw.between(0, 2 * limitUs) : 0;
    const hit = behaviour === 'hits the wrong node' ? machine : machine.other;
    const { boots } = machine;
    if (hasEffect(behaviour))
      world.plan(waitsUs + Math.round(tookUs * 0.9) + laterUs, () => {
        // A command that still waited when its sender died was never begun.
        if (waitsUs > 0 && (!machine.powered || machine.boots !== boots)) return;
        this.#hit(attempt, hit, effect.action);
      });
    const answersUs = waitsUs + tookUs;
    const said = saidBy(behaviour, effect.action);
    if (behaviour !== 'works') world.count(`fence device ${behaviour}`);
    if (said === undefined || answersUs >= limitUs) answer(limitUs, unknown, 'timeout');
    else answer(answersUs, said, behaviour);
  }

  #hit(attempt: Attempt, machine: Machine, action: FenceAction): void {
    const world = this.#world;
    attempt.doneUs = world.nowUs;
    const other = this.recent.findLast(({ by, doneUs }) => by !== attempt.by && doneUs !== undefined);
    if (other !== undefined && other.doneUs! >= attempt.beganUs) world.count('both nodes fenced each other');
    world.trace(machine, 'fence', () => `${action} strikes`);
    world.count(action === 'reset' ? 'node reset by a fence device' : 'node switched off by a fence device');
    if (machine.daemon?.runs === true && machine.other.daemon?.engine.node.peer.presence === 'up')
      world.count('fence effect after the peer was back');
    const wasOn = machine.powered;
    machine.crash();
    const { boots } = machine;
    const [low, high] = world.setup.fencing!.bootUs;
    // What is off stays off until somebody comes.
    const inUs = (action === 'reset' ? 1 : 10) * this.#draw.between(low, high);
    if (wasOn || action === 'off')
      world.plan(inUs, () => {
        if (machine.boots === boots) machine.powerOn();
      });
  }

  #answer(machine: Machine, daemon: Daemon, effect: Fence, { outcome, verified }: Answer, detail: string): void {
    const world = this.#world;
    if (outcome === 'confirmed') {
      this.#confirmed.add(`${machine.index} ${machine.clock()}`);
      if ((detail === 'says yes, does nothing' || detail === 'hits the wrong node') && machine.other.powered)
        this.#lies[machine.other.index] = true;
    }
    world.count(`fence result ${outcome}`);
    daemon.feed({
      to: 'node',
      event: { type: 'fenceResult', nowUs: machine.clock(), attempt: effect.attempt, outcome, verified, detail },
    });
  }

  #reaches(machine: Machine, device: string): boolean {
    return !this.unreachable.has(device) && !this.unreachable.has(`${machine.name}/${device}`);
  }

  heal(): void {
    this.unreachable.clear();
    this.behaviour = undefined;
  }
}

const unknown: Answer = { outcome: 'unknown', verified: false };
const failed: Answer = { outcome: 'failed', verified: false };

const hasEffect = (behaviour: FenceBehaviour): boolean => !behaviour.endsWith('does nothing');

function saidBy(behaviour: FenceBehaviour, action: FenceAction): Answer | undefined {
  if (behaviour.startsWith('says nothing')) return undefined;
  if (behaviour.startsWith('says no')) return failed;
  return { outcome: 'confirmed', verified: action === 'off' };
}
