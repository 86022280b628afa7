/**
 * Standard output and error may lead into a pipe whose reader has gone (`heartbeat -D | head -1`), to a terminal that
 * was closed or to a full disk. Without a listener Node turns that into an uncaught exception: a stack trace from a
 * command, the end of a daemon.
 */

/** What a shell reports of a program that SIGPIPE ended: never 0, that would be an answer of the command. */
const exitPipe = 141;
/** EX_IOERR of sysexits(3). */
const exitInputOutput = 74;

/** `end`: it may run until somebody stops it. `go on`: it does something or answers with its exit code, whoever reads. */
export function quietPipes(whenUnread: 'end' | 'go on'): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (whenUnread === 'end') process.exit(error.code === 'EPIPE' ? exitPipe : exitInputOutput);
  });
  process.stderr.on('error', () => {});
}
