/**
 * One ordering brought to bear on one pair of actions of plain resources: what is required, what can run and what migrates
 * follows from one to the other. See `order-flags.ts` for what each bit says.
 *
 * `state` is how first counts here (a collective's differs from what is written in the action); `about` says which aspects the
 * caller asks about.
 */
import { type Action, type OrderFlags, role } from '../working-set.ts';
import type { ActionState } from './collective.ts';
import { nodesOf } from './instances.ts';
import { has, order } from './order-flags.ts';
import { withdraw } from './reasons.ts';

export interface Aspects {
  readonly optional: boolean;
  readonly runnable: boolean;
}

export const aboutOptional: Aspects = { optional: true, runnable: false };
export const aboutRunnable: Aspects = { optional: false, runnable: true };
export const aboutBoth: Aspects = { optional: true, runnable: true };

export function updatePair(first: Action, then: Action, state: ActionState, about: Aspects, flags: OrderFlags): void {
  if (has(flags, order.asymmetric)) holdBack(first, then);
  if (has(flags, order.requireFirst)) requireFirst(first, then, state, about);
  if (has(flags, order.promotedRequiresFirst)) requireFirstOfPromoted(first, then, about);
  if (has(flags, order.migrationChain) && about.optional) {
    if (!then.migrateRunnable || !then.runnable) withdraw(first, 'runnable', then);
    if (!then.optional) withdraw(first, 'optional', then);
  }
  if (has(flags, order.firstElseThen) && about.optional && !first.runnable) {
    withdraw(then, 'migrateRunnable', first);
    then.pseudo = false;
  }
  if (has(flags, order.firstMustRun) && about.runnable && then.runnable && !state.runnable) {
    withdraw(then, 'runnable', first);
    withdraw(then, 'migrateRunnable', first);
  }
  if (has(flags, order.requireThen) && about.optional && then.optional && !state.optional && !first.migrateRunnable) {
    withdraw(then, 'optional', first);
  }
  if (has(flags, order.restart)) restart(first, then, about);
}

/** Of an asymmetric ordering: then must not act while first cannot, unless there is nothing for it to do. */
function holdBack(first: Action, then: Action): void {
  const { resource } = then;
  if (resource === undefined || first.runnable) return;
  if (then.optional) {
    if (resource.role === role.stopped && then.task === 'stop') return;
    if (resource.role >= role.started && then.task === 'start' && then.node !== undefined) {
      const nodes = nodesOf(resource, true);
      if (nodes.size === 1 && nodes.has(then.node)) return;
    }
  }
  withdraw(then, 'optional', first);
  withdraw(then, 'runnable', first);
}

function requireFirst(first: Action, then: Action, state: ActionState, about: Aspects): void {
  if (then.optional) return;
  if (about.optional && !state.optional) withdraw(first, 'optional', then);
  if (state.migrateRunnable && !then.migrateRunnable) withdraw(first, 'migrateRunnable', then);
}

function requireFirstOfPromoted(first: Action, then: Action, about: Aspects): void {
  if (!about.optional || then.optional || then.resource?.role !== role.promoted) return;
  withdraw(first, 'optional', then);
  if (first.migrateRunnable && !then.migrateRunnable) withdraw(first, 'migrateRunnable', then);
}

/** First is the stop, then the start. A resource that cannot come up again is stopped all the same. */
function restart(first: Action, then: Action, about: Aspects): void {
  const wanted = about.optional && !then.optional;
  const impossible =
    about.runnable && !then.runnable && then.resource?.managed === true && first.resource === then.resource;
  if (!wanted && !impossible) return;
  if (first.runnable) withdraw(first, 'optional', then);
  if (!then.optional) withdraw(first, 'optional', then);
  if (!then.migrateRunnable) withdraw(first, 'migrateRunnable', then);
  if (!first.optional && !first.runnable) withdraw(then, 'runnable', first);
}
