/** Named timers as data: a machine's state holds them, the driver only asks for the earliest. Re-arming replaces. */
import type { Microseconds } from './types.ts';
import { compareText } from './types.ts';

export interface Timers {
  readonly armed: Map<string, Microseconds>;
}

export const createTimers = (): Timers => ({ armed: new Map() });

export function arm(timers: Timers, name: string, atUs: Microseconds): void {
  timers.armed.set(name, atUs);
}

export function disarm(timers: Timers, name: string): void {
  timers.armed.delete(name);
}

export function earliest(timers: Timers): Microseconds | undefined {
  let first: Microseconds | undefined;
  for (const atUs of timers.armed.values()) if (first === undefined || atUs < first) first = atUs;
  return first;
}

/** Removes and returns the timers that are due, earliest first, equal times in order of their names. */
export function takeDue(timers: Timers, nowUs: Microseconds): string[] {
  const due = [...timers.armed].filter(([, atUs]) => atUs <= nowUs);
  due.sort((left, right) => left[1] - right[1] || compareText(left[0], right[0]));
  for (const [name] of due) timers.armed.delete(name);
  return due.map(([name]) => name);
}
