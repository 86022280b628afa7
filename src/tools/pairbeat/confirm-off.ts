/**
 * `pairbeat confirm-off NODE`: the operator has seen that a node is off, by going there or by other means than ours. The
 * one word that can start a resource a second time if it is wrong, so it is not taken without `--yes`.
 */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

interface ConfirmOptions extends CommonOptions {
  readonly yes?: boolean;
}

export function addConfirmOff(program: Command, session: Session): void {
  const command = program
    .command('confirm-off')
    .argument('<node>', 'the node that is off')
    .option('--yes', 'it is off: I have looked, and not only asked over the network')
    .description('the other node is off: what it ran may be started here without its having been fenced');
  withCommonOptions(command).action(async (node: string, options: ConfirmOptions) => {
    const invocation = invocationOf(session, 'confirm-off', options);
    const { runDir } = directoriesOf(session, options);
    if (options.yes !== true)
      return session.finish(fail(invocation, { code: 'confirm-off-needs-yes', fields: { node } }));
    const answer = await ask(runDir, 'confirmOff', { node });
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const text = () => `${node} counts as off: what it ran is started here now. See "pairbeat status".\n`;
    session.finish(succeed(invocation, { node }, text));
  });
}
