/** The command around keygen.ts. */
import { type Command, Option } from 'commander';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { authkeysText, type KeygenOptions, keygenMethods, writeAuthkeys } from './keygen.ts';
import { wholeNumber } from './timeline.ts';

export function addKeygen(program: Command, session: Session): void {
  const command = program
    .command('keygen')
    .description('an authkeys file with a random key')
    .addOption(
      new Option('--method <method>', 'how packets are signed, or sealed (encrypted as well)')
        .choices(keygenMethods)
        .default('sha256'),
    )
    .option('--index <n>', 'number of the key', wholeNumber(1, 15), 1)
    .option('--write', 'write <ha-dir>/authkeys (mode 0600) instead of printing; never overwrites');
  withCommonOptions(command).action((options: CommonOptions & KeygenOptions & { readonly write?: boolean }) => {
    const invocation = invocationOf(session, 'keygen', options);
    const text = authkeysText(options);
    const { method, index } = options;
    if (!options.write) return session.finish(succeed(invocation, { method, index, authkeys: text }, () => text));
    const written = writeAuthkeys(directoriesOf(session, options).haDir, text);
    if (!written.ok) return session.finish(fail(invocation, written.problem));
    const path = written.value;
    // The key itself is not repeated: terminals are logged.
    session.finish(
      succeed(
        invocation,
        { method, index, path },
        () => `${path} written. Copy it to the other node, mode 0600, owner root.\n`,
      ),
    );
  });
}
