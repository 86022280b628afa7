/**
 * The file of a `stonith TYPE FILE` line. 3.0.6 takes the first line that is neither empty nor a comment, with the
 * parameters in the order of the type. Besides that a file of `name=value` lines is read, one parameter a line, so that
 * a value may have blanks in it.
 */
import type { Reporter } from '../findings.ts';
import type { HostFacts } from '../host-facts.ts';
import type { Word } from '../lexer.ts';
import { type FenceParameters, readParameters } from './fence-device.ts';

/** What the machine says of the file; `text` only of a regular file of at most `maxFenceFileBytes`. */
export interface FenceFile {
  readonly text?: string;
  readonly problem?: string;
  readonly mode: number;
  readonly ownerId: number;
  readonly runningId: number;
}

export const maxFenceFileBytes = 65_536;

/** Undefined when the device cannot be used; the reason is reported. Unknown (another machine's file) is empty. */
export function readFenceFile(path: Word, host: HostFacts, reporter: Reporter): FenceParameters | undefined {
  if (host.fenceFile === undefined) return { form: 'positional', text: '' };
  const file = host.fenceFile(path.text);
  if (file.text === undefined) {
    reporter.report('fence-file-unreadable', path, { path: path.text, reason: file.problem ?? 'unknown' });
    return undefined;
  }
  if (!checkModes(path, file, reporter)) return undefined;
  const lines = file.text.split('\n').map((line) => line.replace(/\r$/, ''));
  const said = lines.filter((line) => line !== '' && !line.startsWith('#') && line.trim() !== '');
  const [first] = said;
  if (first === undefined) {
    reporter.report('fence-file-empty', path, { path: path.text });
    return undefined;
  }
  const named = readParameters(said.map((line) => line.trimStart()));
  if (named.form === 'positional') return { form: 'positional', text: first.trim() };
  reporter.report('fence-file-named', path, { path: path.text });
  return named;
}

/** Whoever may write it could take the pair's protection away: refused. Readable by others: said. */
function checkModes(path: Word, file: FenceFile, reporter: Reporter): boolean {
  const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
  const fields = { path: path.text, mode };
  const foreign = file.ownerId !== 0 && file.ownerId !== file.runningId;
  if (foreign || (file.mode & 0o022) !== 0) {
    reporter.report('fence-file-unsafe', path, { ...fields, owner: foreign });
    return false;
  }
  if ((file.mode & 0o044) !== 0) reporter.report('fence-file-mode', path, fields);
  return true;
}
