/**
 * Reads and writes the version in the root element of a CIB and leaves every other byte alone. A commit of a configuration with
 * thousands of resources then costs no second parse and no second print, and what the store keeps is what it was given.
 */
import { type Version, versionOf } from './version.ts';

interface RootAttribute {
  readonly name: string;
  /** With the blanks before it. */
  readonly from: number;
  /** Between the quotes. */
  readonly start: number;
  readonly end: number;
}

interface RootElement {
  /** Behind `<cib`. */
  readonly nameEnd: number;
  readonly attributes: readonly RootAttribute[];
}

const versionNames: readonly string[] = ['admin_epoch', 'epoch', 'num_updates'];

/** `undefined`: no `<cib>` there, or a version in it that is no number. A missing attribute counts as 0, as in Pacemaker. */
export function readRootVersion(document: string): Version | undefined {
  const root = findRoot(document);
  if (root === undefined) return undefined;
  const [adminEpoch, epoch, numUpdates] = versionNames.map((wanted) => {
    const found = root.attributes.find(({ name }) => name === wanted);
    return found === undefined ? '0' : document.slice(found.start, found.end);
  });
  return versionOf(adminEpoch!, epoch!, numUpdates!);
}

/** The caller has seen that `readRootVersion` finds one. */
export function withRootVersion(document: string, version: Version): string {
  const root = findRoot(document);
  if (root === undefined) return document;
  const values = [version.adminEpoch, version.epoch, version.numUpdates];
  const missing = versionNames.map((name, index) =>
    root.attributes.some((attribute) => attribute.name === name) ? '' : ` ${name}="${values[index]}"`,
  );
  let result = document.slice(0, root.nameEnd) + missing.join('');
  let at = root.nameEnd;
  for (const { name, start, end } of root.attributes) {
    const index = versionNames.indexOf(name);
    if (index < 0) continue;
    result += document.slice(at, start) + String(values[index]);
    at = end;
  }
  return result + document.slice(at);
}

export function withoutRootVersion(document: string): string {
  let result = '';
  let at = 0;
  for (const { name, from, end } of findRoot(document)?.attributes ?? []) {
    if (!versionNames.includes(name)) continue;
    result += document.slice(at, from);
    at = end + 1;
  }
  return result + document.slice(at);
}

function findRoot(document: string): RootElement | undefined {
  const start = startOfRoot(document);
  const name = /<cib(?=[\s/>])/y;
  name.lastIndex = start;
  if (!name.test(document)) return undefined;
  const nameEnd = name.lastIndex;
  const attributes: RootAttribute[] = [];
  const attribute = /\s+([^\s=/>"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  attribute.lastIndex = nameEnd;
  for (let match = attribute.exec(document); match !== null; match = attribute.exec(document)) {
    const end = attribute.lastIndex - 1;
    attributes.push({ name: match[1]!, from: match.index, start: end - (match[2] ?? match[3]!).length, end });
  }
  const close = /\s*\/?>/y;
  close.lastIndex = attributes.at(-1) === undefined ? nameEnd : attributes.at(-1)!.end + 1;
  return close.test(document) ? { nameEnd, attributes } : undefined;
}

/** Behind the declaration, comments and blanks. A document type is refused: nothing in a CIB needs one. */
function startOfRoot(document: string): number {
  let at = document.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    const blank = /\s*/y;
    blank.lastIndex = at;
    blank.test(document);
    at = blank.lastIndex;
    const end = document.startsWith('<!--', at)
      ? endOf(document, '-->', at + 4)
      : document.startsWith('<?', at)
        ? endOf(document, '?>', at + 2)
        : undefined;
    if (end === undefined) return at;
    at = end;
  }
}

function endOf(document: string, mark: string, from: number): number | undefined {
  const found = document.indexOf(mark, from);
  return found < 0 ? undefined : found + mark.length;
}
