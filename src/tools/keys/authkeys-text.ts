/**
 * Changes of authkeys as text: one line more, one less, another number behind `auth`. Lines that are not concerned stay
 * as they are, comments included. A comment says which exchange is under way, so that either node can go on with it.
 */
import type { Exchange } from './rotation.ts';

const exchangeLine = /^#\s*rotate-key: key (\d{1,2}) replaces key (\d{1,2})\b/;

export function exchangeIn(text: string): Partial<Exchange> {
  for (const line of text.split('\n')) {
    const match = exchangeLine.exec(line);
    if (match !== null) return { next: Number(match[1]), old: Number(match[2]) };
  }
  return {};
}

export function withKey(text: string, exchange: Exchange, method: string, secret: string): string {
  const line = `${exchange.next} ${method}${secret === '' ? '' : ` ${secret}`}`;
  return joined([...withExchange(linesOf(text), exchange), line]);
}

/** The auth line has to stand above the key that it names: it goes where the first one of either kind was. */
export function signingWith(text: string, exchange: Exchange): string {
  const lines = withExchange(linesOf(text), exchange);
  const at = lines.findIndex((line) => isAuthLine(line) || numberOf(line) !== undefined);
  const before = lines.slice(0, Math.max(0, at));
  const after = lines.slice(Math.max(0, at)).filter((line) => !isAuthLine(line));
  return joined([...before, `auth ${exchange.next}`, ...after]);
}

/** The comment stays: whoever asks later learns that the exchange is complete, and does not begin another. */
export function withoutKey(text: string, exchange: Exchange): string {
  return joined(withExchange(linesOf(text), exchange).filter((line) => numberOf(line) !== exchange.old));
}

function withExchange(lines: readonly string[], { next, old }: Exchange): string[] {
  return [
    `# rotate-key: key ${next} replaces key ${old} ("pairbeat rotate-key" goes on with it on either node)`,
    ...lines.filter((line) => !exchangeLine.test(line)),
  ];
}

function isAuthLine(line: string): boolean {
  return line.trimStart().startsWith('a');
}

function numberOf(line: string): number | undefined {
  const match = /^\s*(\d{1,9})/.exec(line);
  return match === null ? undefined : Number(match[1]);
}

function linesOf(text: string): string[] {
  return text.replace(/\n+$/, '').split('\n');
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
