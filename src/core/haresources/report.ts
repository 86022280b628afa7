/**
 * The report: what a node says of itself and its groups, carried by every keepalive and every R1 message between two
 * Pairbeat nodes (a real Heartbeat ignores these fields). `version` grows with every change; `ack` is the peer's
 * version that this node has acted upon, which is what makes withdrawing an offer safe.
 */
import type { Field, Message } from '../transport/message.ts';
import { textOf } from '../transport/message.ts';
import { type GroupLetter, isLetter } from './letters.ts';
import { decodeResources, encodeResources, type SaidResource } from './resource-lists.ts';

export type ReportStage = 'joining' | 'member' | 'leaving' | 'left' | 'paused';

export interface GroupStatement {
  readonly key: string;
  readonly letter: GroupLetter;
  /** Started on silence alone since the last time both agreed: such a holder yields after a split. */
  readonly marked: boolean;
  /** Somebody works on it there: it is not given away. */
  readonly unmanaged?: boolean;
  /** Who owns the group by the sender's haresources. */
  readonly owner: string;
  /** What it consists of; only while the lists of the two nodes differ. */
  readonly resources?: readonly SaidResource[];
}

export interface Report {
  readonly version: number;
  readonly ack: number;
  /** The incarnation of the peer whose versions `ack` counts; 0 when none was heard. */
  readonly ackGeneration: number;
  readonly stage: ReportStage;
  readonly groups: readonly GroupStatement[];
  /** Only from a node whose ha.cf names ping nodes. */
  readonly pings?: PingReport;
  /** The peer's incarnation that the sender has fenced: to be read by the one that it believes dead. */
  readonly fenced?: number;
  /** Digest of the resource lists of all groups; absent in what an older version says. */
  readonly lists?: string;
}

/** How many ping nodes answer the sender: now, and when it found the split that is being settled. */
export interface PingReport {
  readonly live: number;
  readonly disputed?: number;
}

/** More than any two-node pair has; a report beyond it is not believed. */
const groupsMax = 512;
const stageLetters: Readonly<Record<ReportStage, string>> = {
  joining: 'j',
  member: 'm',
  leaving: 'l',
  left: 'd',
  paused: 'p',
};

export function encodeReport(report: Report): Field[] {
  const head = `${report.version} ${report.ack} ${stageLetters[report.stage]} ${report.ackGeneration.toString(16)}`;
  const groups = report.groups.map((group) => `${group.letter}${signOf(group)}${group.owner}:${group.key}`);
  const fields = [
    { name: 'pbrep', value: head },
    { name: 'pbgrp', value: groups.join(' ') },
    ...(report.pings === undefined ? [] : [{ name: 'pbping', value: pingText(report.pings) }]),
  ];
  if (report.fenced !== undefined) fields.push({ name: 'pbfen', value: report.fenced.toString(16) });
  if (report.lists !== undefined) fields.push({ name: 'pbcfg', value: report.lists });
  const lists = report.groups.flatMap(({ resources }) => (resources === undefined ? [] : [encodeResources(resources)]));
  if (lists.length > 0) fields.push({ name: 'pbres', value: lists.join(' ') });
  return fields;
}

/** The text that decides whether a new version is due: all but version and ack. */
export function reportContent(report: Report): string {
  return encodeReport({ ...report, version: 0, ack: 0 })
    .map((field) => field.value)
    .join('\n');
}

/** `undefined` when the message carries none, or one that makes no sense. */
export function decodeReport(message: Message): Report | undefined {
  const head = textOf(message, 'pbrep');
  const body = textOf(message, 'pbgrp');
  if (head === undefined || body === undefined) return undefined;
  const match = /^(\d{1,15}) (\d{1,15}) ([jmldp]) ([0-9a-f]{1,12})$/.exec(head);
  const stage = (Object.keys(stageLetters) as ReportStage[]).find((name) => stageLetters[name] === match?.[3]);
  if (match === null || stage === undefined) return undefined;
  const words = body === '' ? [] : body.split(' ');
  if (words.length > groupsMax) return undefined;
  const groups: GroupStatement[] = [];
  for (const word of words) {
    const statement = decodeStatement(word);
    if (statement === undefined) return undefined;
    groups.push(statement);
  }
  const lists = textOf(message, 'pbcfg');
  if (lists !== undefined && !/^[0-9a-f]{16}$/.test(lists)) return undefined;
  const resources = decodeLists(textOf(message, 'pbres'), groups.length);
  if (resources === undefined) return undefined;
  return {
    version: Number(match[1]),
    ack: Number(match[2]),
    ackGeneration: Number.parseInt(match[4]!, 16),
    stage,
    groups: groups.map((group, at) => (resources[at] === undefined ? group : { ...group, resources: resources[at] })),
    ...(lists === undefined ? {} : { lists }),
    ...decodePings(message),
  };
}

function pingText({ live, disputed }: PingReport): string {
  return disputed === undefined ? String(live) : `${live} ${disputed}`;
}

function decodePings(message: Message): { readonly pings?: PingReport } {
  const match = /^(\d{1,3})(?: (\d{1,3}))?$/.exec(textOf(message, 'pbping') ?? '');
  if (match === null) return {};
  const live = Number(match[1]);
  return { pings: match[2] === undefined ? { live } : { live, disputed: Number(match[2]) } };
}

/** One word for each group, in their order; none at all where the digest says everything. */
function decodeLists(text: string | undefined, groups: number): readonly (readonly SaidResource[])[] | undefined {
  if (text === undefined || text === '') return [];
  const lists = text.split(' ').map(decodeResources);
  if (lists.length !== groups) return undefined;
  return lists.every((list) => list !== undefined) ? lists : undefined;
}

function decodeStatement(word: string): GroupStatement | undefined {
  const letter = word.slice(0, 1);
  const sign = word.slice(1, 2);
  const colon = word.indexOf(':', 2);
  if (!isLetter(letter) || !'.*=#'.includes(sign) || colon < 3) return undefined;
  const unmanaged = sign === '=' || sign === '#' ? { unmanaged: true } : {};
  const marked = sign === '*' || sign === '#';
  return { letter, marked, ...unmanaged, owner: word.slice(2, colon), key: word.slice(colon + 1) };
}

/** One sign behind the letter: `*` marked, `=` unmanaged, `#` both, `.` neither. */
function signOf({ marked, unmanaged }: GroupStatement): string {
  if (unmanaged === true) return marked ? '#' : '=';
  return marked ? '*' : '.';
}
