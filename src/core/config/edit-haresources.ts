/**
 * Puts an address into haresources, or takes one out, and leaves everything else as it is: comments, layout, continued
 * lines. The new word goes behind the last address of its group, never to the front: the first word is the group's name.
 */
import { failure, type Result, success } from '../result.ts';
import { addressFault } from './parse-resource.ts';

export interface HaresourcesEdit {
  readonly text: string;
  /** The group that was changed. */
  readonly group: string;
}

interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Problem codes: address-malformed, address-there, address-group-needed, no-such-group. */
export function addAddress(text: string, address: string, group?: string): Result<HaresourcesEdit> {
  const fault = bare(address) === undefined ? `${address} is no IP address` : addressFault(argumentOf(address));
  if (fault !== undefined) return failure('address-malformed', { address, reason: fault });
  const groups = groupsOf(text);
  const holder = groups.find((words) => words.slice(1).some((word) => bare(word.text) === bare(address)));
  if (holder !== undefined) return failure('address-there', { address, group: keyOf(holder) });
  const chosen = choose(groups, group);
  if (!chosen.ok) return chosen;
  const words = chosen.value.slice(1);
  const behind = words.findLast((word) => bare(word.text) !== undefined) ?? words[0]!;
  return success({
    text: `${text.slice(0, behind.to)} ${address}${text.slice(behind.to)}`,
    group: keyOf(chosen.value),
  });
}

/** What is in the file can be taken out though it could not start. Problem codes: address-malformed, address-not-there, address-names-group. */
export function removeAddress(text: string, address: string, group?: string): Result<HaresourcesEdit> {
  // Words that are no addresses have none in common: without this any service would be the one that is meant.
  if (bare(address) === undefined)
    return failure('address-malformed', { address, reason: `${address} is no IP address` });
  const groups = groupsOf(text).filter((words) => group === undefined || keyOf(words) === group);
  for (const words of groups) {
    const at = words.findIndex((word, index) => index > 0 && bare(word.text) === bare(address));
    if (at < 0) continue;
    if (at === 1) return failure('address-names-group', { address, group: keyOf(words) });
    const { from, to } = words[at]!;
    const before = text.slice(0, from).replace(/[ \t]+$/, '');
    return success({ text: before + text.slice(to), group: keyOf(words) });
  }
  return failure('address-not-there', { address, group: group ?? '' });
}

function choose(groups: readonly (readonly Word[])[], group: string | undefined): Result<readonly Word[]> {
  const keys = groups.map(keyOf).join(' ');
  if (group === undefined && groups.length !== 1) return failure('address-group-needed', { groups: keys });
  const chosen = groups.find((words) => group === undefined || keyOf(words) === group);
  return chosen === undefined ? failure('no-such-group', { group: group ?? '' }) : success(chosen);
}

/** Without the script that an address may be written with. */
const argumentOf = (word: string): string => word.replace(/^[A-Za-z0-9]+::/, '');

const keyOf = (words: readonly Word[]): string => words[1]?.text ?? '';

/** The address itself of `10.0.0.1/24/eth0`, `IPaddr::10.0.0.1/24`, `IPv6addr::2001:db8::1/64`; else nothing. */
function bare(word: string): string | undefined {
  const match = /^(?:(?:IPaddr2?|IPv6addr)::)?([0-9a-fA-F.:]+)(?:\/|$)/.exec(word);
  const address = match?.[1] ?? '';
  return /^\d+\.\d+\.\d+\.\d+$/.test(address) || /:.*:/.test(address) ? address : undefined;
}

/** Node and resources of each line that has both, with their places; continued lines are one. */
function groupsOf(text: string): Word[][] {
  const groups: Word[][] = [];
  let words: Word[] = [];
  let from = 0;
  for (const line of text.split('\n')) {
    const content = line.replace(/#.*$/, '');
    const goesOn = /\\\s*$/.test(content);
    for (const match of content.replace(/\\\s*$/, '').matchAll(/\S+/g))
      words.push({ text: match[0], from: from + match.index, to: from + match.index + match[0].length });
    from += line.length + 1;
    if (goesOn) continue;
    if (words.length > 1) groups.push(words);
    words = [];
  }
  return groups;
}
