/** Changes what holds for an action, and remembers why: the first reason stays. */
import type { Action } from '../working-set.ts';

type Aspect = 'optional' | 'runnable' | 'migrateRunnable';

const words = { optional: 'required', runnable: 'unrunnable', migrateRunnable: 'unmigrateable' } as const;

/** Takes an aspect away from `action` on account of `cause`: `required db start`, `unrunnable db promote`. */
export function withdraw(action: Action, aspect: Aspect, cause: Action): void {
  if (!action[aspect]) return;
  action[aspect] = false;
  action.reason ??= [words[aspect], cause.resource?.id, cause.task].filter((word) => word !== undefined).join(' ');
}
