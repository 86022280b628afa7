/** `pairbeat unmanage` and `pairbeat manage`: hands off a group while somebody works on its services, and back again. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

export function addManage(program: Command, session: Session): void {
  add(program, session, 'unmanage', 'keep hands off a group that runs here, while you work on its services');
  add(program, session, 'manage', 'the work is done: watch the group again, and start what has stopped');
}

function add(program: Command, session: Session, verb: 'unmanage' | 'manage', description: string): void {
  const command = program
    .command(verb)
    .argument('<group>', 'group key as "pairbeat status" shows it')
    .description(description);
  withCommonOptions(command).action(async (group: string, options: CommonOptions) => {
    const invocation = invocationOf(session, verb, options);
    const answer = await ask(directoriesOf(session, options).runDir, verb, { group });
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    session.finish(succeed(invocation, { group }, () => answers[verb](group)));
  });
}

/** What it means, and what it does not: the one chance to say so before somebody relies on it. */
const answers = {
  unmanage: (group: string): string => `${group} is unmanaged: not monitored, not restarted, not handed over.
Its services may be stopped and started by hand now. When done:
  pairbeat manage ${group}
It still moves if this node dies, is stopped ("heartbeat -k", shutdown) or has to
yield after a split: then it is stopped here and started on the other node.
`,
  manage: (group: string): string => `${group} is managed again.
Its real state is being asked: what has stopped is started.
`,
} as const;
