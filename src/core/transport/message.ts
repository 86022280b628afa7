/**
 * A message as Heartbeat 3 knows it: an ordered list of named fields. Order matters only for the MAC; unknown fields
 * are carried and ignored. docs/wire-protocol.md lists types and fields.
 */
export type FieldValue = string | Uint8Array;

export interface Field {
  readonly name: string;
  readonly value: FieldValue;
}

export interface Message {
  readonly fields: readonly Field[];
}

/** First field of that name as text; `undefined` when absent or binary. */
export function textOf(message: Message, name: string): string | undefined {
  const value = message.fields.find((field) => field.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

export function bytesOf(message: Message, name: string): Uint8Array | undefined {
  const value = message.fields.find((field) => field.name === name)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

export function messageOf(type: string, fields: Readonly<Record<string, string>> = {}): Message {
  return { fields: [{ name: 't', value: type }, ...Object.entries(fields).map(([name, value]) => ({ name, value }))] };
}
