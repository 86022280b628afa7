/** Which lines of the configuration only one of the nodes has. What the other one says is its text, not ours. */
import type { ConfigurationDifferenceReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';

export function differenceText(
  terminal: Terminal,
  names: { readonly here: string; readonly there: string },
  { onlyHere, onlyThere, omitted }: ConfigurationDifferenceReport,
): string {
  const width = Math.max(names.here.length, names.there.length);
  const row = (name: string) => (line: string) =>
    wrap(line, terminal.columns, ' '.repeat(width + 6), `  only ${name.padEnd(width)}: `);
  const rows = [...onlyHere.map(row(names.here)), ...onlyThere.map(row(names.there))];
  return rows.join('') + (omitted > 0 ? `  and ${omitted} more lines\n` : '');
}
