/**
 * Alarms about what is not the core's: programs, the watchdog. Beside the core's own in `status`, from the moment they
 * begin until what they are about is over.
 */
import type { Problem } from '../core/result.ts';
import type { Clock } from '../ports/clock.ts';

export interface DaemonAlarm {
  readonly problem: Problem;
  readonly sinceUs: number;
}

export interface DaemonAlarms {
  /** Exactly these subjects have the trouble `code` now. */
  keep(code: string, subjects: readonly string[], fields?: Problem['fields']): void;
  list(): readonly DaemonAlarm[];
}

export function createDaemonAlarms(clock: Pick<Clock, 'nowUs'>): DaemonAlarms {
  const alarms = new Map<string, DaemonAlarm>();
  return {
    keep(code, subjects, fields = {}) {
      for (const [key, { problem }] of alarms)
        if (problem.code === code && !subjects.includes(String(problem.fields['subject']))) alarms.delete(key);
      for (const subject of subjects) {
        const key = `${code} ${subject}`;
        if (!alarms.has(key))
          alarms.set(key, { problem: { code, fields: { ...fields, subject } }, sinceUs: clock.nowUs() });
      }
    },
    list: () => [...alarms.values()],
  };
}
