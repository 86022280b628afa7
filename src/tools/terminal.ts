/**
 * Where a command writes, and what it may assume about the reader. Commands take it as an argument, so that tests see
 * exactly what an administrator sees.
 */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** A person is watching: colour and redrawing are welcome. */
  readonly interactive: boolean;
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C: streams end tidily. */
  readonly interrupted: AbortSignal;
}

export function processTerminal(): Terminal {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  const plain = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    interactive: process.stdout.isTTY === true && !plain,
    columns: process.stdout.columns || 80,
    environment: process.env,
    interrupted: interruption.signal,
  };
}

/** For the entry points in bin: the exit code is set, and Node ends once everything is written. */
export async function runAsProcess(
  command: (argv: readonly string[], terminal: Terminal) => Promise<number>,
): Promise<void> {
  const code = await command(process.argv.slice(2), processTerminal());
  process.exitCode = code;
  // Signal handlers do not keep a process alive, but an open stdin pipe may.
  process.stdin.unref?.();
}
