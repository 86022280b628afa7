/**
 * The one line of a device's output that logs and `status` may show: bounded, without control characters, and without
 * anything that the device was told in confidence.
 */
import { isIP } from 'node:net';
import { type FenceDevice, isSecretName } from '../../../core/config/fencing/fence-device.ts';

const maximumBytes = 200;
/** Shorter values would blank out half of every line. */
const shortestSecret = 3;

/** Of a failure the last line that speaks of one (agents are written in Python, which warns at length), else the last. */
export function deviceWords(device: FenceDevice, output: string, errorOutput: string): string {
  const lines = [...output.split('\n'), ...errorOutput.split('\n')].map(clean).filter((line) => line !== '');
  const telling = lines.findLast((line) =>
    /\b(error|err|crit|critical|fail(ed|ure)?|unable|refused|timed out)\b/i.test(line),
  );
  return shorten(withoutSecrets(device, telling ?? lines.at(-1) ?? ''));
}

export function withoutSecrets({ parameters, pair }: FenceDevice, text: string): string {
  const values =
    parameters.form === 'named'
      ? Object.entries(parameters.values).flatMap(([name, value]) => (isSecretName(name) ? [value] : []))
      : parameters.text.split(/\s+/).filter((word) => !isHarmless(word, [pair?.self, pair?.peer]));
  return values
    .filter((value) => value.length >= shortestSecret)
    .sort((left, right) => right.length - left.length)
    .reduce((shown, value) => shown.replaceAll(value, '***'), text);
}

/** Positional parameters have no names here, and any word may be a password: but for addresses and the pair's own names. */
const isHarmless = (word: string, nodes: readonly (string | undefined)[]): boolean =>
  isIP(word) !== 0 || nodes.includes(word.toLowerCase());

/** Without the time that agents put before a line: the log has its own. */
function clean(line: string): string {
  const printable = Array.from(line, (character) => (isControl(character) ? ' ' : character)).join('');
  return printable
    .trim()
    .replace(/^\d{4}-\d\d-\d\d[ T][\d:.,]+\s*/, '')
    .replace(/^((error|err|critical|crit|warning|warn|info|notice|debug):\s*)+/i, '');
}

function shorten(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maximumBytes) return text;
  return `${bytes.toString('utf8', 0, maximumBytes - 4).replace(/\ufffd+$/, '')}...`;
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
