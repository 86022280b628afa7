/** `pairbeat status`: both nodes, links, holdings; once, or redrawn as it changes. */
import type { Command } from 'commander';
import { ask, connect } from '../../client/connection.ts';
import type { Problem } from '../../core/result.ts';
import { describe } from '../../protocol/catalogue.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import type { StatusReport } from '../../protocol/status.ts';
import { fail, type Invocation, succeed } from '../report.ts';
import { wrap } from '../text.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { statusText } from './status-text.ts';

export function addStatus(program: Command, session: Session): void {
  const command = program
    .command('status')
    .description('both nodes, their links, who runs what, and whether the pair would survive a failure')
    .option('--watch', 'redraw as it changes, until Ctrl-C (with --json: a line per change)');
  withCommonOptions(command).action(async (options: CommonOptions & { readonly watch?: boolean }) => {
    const invocation = invocationOf(session, 'status', options);
    const { runDir } = directoriesOf(session, options);
    session.finish(options.watch ? await watch(invocation, runDir) : await once(invocation, runDir));
  });
}

async function once(invocation: Invocation, runDir: string): Promise<number> {
  const answer = await ask(runDir, 'status', {});
  if (!answer.ok) return fail(invocation, answer.problem);
  const status = answer.value;
  return succeed(invocation, status, () => statusText(invocation.terminal, status));
}

const clearScreen = '\u001b[H\u001b[2J';

/** On a terminal it outlives the daemon: that is when somebody wants to see what happens. In a pipe it ends with it. */
async function watch(invocation: Invocation, runDir: string): Promise<number> {
  const { terminal, json } = invocation;
  const { interrupted } = terminal;
  for (;;) {
    const problem = await follow(invocation, runDir);
    if (interrupted.aborted) return exitCodes.ok;
    if (problem === undefined) return exitCodes.ok;
    if (json || !terminal.interactive) return fail(invocation, problem);
    const { what, meaning } = describe(problem);
    terminal.out(
      clearScreen + wrap(`${what} ${meaning} Trying again every second; Ctrl-C ends.`, terminal.columns, ''),
    );
    await pauseOf(1000, interrupted);
    if (interrupted.aborted) return exitCodes.ok;
  }
}

async function follow(invocation: Invocation, runDir: string): Promise<Problem | undefined> {
  const { terminal, json } = invocation;
  const connection = await connect(runDir, 'read');
  if (!connection.ok) return connection.problem;
  const close = () => connection.value.close();
  terminal.interrupted.addEventListener('abort', close, { once: true });
  try {
    let last = '';
    for await (const item of connection.value.stream('watch', {})) {
      if (!item.ok) return item.problem;
      const shown = json
        ? `${JSON.stringify({ request: invocation.request, ...item.value })}\n`
        : draw(invocation, item.value);
      if (shown !== last) terminal.out(terminal.interactive && !json ? clearScreen + shown : shown);
      last = shown;
    }
    return undefined;
  } finally {
    terminal.interrupted.removeEventListener('abort', close);
    close();
  }
}

function draw({ terminal }: Invocation, status: StatusReport): string {
  const text = statusText(terminal, status);
  return terminal.interactive ? text : `${text}\n`;
}

function pauseOf(milliseconds: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    interrupted.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
