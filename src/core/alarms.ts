/** What `status` shows as ALARM until it is over or an operator's cleanup: a problem, and since when. */
import type { NodeState } from './node-state.ts';
import type { Problem } from './result.ts';
import type { Microseconds } from './types.ts';

export interface Alarm {
  readonly problem: Problem;
  readonly sinceUs: Microseconds;
}

/** `subject` keeps alarms of one code about different groups apart. */
export function raiseAlarm(state: NodeState, problem: Problem, subject = ''): void {
  state.alarms.set(alarmName(problem.code, subject), { problem, sinceUs: state.nowUs });
}

export function endAlarm(state: NodeState, code: string, subject = ''): void {
  // The usual case, asked for again and again.
  if (state.alarms.size === 0) return;
  state.alarms.delete(alarmName(code, subject));
}

export function hasAlarm(state: NodeState, code: string, subject = ''): boolean {
  return state.alarms.size > 0 && state.alarms.has(alarmName(code, subject));
}

const alarmName = (code: string, subject: string): string => (subject === '' ? code : `${code} ${subject}`);
