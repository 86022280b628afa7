/** `pairbeat add-address` and `remove-address`: haresources of this node is edited, and the running daemon takes it up. */
import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import { addAddress, type HaresourcesEdit, removeAddress } from '../../core/config/edit-haresources.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { reloadText } from '../../protocol/reload-text.ts';
import { fail, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { reloadPatienceMs } from './reload.ts';

interface AddressOptions extends CommonOptions {
  readonly group?: string;
  readonly dryRun?: boolean;
}

type Edit = (text: string, address: string, group?: string) => Result<HaresourcesEdit>;

export function addAddressCommands(program: Command, session: Session): void {
  addOne(program, session, 'add-address', 'an address for a group, while it runs', addAddress);
  addOne(program, session, 'remove-address', 'take an address from a group, while it runs', removeAddress);
}

function addOne(program: Command, session: Session, name: string, description: string, edit: Edit): void {
  const command = program
    .command(name)
    .argument('<address>', 'as in haresources: 192.168.1.101/24/eth0')
    .description(description)
    .option('--group <key>', 'which group, where haresources has several')
    .option('--dry-run', 'show the new line, change nothing');
  withCommonOptions(command).action(async (address: string, options: AddressOptions) => {
    const invocation = invocationOf(session, name, options);
    const { haDir, runDir } = directoriesOf(session, options);
    const path = join(haDir, 'haresources');
    const edited = editFile(path, (text) => edit(text, address, options.group), options.dryRun === true);
    if (!edited.ok) return session.finish(fail(invocation, edited.problem));
    const { group, line, backup } = edited.value;
    if (options.dryRun === true)
      return session.finish(succeed(invocation, { group, line }, () => `${path} would say for ${group}:\n  ${line}\n`));
    const reloaded = await ask(runDir, 'reload', {}, { timeoutMs: reloadPatienceMs });
    if (!reloaded.ok && reloaded.problem.code !== 'daemon-not-running') {
      // Nothing was taken up: the file says again what holds.
      renameSync(backup, path);
      return session.finish(fail(invocation, reloaded.problem));
    }
    const there = `pairbeat ${name} ${address} --group ${group}`;
    const text = (): string =>
      `${path} says for ${group} now:\n  ${line}\n(before: ${backup})\n` +
      (reloaded.ok ? reloadText(reloaded.value) : 'heartbeat does not run here: it counts from its next start on.\n') +
      `On the other node: ${there}\n`;
    const reload = reloaded.ok ? { reload: reloaded.value } : {};
    session.finish(succeed(invocation, { group, line, backup, onTheOtherNode: there, ...reload }, text));
  });
}

interface EditedFile {
  readonly group: string;
  /** The line that was changed, as it is now. */
  readonly line: string;
  readonly backup: string;
}

/** Whole or not at all: written beside it, then renamed; what was there before stays as `.before`. */
function editFile(path: string, edit: (text: string) => Result<HaresourcesEdit>, dryRun: boolean): Result<EditedFile> {
  const backup = `${path}.before`;
  try {
    const before = readFileSync(path, 'utf8');
    const edited = edit(before);
    if (!edited.ok) return edited;
    const { text, group } = edited.value;
    const old = before.split('\n');
    const line = text.split('\n').find((candidate, at) => candidate !== old[at]) ?? '';
    if (!dryRun) {
      copyFileSync(path, backup);
      const file = openSync(`${path}.new`, 'w', statSync(path).mode & 0o777);
      writeSync(file, text);
      fsyncSync(file);
      closeSync(file);
      renameSync(`${path}.new`, path);
    }
    return success({ group, line, backup });
  } catch (error) {
    return failure('file-not-writable', { path, error: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}
