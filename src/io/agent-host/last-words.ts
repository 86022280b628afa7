/** The one line of an agent's output that an administrator should see. */

const maximumLength = 300;
const exitReasonPrefix = 'ocf-exit-reason:';

/** The last `ocf-exit-reason:` of standard error (OCF API 1.1), else the last line of standard error, else of output. */
export function lastWords(output: string, errorOutput: string): string | undefined {
  const lines = errorOutput.split('\n');
  const exitReason = lines.findLast((line) => line.startsWith(exitReasonPrefix))?.slice(exitReasonPrefix.length);
  const words = clean(exitReason ?? '') || lastLine(lines) || lastLine(output.split('\n'));
  return words === '' ? undefined : words;
}

function lastLine(lines: readonly string[]): string {
  return clean(lines.findLast((line) => clean(line) !== '') ?? '');
}

/** Agents' words end up in logs and on terminals: no control characters, bounded. */
function clean(line: string): string {
  const printable = Array.from(line, (character) => (isControl(character) ? ' ' : character))
    .join('')
    .trim();
  return printable.length > maximumLength ? `${printable.slice(0, maximumLength)}...` : printable;
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
