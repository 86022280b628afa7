import type { Problem } from '../core/result.ts';

export type LogLevel = 'critical' | 'error' | 'warning' | 'notice' | 'info' | 'debug';

/** Words come from the catalogue; a log line carries the code and the facts. */
export interface Log {
  write(level: LogLevel, message: Problem): void;
}
