/** `pairbeat reload`: the running daemon reads all its files again, or says what that would do. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { reloadText } from '../../protocol/reload-text.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

/** Scripts that are asked for nothing, but files that are read from slow disks. */
export const reloadPatienceMs = 30_000;

export function addReload(program: Command, session: Session): void {
  const command = program
    .command('reload')
    .description('read the configuration again; a file with an error changes nothing')
    .option('--dry-run', 'say what it would do, and do nothing');
  withCommonOptions(command).action(async (options: CommonOptions & { readonly dryRun?: boolean }) => {
    const invocation = invocationOf(session, 'reload', options);
    const { runDir } = directoriesOf(session, options);
    const dryRun = options.dryRun === true;
    const answer = await ask(runDir, 'reload', { dryRun }, { timeoutMs: reloadPatienceMs });
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    session.finish(succeed(invocation, { reload: answer.value }, () => reloadText(answer.value)));
  });
}
