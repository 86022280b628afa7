/** `pairbeat reload-keys`: the running daemon reads authkeys again, unless that would cut the pair. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

interface ReloadKeysOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

export function addReloadKeys(program: Command, session: Session): void {
  const command = program
    .command('reload-keys')
    .description('have the daemon read authkeys again; refused if that would cut the pair')
    .option('--dry-run', 'only say whether it would be refused')
    .option('--force', 'even if this node cannot tell what the other one accepts');
  withCommonOptions(command).action(async ({ dryRun, force, ...options }: ReloadKeysOptions) => {
    const invocation = invocationOf(session, 'reload-keys', options);
    const { runDir } = directoriesOf(session, options);
    const args = { ...(dryRun ? { dryRun } : {}), ...(force ? { force } : {}) };
    const answer = await ask(runDir, 'reloadKeys', args);
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const { changed, signsWith, accepts } = answer.value;
    const numbers = accepts.map(({ index }) => index).join(', ');
    const now = dryRun ? 'would sign' : 'signs';
    const text = () =>
      `${changed ? '' : 'Nothing has changed: '}${changed ? 'This' : 'this'} node ${now} with key ${signsWith} and accepts ${numbers}.\n`;
    session.finish(succeed(invocation, { keys: answer.value, dryRun: dryRun === true }, text));
  });
}
