/**
 * Node attributes: names with values that each node keeps about itself and tells the other, with every keepalive. A
 * change may be dampened: it is made known only when it has lasted, and a value that comes back meanwhile was never
 * gone. Reads of the other node's attributes are reads of what it last said.
 */
import type { NodeState } from './node-state.ts';
import { arm, disarm } from './timers.ts';
import { type Field, type Message, textOf } from './transport/message.ts';
import { compareText, type Microseconds } from './types.ts';

export interface AttributeStore {
  readonly own: Map<string, string>;
  readonly pending: Map<string, PendingValue>;
  /** As the peer last said. */
  peer: ReadonlyMap<string, string>;
}

interface PendingValue {
  value: string;
  readonly dueUs: Microseconds;
}

/** More is refused: the keepalive carries them all. */
export const attributesMax = 64;
const namePattern = /^[A-Za-z0-9_.-]{1,64}$/;
const valueMax = 256;

export const createAttributes = (): AttributeStore => ({ own: new Map(), pending: new Map(), peer: new Map() });

/** `false`: no such name or value can be kept, or there is no room. */
export function wantAttribute(state: NodeState, name: string, value: string, dampenUs: Microseconds): boolean {
  const { own, pending } = state.attributes;
  if (!namePattern.test(name) || !/^[ -~]*$/.test(value) || value.length > valueMax) return false;
  if (!own.has(name) && !pending.has(name) && own.size + pending.size >= attributesMax) return false;
  const waiting = pending.get(name);
  if (own.get(name) === value) forget(state, name);
  else if (dampenUs === 0) take(state, name, value);
  else if (waiting !== undefined) waiting.value = value;
  else {
    const dueUs = state.nowUs + dampenUs;
    pending.set(name, { value, dueUs });
    arm(state.timers, timerOf(name), dueUs);
  }
  return true;
}

/** Called after every event: what has waited for long enough becomes known. */
export function settleAttributes(state: NodeState): void {
  for (const [name, { value, dueUs }] of state.attributes.pending) if (dueUs <= state.nowUs) take(state, name, value);
}

/** For the keepalive; nothing while there are none. */
export function attributeFields({ attributes }: NodeState): Field[] {
  if (attributes.own.size === 0) return [];
  const sorted = [...attributes.own].sort(([left], [right]) => compareText(left, right));
  return [{ name: 'pbattr', value: sorted.map(([name, value]) => `${name}=${escaped(value)}`).join(' ') }];
}

export function attributeText(state: NodeState): string {
  return attributeFields(state)
    .map((field) => field.value)
    .join('');
}

/** The peer has not been told yet. */
export function attributesChanged(state: NodeState): boolean {
  if (state.attributes.own.size === 0) return state.attributesSent !== '';
  return attributeText(state) !== state.attributesSent;
}

/** A keepalive of the peer. One without attributes has none. */
export function readAttributes({ attributes }: NodeState, message: Message): void {
  const text = textOf(message, 'pbattr') ?? '';
  const read = new Map<string, string>();
  for (const word of text.split(' ').slice(0, attributesMax)) {
    const at = word.indexOf('=');
    const name = word.slice(0, at);
    if (at > 0 && namePattern.test(name)) read.set(name, unescaped(word.slice(at + 1)).slice(0, valueMax));
  }
  attributes.peer = read;
}

function take(state: NodeState, name: string, value: string): void {
  const former = state.attributes.own.get(name);
  forget(state, name);
  state.attributes.own.set(name, value);
  const fields = { name, value, former: former ?? '' };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'attribute-changed', fields } });
}

function forget(state: NodeState, name: string): void {
  if (!state.attributes.pending.delete(name)) return;
  disarm(state.timers, timerOf(name));
}

const timerOf = (name: string): string => `attribute ${name}`;

/** Blanks separate attributes on the wire. */
function escaped(value: string): string {
  return value.replace(/[% ]/g, (character) => (character === ' ' ? '%20' : '%25'));
}

function unescaped(value: string): string {
  return value.replace(/%(20|25)/g, (_, code: string) => (code === '20' ? ' ' : '%'));
}
