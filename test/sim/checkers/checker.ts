/** What looks on while the world runs. A checker keeps to itself; it may only read, count, and object. */
import type { EngineEffect, EngineEvent } from '../../../src/core/engine.ts';
import type { Daemon } from '../world/daemon.ts';
import type { Instance } from '../world/truth.ts';
import type { World } from '../world/world.ts';

export interface Checker {
  /** Before the effect is carried out; transmissions are not shown. */
  effect?(world: World, daemon: Daemon, effect: EngineEffect): void;
  /** After a step and all its effects. `event` is undefined for timers. */
  stepped?(world: World, daemon: Daemon, event: EngineEvent | undefined, effects: readonly EngineEffect[]): void;
  started?(world: World, node: number, instance: Instance): void;
  stopped?(world: World, node: number, instance: Instance): void;
}

export type Log = Extract<EngineEffect, { type: 'log' }>;

export function isLog(effect: EngineEffect, code: string): effect is Log {
  return effect.type === 'log' && effect.message.code === code;
}
