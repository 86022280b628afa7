/**
 * A message as Heartbeat 3 knows it: an ordered list of named fields. Order matters only for the MAC; unknown fields
 * are carried and ignored. docs/wire-protocol.md lists types and fields.
 */
export type FieldValue = string | Uint8Array;

/** Struct, list, compressed, uncompressed struct: carried as their raw bytes, never interpreted. */
export type OpaqueFieldType = 2 | 3 | 4 | 5;

export interface Field {
  readonly name: string;
  readonly value: FieldValue;
  /** Only on fields that are neither text nor plain bytes; `value` is then the raw content. */
  readonly opaqueType?: OpaqueFieldType;
}

export interface Message {
  readonly fields: readonly Field[];
}

/** First field of that name as text; `undefined` when absent or binary. */
export function textOf(message: Message, name: string): string | undefined {
  const value = fieldOf(message, name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** First field of that name as bytes; `undefined` when absent, text, or of a type that nobody here interprets. */
export function bytesOf(message: Message, name: string): Uint8Array | undefined {
  const field = fieldOf(message, name);
  if (field === undefined || field.opaqueType !== undefined) return undefined;
  return typeof field.value === 'string' ? undefined : field.value;
}

export function messageOf(type: string, fields: Readonly<Record<string, string>> = {}): Message {
  return { fields: [{ name: 't', value: type }, ...Object.entries(fields).map(([name, value]) => ({ name, value }))] };
}

function fieldOf(message: Message, name: string): Field | undefined {
  for (const field of message.fields) if (field.name === name) return field;
  return undefined;
}
