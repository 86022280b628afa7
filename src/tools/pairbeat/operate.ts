/** `pairbeat cleanup` and `pairbeat acknowledge-split`: an operator's word that something has been dealt with. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

export function addCleanup(program: Command, session: Session): void {
  const command = program
    .command('cleanup')
    .argument('[group]', 'group key as "pairbeat status" shows it; all groups without')
    .description('forget failed starts and stops: says that the group is stopped where its stop failed');
  withCommonOptions(command).action(async (group: string | undefined, options: CommonOptions) => {
    const invocation = invocationOf(session, 'cleanup', options);
    const { runDir } = directoriesOf(session, options);
    const answer = await ask(runDir, 'cleanup', group === undefined ? {} : { group });
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const text = () => `Failures of ${group ?? 'all groups'} are forgotten.\n`;
    session.finish(succeed(invocation, { group: group ?? 'all' }, text));
  });
}

export function addAcknowledgeSplit(program: Command, session: Session): void {
  const command = program
    .command('acknowledge-split')
    .description('the SPLIT record has been seen, and the data of both nodes compared');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const invocation = invocationOf(session, 'acknowledge-split', options);
    const { runDir } = directoriesOf(session, options);
    const status = await ask(runDir, 'status', {});
    if (!status.ok) return session.finish(fail(invocation, status.problem));
    const { split } = status.value;
    if (split === undefined) return session.finish(fail(invocation, { code: 'no-split', fields: {} }));
    const answer = await ask(runDir, 'acknowledgeSplit', {});
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const text = () => `Acknowledged: the split in which ${split.groups.join(', ')} ran on both nodes.\n`;
    session.finish(succeed(invocation, { split }, text));
  });
}
