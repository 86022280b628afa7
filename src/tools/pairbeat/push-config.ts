/** `pairbeat push-config`: the files of this node to the other one; the difference first. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { comparePush, type FileDifference, push } from '../push/push.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

interface PushOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly peerDir?: string;
}

export function addPushConfig(program: Command, session: Session): void {
  const command = program
    .command('push-config')
    .argument('[host]', 'how ssh reaches the other node (its node name)')
    .description(
      'copy ha.cf, haresources, authkeys and pairbeat.conf to the other node over ssh; shows the difference first',
    )
    .option('--yes', 'copy, check and reload over there; without it nothing is changed')
    .option('--dry-run', 'only the difference, also with --yes')
    .option('--peer-dir <dir>', 'configuration directory there (as here)');
  withCommonOptions(command).action(async (argument: string | undefined, options: PushOptions) => {
    const invocation = invocationOf(session, 'push-config', options);
    const { haDir, runDir } = directoriesOf(session, options);
    const host = argument === undefined ? await otherNode(runDir) : success(argument);
    if (!host.ok) return session.finish(fail(invocation, host.problem));
    const target = { host: host.value, directory: options.peerDir ?? haDir };
    const compared = await comparePush(haDir, target);
    if (!compared.ok) return session.finish(fail(invocation, compared.problem));
    const differences = compared.value;
    const shown = differenceText(differences, host.value);
    const names = differences.filter(({ missing }) => missing !== 'here').map(({ name }) => name);
    if (options.yes !== true || options.dryRun === true || names.length === 0) {
      const more =
        names.length > 0 ? 'Nothing was changed. With --yes they are copied, checked and taken up there.\n' : '';
      return session.finish(succeed(invocation, { host: host.value, differences }, () => shown + more));
    }
    if (!invocation.json) session.terminal.out(shown);
    const pushed = await push(haDir, target, names);
    if (!pushed.ok) return session.finish(fail(invocation, pushed.problem));
    const text = (): string => `Copied to ${host.value}, checked and taken up there: ${names.join(', ')}.\n`;
    session.finish(succeed(invocation, { host: host.value, differences, copied: names }, text));
  });
}

async function otherNode(runDir: string): Promise<Result<string>> {
  const status = await ask(runDir, 'status', {});
  if (!status.ok) return status;
  const other = status.value.nodes.find(({ self }) => !self);
  return other === undefined ? failure('usage', { reason: 'Say which host.' }) : success(other.name);
}

function differenceText(differences: readonly FileDifference[], host: string): string {
  if (differences.length === 0) return `${host} has the same files.\n`;
  return differences
    .map(({ name, missing, lines }) => {
      if (missing === 'there') return `${name}: ${host} has none\n`;
      if (missing === 'here') return `${name}: only ${host} has one; it is left alone\n`;
      if (name === 'authkeys') return `${name}: the keys differ (not shown)\n`;
      return `${name}: - as on ${host}, + as here\n${lines.map((line) => `  ${plainText(line)}\n`).join('')}`;
    })
    .join('');
}
