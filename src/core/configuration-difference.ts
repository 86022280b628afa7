/**
 * In what do the files of the two nodes differ? When the digests in the keepalives do, each node fetches the lines
 * behind the other one's digest, part by part, and shows which lines only one of them has. It ends when the digests
 * agree again. Nothing is decided by it: that groups which only one file has are not started beside the other node is
 * the gate's business.
 *
 * Everything is pulled, and bounded on both sides: a peer that has the key but no sense can neither make this node
 * remember more than one configuration nor make it talk more than a few times a second.
 */
import type { NodeEvent } from './events.ts';
import type { NodeState } from './node-state.ts';
import { parseDecimalNumber } from './transport/bytes.ts';
import { crcOf } from './transport/mac.ts';
import { type Message, messageOf, textOf } from './transport/message.ts';
import { type Microseconds, usPerSecond } from './types.ts';

export interface ConfigurationDifference {
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
}

export interface MeaningExchange {
  /** Digest of the peer's that is asked about, as its keepalive carries it; empty while there is no difference. */
  digest: string;
  /** Our own digest when that began. */
  own: string;
  /** Parts are expected: from the first question until the last part, or until nonsense came. */
  isOpen: boolean;
  /** Parts that have come, in order; the next one is asked for. */
  received: string[];
  asked: number;
  nextAskUs: Microseconds;
  /** Once all parts have come. */
  theirs: readonly string[] | undefined;
  difference: ConfigurationDifference | undefined;
  /** Answers given in the second that began then. */
  answers: { sinceUs: Microseconds; count: number };
}

/** In `pbcaps` of whoever answers `pbask`. */
export const configurationCapability = 'configuration';

export const digestDigits = 16;
const partLength = 1024;
const partsMax = 128;
const answersPerSecond = 32;
/** The first questions come quickly; a peer that never answers is asked once a minute. */
const quickAsks = 10;
const quickAskUs = usPerSecond;
const slowAskUs = 60 * usPerSecond;
/** Lines of each side in the log. */
const linesLogged = 8;

export function createMeaningExchange(): MeaningExchange {
  return {
    digest: '',
    own: '',
    isOpen: false,
    received: [],
    asked: 0,
    nextAskUs: 0,
    theirs: undefined,
    difference: undefined,
    answers: { sinceUs: 0, count: 0 },
  };
}

/** With every status of the peer: `digest` is what it carries. */
export function followDifference(state: NodeState, digest: string, differs: boolean, status: Message): void {
  const { exchange } = state;
  if (!differs) return forget(exchange);
  const own = state.options.configurationDigest;
  if (exchange.digest !== digest || exchange.own !== own) {
    forget(exchange);
    exchange.digest = digest;
    exchange.own = own;
    exchange.nextAskUs = state.nowUs;
  }
  const answers = (textOf(status, 'pbcaps') ?? '').split(',').includes(configurationCapability);
  if (!answers || exchange.theirs !== undefined || state.nowUs < exchange.nextAskUs) return;
  exchange.received = [];
  exchange.nextAskUs = state.nowUs + (exchange.asked < quickAsks ? quickAskUs : slowAskUs);
  exchange.asked++;
  exchange.isOpen = true;
  ask(state);
}

/** True: it was one of these messages, and is dealt with. */
export function configurationMessage(state: NodeState, { message }: Extract<NodeEvent, { type: 'message' }>): boolean {
  const type = textOf(message, 't');
  if (type === 'pbask') answer(state, message);
  else if (type === 'pbmeaning') receive(state, message);
  else return false;
  return true;
}

/** A reload: what the peer has told stays true, and is compared with other lines of our own. */
export function ownMeaningChanged({ exchange, options }: NodeState): void {
  if (exchange.theirs === undefined) return;
  exchange.difference = differenceOf(options.configurationMeaning, exchange.theirs);
}

function forget(exchange: MeaningExchange): void {
  const { answers } = exchange;
  Object.assign(exchange, createMeaningExchange(), { answers });
}

function ask(state: NodeState): void {
  const { exchange, options } = state;
  const part = String(exchange.received.length + 1);
  state.effects.push({
    type: 'send',
    message: messageOf('pbask', { digest: exchange.digest, part }),
    dest: options.peer,
  });
}

function answer(state: NodeState, message: Message): void {
  const { exchange, options, nowUs } = state;
  if (nowUs - exchange.answers.sinceUs >= usPerSecond) exchange.answers = { sinceUs: nowUs, count: 0 };
  const digest = options.configurationDigest.slice(0, digestDigits);
  const part = parseDecimalNumber(textOf(message, 'part')) ?? 0;
  const text = options.configurationMeaning.join('\n');
  const parts = Math.max(1, Math.ceil(text.length / partLength));
  // The last condition: too long to be compared. Nobody has written such files by hand.
  if (textOf(message, 'digest') !== digest || part < 1 || part > parts || parts > partsMax) return;
  if (exchange.answers.count >= answersPerSecond) return;
  exchange.answers.count++;
  const lines = text.slice((part - 1) * partLength, part * partLength);
  const fields = { digest, part: String(part), parts: String(parts), sum: sumOf(text), lines };
  state.effects.push({ type: 'send', message: messageOf('pbmeaning', fields), dest: options.peer });
}

function receive(state: NodeState, message: Message): void {
  const { exchange } = state;
  if (!exchange.isOpen || textOf(message, 'digest') !== exchange.digest) return;
  const part = parseDecimalNumber(textOf(message, 'part')) ?? 0;
  const parts = parseDecimalNumber(textOf(message, 'parts')) ?? 0;
  const lines = textOf(message, 'lines');
  if (part !== exchange.received.length + 1 || part > parts || parts > partsMax) return;
  if (lines === undefined || lines.length > partLength) return;
  exchange.received.push(lines);
  if (part < parts) return ask(state);
  const text = exchange.received.join('');
  // Parts of two configurations, or nonsense: from the beginning, when it is time to ask again.
  exchange.received = [];
  exchange.isOpen = false;
  if (textOf(message, 'sum') !== sumOf(text)) return;
  exchange.theirs = text.split('\n');
  exchange.difference = differenceOf(state.options.configurationMeaning, exchange.theirs);
  logDifference(state, exchange.difference);
}

function sumOf(text: string): string {
  return crcOf(new TextEncoder().encode(text)).toString(16);
}

/**
 * Lines that one side has more often than the other. Where both have the same lines in another order, those that are
 * not at their place are given on both sides: the order of groups counts.
 */
export function differenceOf(here: readonly string[], there: readonly string[]): ConfigurationDifference {
  const onlyHere = without(here, there);
  const onlyThere = without(there, here);
  if (onlyHere.length > 0 || onlyThere.length > 0) return { onlyHere, onlyThere };
  const moved = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line, position) => others[position] !== line);
  return { onlyHere: moved(here, there), onlyThere: moved(there, here) };
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

function logDifference(state: NodeState, { onlyHere, onlyThere }: ConfigurationDifference): void {
  const shown = (lines: readonly string[]) =>
    lines.length === 0
      ? 'nothing'
      : lines.slice(0, linesLogged).join('; ') + (lines.length > linesLogged ? '; ...' : '');
  const fields = { peer: state.options.peer, here: shown(onlyHere), there: shown(onlyThere) };
  state.effects.push({ type: 'log', level: 'error', message: { code: 'configuration-difference', fields } });
}
