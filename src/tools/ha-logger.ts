/**
 * `ha_logger`: a line in the log of heartbeat, for scripts. Where that is, ha.cf says; the caller brings the logger,
 * since tools know nothing of files.
 */
import type { Result } from '../core/result.ts';
import { readClassicOptions } from './classic-options.ts';
import { printProblem } from './report.ts';
import type { Terminal } from './terminal.ts';

export interface ScriptLogLine {
  /** The name before the process id. */
  readonly tag: string;
  readonly debug: boolean;
  readonly message: string;
}

export type WriteScriptLog = (haDir: string, line: ScriptLogLine) => Promise<Result<void>>;

const usageText = `usage: ha_logger [-t TAG] [-D ha-log|ha-debug] MESSAGE ...
  Writes MESSAGE where ha.cf has heartbeat write: to logfile and debugfile, and to syslog.
  -t TAG       the name in the line (default: ha_logger)
  -D ha-debug  as a debug message: to the debugfile only
  --ha-dir DIR the directory of ha.cf
Exit: 0 written, 1 wrong use or not written.
`;

export async function runHaLogger(argv: readonly string[], terminal: Terminal, write: WriteScriptLog): Promise<number> {
  const options = readClassicOptions(
    argv,
    { letters: 'h', lettersWithValue: 'tD', longs: ['help'] },
    terminal.environment,
  );
  if (!options.ok) return usage(terminal, String(options.problem.fields['reason']));
  const { words, letters, longs, directories } = options.value;
  if (letters.has('h') || longs.has('help')) return usage(terminal);
  const log = letters.get('D') ?? 'ha-log';
  if (log !== 'ha-log' && log !== 'ha-debug') return usage(terminal, `-D knows ha-log and ha-debug, not "${log}"`);
  if (words.length === 0) return usage(terminal, 'there is no message');
  const tag = letters.get('t') ?? 'ha_logger';
  const written = await write(directories.haDir, { tag, debug: log === 'ha-debug', message: words.join(' ') });
  if (written.ok) return 0;
  printProblem(terminal, 'ha_logger', written.problem);
  return 1;
}

/** Exit code 1, also for -h, as the original. */
function usage(terminal: Terminal, complaint?: string): number {
  if (complaint !== undefined) terminal.error(`ha_logger: ${complaint}\n`);
  terminal.error(usageText);
  return 1;
}
