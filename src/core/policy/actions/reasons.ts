/** Changes what holds for an action, and remembers why: the first reason stays. */
import type { Action } from '../working-set.ts';

type Aspect = 'optional' | 'runnable' | 'migrateRunnable';

const words = { optional: 'required', runnable: 'unrunnable', migrateRunnable: 'unmigrateable' } as const;

/** Takes an aspect away from `action` on account of `cause`: `required db start`, `unrunnable db promote`. */
export function withdraw(action: Action, aspect: Aspect, cause: Action): void {
  if (!action[aspect]) return;
  action[aspect] = false;
  action.reason ??= isOfTheSame(action, cause) ? cause.reason : wordsFor(aspect, cause);
}

/** That a restart needs both its halves explains neither: what the other half is for does. */
function isOfTheSame(action: Action, cause: Action): boolean {
  return action.resource !== undefined && action.resource === cause.resource;
}

function wordsFor(aspect: Aspect, { resource, task }: Action): string {
  return [words[aspect], resource?.id, task].filter((word) => word !== undefined).join(' ');
}
