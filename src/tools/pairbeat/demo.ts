/** `pairbeat demo`: the demonstration needs the test lab, which lies in the source tree; this says how to see it. */
import type { Command } from 'commander';
import { succeed } from '../report.ts';
import { type CommonOptions, invocationOf, type Session, withCommonOptions } from './command.ts';

export const demoText = `The demo shows a pair on this one machine: two nodes in network namespaces, an
address that moves between them, and how long a client went without it.

In a clone of the source:

  npm run demo                    watch it, a minute
  npm run demo -- --keep          leave the pair running, to play with
  npm run demo -- --timers seed   with the slow timers of the classic example

Nothing it makes survives it, and nothing of this machine is changed.
`;

export function addDemo(program: Command, session: Session): void {
  const command = program.command('demo').description('how to see a failover on this one machine');
  withCommonOptions(command).action((options: CommonOptions) => {
    const invocation = invocationOf(session, 'demo', options);
    session.finish(succeed(invocation, { command: 'npm run demo' }, () => demoText));
  });
}
