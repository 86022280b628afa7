/**
 * Most steps of a node are keepalives of the peer, timers, and answers that say "still running". They are kept exactly,
 * each with its time, but in little space: a second or so of them on one line, and of a keepalive only what differs from
 * the one before.
 */
import type { NodeEffect } from '../effects.ts';
import type { NodeEvent } from '../events.ts';
import type { QuietStep } from '../journal-records.ts';
import { type Field, type Message, textOf } from '../transport/message.ts';
import type { Microseconds } from '../types.ts';

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

/** The last keepalive that is in the segment; both writer and reader keep it. */
export interface LastStatus {
  event: MessageEvent | undefined;
}

export function mayBeQuiet(event: NodeEvent): boolean {
  if (event.type === 'operationResult') return event.result.outcome === 'running';
  return event.type === 'timer' || event.type === 'pingAnswer' || isStatus(event);
}

/** Nothing was done or said; at most somebody was asked how he is. */
export function areQuiet(effects: readonly NodeEffect[]): boolean {
  return effects.every(
    (effect) => effect.type === 'ping' || (effect.type === 'operation' && effect.operation.action === 'status'),
  );
}

export function noteStatus(last: LastStatus, event: NodeEvent): void {
  if (isStatus(event)) last.event = event;
}

/** Also notes the keepalive. */
export function packQuiet(last: LastStatus, event: NodeEvent, fromUs: Microseconds, digest?: string): QuietStep {
  const changes = isStatus(event) ? changesSince(last.event, event) : undefined;
  noteStatus(last, event);
  const { nowUs, ...rest } = event;
  const packed = changes ?? (event.type === 'timer' ? timer : rest);
  return digest === undefined ? [nowUs - fromUs, packed] : [nowUs - fromUs, packed, digest];
}

/** The event again; `undefined` when the record makes no sense. Also notes the keepalive. */
export function unpackQuiet(
  last: LastStatus,
  [sinceUs, packed]: QuietStep,
  fromUs: Microseconds,
): NodeEvent | undefined {
  const nowUs = fromUs + sinceUs;
  if (packed === timer) return { type: 'timer', nowUs };
  if (!Array.isArray(packed)) {
    if (typeof packed !== 'object' || packed === null) return undefined;
    const event = { ...packed, nowUs } as NodeEvent;
    noteStatus(last, event);
    return event;
  }
  if (last.event === undefined) return undefined;
  const event = { ...last.event, nowUs, message: changed(last.event.message, packed as readonly Change[]) };
  noteStatus(last, event);
  return event;
}

/** The commonest event of all. */
const timer = 0;

/** Place of the field in the message, and its new value. */
type Change = readonly [number, string];

function changesSince(before: MessageEvent | undefined, { message, ...event }: MessageEvent): Change[] | undefined {
  if (before === undefined || before.message.fields.length !== message.fields.length) return undefined;
  if (before.from !== event.from || before.generation !== event.generation) return undefined;
  if (before.linkViewVersion !== event.linkViewVersion) return undefined;
  const changes: Change[] = [];
  for (const [at, field] of message.fields.entries()) {
    const former = before.message.fields[at]!;
    if (field.name !== former.name || field.opaqueType !== former.opaqueType) return undefined;
    if (typeof field.value !== 'string') {
      if (!sameBytes(field, former)) return undefined;
    } else if (field.value !== former.value) {
      if (typeof former.value !== 'string') return undefined;
      changes.push([at, field.value]);
    }
  }
  return changes;
}

function sameBytes({ value }: Field, { value: former }: Field): boolean {
  if (typeof value === 'string' || typeof former === 'string' || value.length !== former.length) return false;
  return value.every((byte, at) => byte === former[at]);
}

function changed(message: Message, changes: readonly Change[]): Message {
  const fields = [...message.fields];
  for (const [at, value] of changes) if (fields[at] !== undefined) fields[at] = { ...fields[at], value };
  return { fields };
}

function isStatus(event: NodeEvent): event is MessageEvent {
  return event.type === 'message' && textOf(event.message, 't') === 'status';
}
