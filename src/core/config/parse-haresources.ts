/**
 * haresources: `node resource resource ...`, one group a line. A line ends in a blank and `\` to go on below; `#`
 * starts a comment that runs to the end of the whole logical line (tried out on 3.0.6, whose shell script joins first).
 */

import type { NodeName } from '../types.ts';
import { groupKey, nodeName } from '../types.ts';
import type { GroupConfiguration } from './configuration.ts';
import type { Place, Reporter } from './findings.ts';
import { wholeFile } from './findings.ts';
import type { HostFacts } from './host-facts.ts';
import type { Line, Word } from './lexer.ts';
import { maxLineLength, splitLines, withoutComment, wordsOf } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import { isReadable } from './parse-ha-cf.ts';
import { parseResource } from './parse-resource.ts';

export interface ParsedGroup {
  readonly group: GroupConfiguration;
  readonly words: readonly Word[];
}

/** `nodes` is empty when ha.cf named none: then the names are not compared. */
export function parseHaresources(
  text: string,
  nodes: readonly NodeName[],
  host: HostFacts,
  reporter: Reporter,
): ParsedGroup[] {
  const groups: ParsedGroup[] = [];
  for (const parts of logicalLines(text, reporter)) {
    const group = parseGroup(parts, groups, nodes, host, reporter);
    if (group !== undefined) groups.push(group);
  }
  if (groups.length === 0) reporter.report('groups-missing', wholeFile('haresources'));
  return groups;
}

/** The physical lines of each logical one. A line that is all comment neither goes on nor is part of another. */
function* logicalLines(text: string, reporter: Reporter): Generator<Line[]> {
  let parts: Line[] = [];
  for (const line of splitLines('haresources', text)) {
    if (!isReadable(line, reporter)) continue;
    if (parts.length === 0 && line.text.trimStart().startsWith('#')) continue;
    parts.push(line);
    if (line.text.endsWith('\\') && !tooLong(parts)) continue;
    yield parts;
    parts = [];
  }
  if (parts.length > 0) yield parts;
}

function tooLong(parts: readonly Line[]): boolean {
  return parts.reduce((sum, part) => sum + part.text.length, 0) > maxLineLength;
}

/** Words of all parts with the places of the physical lines; nothing behind the first `#`. */
function groupWords(parts: readonly Line[], reporter: Reporter): Word[] {
  const words: Word[] = [];
  for (const [position, part] of parts.entries()) {
    const goesOn = position < parts.length - 1 || part.text.endsWith('\\');
    const text = goesOn ? part.text.slice(0, -1) : part.text;
    // The first word is a node's name in the eyes of Heartbeat's daemon, a backslash or # in it included.
    const glued = words.length === 0 && /^\s*\S*\\$/.test(part.text);
    const line = { ...part, text: glued ? part.text : text };
    const hidden = words.length === 0 ? /^\s*[^\s#]+#\S*/.exec(part.text) : null;
    if (hidden !== null) return wordsOf({ ...part, text: hidden[0] }, 'blank');
    for (const word of wordsOf(withoutComment(line), 'blank')) words.push({ ...word, source: part.text });
    if (!line.text.includes('#')) continue;
    if (position < parts.length - 1) {
      const hash = {
        ...words[0]!,
        line: part.number,
        column: part.text.indexOf('#') + 1,
        length: 1,
        source: part.text,
      };
      reporter.report('continuation-in-comment', hash);
    }
    break;
  }
  return words;
}

function parseGroup(
  parts: readonly Line[],
  groups: readonly ParsedGroup[],
  nodes: readonly NodeName[],
  host: HostFacts,
  reporter: Reporter,
): ParsedGroup | undefined {
  const [first, ...words] = groupWords(parts, reporter);
  if (first === undefined) return undefined;
  const owner = nodeName(first.text);
  if (nodes.length > 0 && !nodes.includes(owner)) {
    const fields = {
      node: first.text.slice(0, 120),
      nodes: nodes.join(', '),
      nearest: nearestWord(owner, nodes) ?? '',
    };
    reporter.report('resource-node-unknown', first, fields);
  }
  const last = words.at(-1);
  if (last?.text === '\\') {
    reporter.report('continuation-broken', last);
    words.pop();
  }
  const key = words[0];
  if (key === undefined) {
    reporter.report('group-empty', first, { node: owner });
    return undefined;
  }
  const twice = checkKey(key, words, groups, reporter);
  const resources = words
    .map((word) => parseResource(word, host, reporter))
    .filter((resource) => resource !== undefined);
  if (!twice) checkShared(words, owner, groups, reporter);
  return { group: { key: groupKey(key.text), index: groups.length, owner, resources }, words };
}

/** True when the group is there already. */
function checkKey(key: Word, words: readonly Word[], groups: readonly ParsedGroup[], reporter: Reporter): boolean {
  for (const other of groups) {
    const otherKey = other.words[0]!;
    if (otherKey.text === key.text) {
      reporter.report('group-twice', key, { key: key.text, line: otherKey.line });
      return true;
    }
    // Heartbeat greps for ` key ` with every dot standing for any character.
    if (other.words.some((word) => matchesAsPattern(key.text, word.text))) {
      reporter.report('group-ambiguous', key, { key: key.text, line: otherKey.line });
    }
    const hit = words.find((word) => matchesAsPattern(otherKey.text, word.text));
    if (hit !== undefined) reporter.report('group-ambiguous', hit, { key: otherKey.text, line: hit.line });
  }
  return false;
}

function matchesAsPattern(key: string, text: string): boolean {
  return (
    key.length === text.length && [...key].every((character, index) => character === '.' || character === text[index])
  );
}

/** The same resource in two groups; for an address with different owners that is a split written down. */
function checkShared(
  words: readonly Word[],
  owner: NodeName,
  groups: readonly ParsedGroup[],
  reporter: Reporter,
): void {
  for (const word of words) {
    for (const other of groups) {
      const place = findShared(word, other);
      if (place === undefined) continue;
      const address = addressOf(word.text);
      if (address !== undefined && other.group.owner !== owner) {
        reporter.report('address-in-two-groups', word, { address, line: place.line });
      } else if (word !== words[0] || place !== other.words[0]) {
        reporter.report('resource-twice', word, { resource: word.text, line: place.line });
      }
    }
  }
}

function findShared(word: Word, other: ParsedGroup): Place | undefined {
  // Mail may be sent for every group.
  if (word.text.startsWith('MailTo::')) return undefined;
  const address = addressOf(word.text);
  return other.words.find((candidate) =>
    address === undefined ? candidate.text === word.text : addressOf(candidate.text) === address,
  );
}

/** The bare address of `10.0.0.1/24/eth0`, `IPaddr::10.0.0.1/24`, `IPaddr2::10.0.0.1`. */
function addressOf(written: string): string | undefined {
  const match = /^(?:IPaddr2?::)?(\d+\.\d+\.\d+\.\d+)(?:\/|$)/.exec(written);
  return match?.[1];
}
