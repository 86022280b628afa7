/** IPv6 addresses as text (RFC 4291 section 2.2), without a zone: the core asks no library and no resolver. */

/** The eight groups of the address, or undefined when the text is none. */
export function readIPv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 1 ? [] : groupsOf(halves[1]!, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups (the first of equal ones) as `::`. */
export function printIPv6(groups: readonly number[]): string {
  let [from, length] = [0, 1];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > length) [from, length] = [start, end - start];
  }
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
}

export const isIPv6Address = (text: string): boolean => readIPv6(text) !== undefined;

/** The last group may be an IPv4 address, which stands for two. */
function groupsOf(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    const parts = word.split('.');
    if (isLast && index === words.length - 1 && parts.length === 4) {
      if (!parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
      const [first, second, third, fourth] = parts.map(Number);
      groups.push(first! * 256 + second!, third! * 256 + fourth!);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}
