/** `pairbeat check`: the daemon's own parsers on a directory, before anything is started or reloaded. */
import type { Command } from 'commander';
import { checkPeer } from './check-peer.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

interface CheckOptions extends CommonOptions {
  readonly asHeartbeat?: boolean;
  readonly node?: string;
  readonly peer?: boolean;
}

export function addCheck(program: Command, session: Session): void {
  const command = program
    .command('check')
    .argument('[dir]', 'configuration directory')
    .description('check ha.cf, haresources, authkeys and pairbeat.conf, and say what they would do')
    .option('--as-heartbeat', 'would Heartbeat 3.0.6 still load these files, and act alike')
    .option('--peer', 'do these files mean the same as what the other node runs with (needs the daemon)')
    .option('--node <name>', 'check as if on this node');
  withCommonOptions(command).action(async (argument: string | undefined, options: CheckOptions) => {
    const directory = argument ?? options.haDir;
    if (options.peer) {
      const directories = directoriesOf(session, {
        ...options,
        ...(directory === undefined ? {} : { haDir: directory }),
      });
      const invocation = invocationOf(session, 'check', options);
      return session.finish(await checkPeer(invocation, session.services, directories));
    }
    const wanted = {
      asHeartbeat: options.asHeartbeat === true,
      json: options.json === true,
      ...(directory === undefined ? {} : { directory }),
      ...(options.node === undefined ? {} : { node: options.node }),
    };
    session.finish(await session.services.check(wanted, (text) => session.terminal.out(text)));
  });
}
