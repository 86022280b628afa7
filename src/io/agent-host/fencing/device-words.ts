/**
 * The one line of a device's output that logs and `status` may show: bounded, without control characters, and without
 * anything that the device was told in confidence.
 */
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

export function withoutSecrets({ parameters }: FenceDevice, text: string): string {
  const values =
    parameters.form === 'named'
      ? Object.entries(parameters.values).flatMap(([name, value]) => (isSecretName(name) ? [value] : []))
      : parameters.text.split(/\s+/).filter((word) => !isHarmless(word));
  return values
    .filter((value) => value.length >= shortestSecret)
    .sort((left, right) => right.length - left.length)
    .reduce((shown, value) => shown.replaceAll(value, '***'), text);
}

/** Positional parameters have no names here: addresses, numbers and the usual words of an IPMI line are no secrets. */
const isHarmless = (word: string): boolean =>
  /^[0-9a-f.:]+$/i.test(word)
    ? /[.:]/.test(word) || word.length < 5
    : /^(lan|lanplus|admin|root|private|public)$/i.test(word);

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
