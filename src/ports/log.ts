import type { LogLevel } from '../core/log-level.ts';
import type { Problem } from '../core/result.ts';

export type { LogLevel } from '../core/log-level.ts';

/** Words come from the catalogue; a log line carries the code and the facts. */
export interface Log {
  write(level: LogLevel, message: Problem): void;
}
