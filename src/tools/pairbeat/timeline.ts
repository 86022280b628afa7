/** `pairbeat timeline`: where the time of the last failovers went. */
import { type Command, InvalidArgumentError } from 'commander';
import { ask } from '../../client/connection.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { timelineText } from './timeline-text.ts';

export function addTimeline(program: Command, session: Session): void {
  const command = program
    .command('timeline')
    .description('the last failovers, phase by phase in milliseconds, and what the node wrote down')
    .option('--count <n>', 'how many entries', wholeNumber(1, 1000));
  withCommonOptions(command).action(async (options: CommonOptions & { readonly count?: number }) => {
    const invocation = invocationOf(session, 'timeline', options);
    const { runDir } = directoriesOf(session, options);
    const answer = await ask(runDir, 'timeline', options.count === undefined ? {} : { count: options.count });
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const report = answer.value;
    session.finish(succeed(invocation, { ...report }, () => timelineText(session.terminal, report)));
  });
}

/** For commander: a whole number within bounds, or a usage error that names them. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}
