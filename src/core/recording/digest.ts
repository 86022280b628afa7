/**
 * A short digest of plain data, the same on every machine: names in order, whatever order they were set in, and a field
 * that is `undefined` counts as absent. Against accidents, not against an enemy: it is compared with what this same
 * program wrote down.
 */
import { compareText } from '../types.ts';
import { secret } from './graph.ts';

/** 16 hexadecimal digits. */
export function digestOf(value: unknown): string {
  const lanes = { a: 0x811c9dc5 | 0, b: 0x9747b28c | 0 };
  mix(lanes, value);
  return hex(finish(lanes.a)) + hex(finish(lanes.b ^ lanes.a));
}

interface Lanes {
  a: number;
  b: number;
}

function mix(lanes: Lanes, value: unknown): void {
  if (typeof value === 'string') return mixText(lanes, value);
  if (typeof value === 'number') return mixText(lanes, Object.is(value, -0) ? '#0' : `#${value}`);
  if (typeof value !== 'object' || value === null) return mixText(lanes, `!${value}`);
  if (value instanceof Uint8Array) {
    mixText(lanes, '<');
    for (const byte of value) mixUnit(lanes, byte);
  } else if (value instanceof Map) {
    mixText(lanes, '(');
    for (const [key, held] of value) {
      mix(lanes, key);
      mix(lanes, held);
    }
  } else if (Array.isArray(value) || value instanceof Set) {
    mixText(lanes, '[');
    for (const held of value) mix(lanes, held);
  } else mixFields(lanes, value as Readonly<Record<string, unknown>>);
  mixUnit(lanes, 0x1ffff);
}

function mixFields(lanes: Lanes, fields: Readonly<Record<string, unknown>>): void {
  mixText(lanes, '{');
  for (const name of Object.keys(fields).sort(compareText)) {
    const held = fields[name];
    if (held === undefined || name === secret) continue;
    mixText(lanes, name);
    mix(lanes, held);
  }
}

function mixText(lanes: Lanes, text: string): void {
  for (let at = 0; at < text.length; at++) mixUnit(lanes, text.charCodeAt(at));
  mixUnit(lanes, 0x10000);
}

function mixUnit(lanes: Lanes, unit: number): void {
  lanes.a = Math.imul(lanes.a ^ unit, 0x01000193);
  lanes.b = Math.imul(lanes.b ^ unit, 0x5bd1e995) ^ (lanes.b >>> 15);
}

function finish(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b | 0);
  return mixed ^ (mixed >>> 16);
}

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
