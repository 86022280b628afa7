/**
 * What changed from one document to the next, in lines that a person reads. Both are printed one element per line, so lines are
 * the unit; a line that only moved is no difference. The version in the root element always changes and is left out.
 */
import { tidyText } from './entry.ts';
import { withoutRootVersion } from './root-element.ts';

const linesMax = 40;
const lineLength = 200;

/** `- ` before what went, `+ ` before what came, in the order of the documents; at most 40 lines, the last says how many more. */
export function differenceOf(before: string, after: string): readonly string[] {
  const [left, right] = differingParts(withoutRootVersion(before), withoutRootVersion(after));
  const old = linesOf(left);
  const current = linesOf(right);
  const went = without(old, current).map((line) => `- ${line}`);
  const came = without(current, old).map((line) => `+ ${line}`);
  return bounded([...went, ...came]);
}

/** Whole lines between what both begin and what both end with: usually a few out of many thousands. */
function differingParts(before: string, after: string): readonly [string, string] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && endsAlike(before, after, tail)) tail++;
  const from = start === 0 ? 0 : before.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = before.indexOf('\n', before.length - tail);
  const rest = lineEnd < 0 ? 0 : before.length - lineEnd;
  return [before.slice(from, before.length - rest), after.slice(from, after.length - rest)];
}

function endsAlike(before: string, after: string, tail: number): boolean {
  return before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail);
}

function linesOf(part: string): readonly string[] {
  return part
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Lines of `lines` that `others` has not, each as often as it is missing there. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

function bounded(lines: readonly string[]): readonly string[] {
  const shown = lines.length <= linesMax ? lines : lines.slice(0, linesMax - 1);
  const more = lines.length - shown.length;
  return [...shown.map((line) => tidyText(line, lineLength)), ...(more > 0 ? [`... and ${more} more lines`] : [])];
}
