/**
 * The state of the node machine as JSON and back, exactly: maps, sets, `undefined`, numbers that JSON does not know, and
 * which places hold the very same object, because some rules compare by identity. Anything but plain data (a function,
 * an instance of a class) is a mistake in the state, and is refused loudly.
 */
import { assert } from '../assert.ts';

/** `{"~": kind, "v": content}` stands for what JSON cannot say; no name in the state is `~`. */
const tag = '~';
/** A field of that name holds a secret: it stays out of every record. */
export const secret = 'secret';

export function dumpGraph(value: unknown): unknown {
  const seen = new Map<object, number>();
  const dump = (part: unknown): unknown => {
    if (part === undefined) return { [tag]: 'undefined' };
    if (typeof part === 'number' && !Number.isFinite(part)) return { [tag]: 'number', v: String(part) };
    if (typeof part !== 'object' || part === null) {
      assert(typeof part !== 'function' && typeof part !== 'symbol', 'the state is plain data');
      return part;
    }
    // Bytes are never changed in place, so it does not matter who shares them; the journal's line knows how to write them.
    if (part instanceof Uint8Array) return part;
    const known = seen.get(part);
    if (known !== undefined) return { [tag]: 'same', v: known };
    seen.set(part, seen.size);
    if (Array.isArray(part)) return part.map(dump);
    if (part instanceof Map) return { [tag]: 'map', v: [...part].map(([key, held]) => [dump(key), dump(held)]) };
    if (part instanceof Set) return { [tag]: 'set', v: [...part].map(dump) };
    assert(isPlain(part), 'the state is plain data');
    const fields: Record<string, unknown> = {};
    for (const [name, held] of Object.entries(part)) if (name !== secret) fields[name] = dump(held);
    return fields;
  };
  return dump(value);
}

/** What `dumpGraph` made, also after a trip through JSON. Nothing of `plain` is shared with the result but bytes. */
export function restoreGraph(plain: unknown): unknown {
  const made: object[] = [];
  const remember = <Made extends object>(one: Made): Made => {
    made.push(one);
    return one;
  };
  const restore = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
    if (Array.isArray(part)) {
      const list = remember<unknown[]>([]);
      for (const held of part) list.push(restore(held));
      return list;
    }
    const fields = part as Record<string, unknown>;
    if (tag in fields) return special(fields);
    const object = remember<Record<string, unknown>>({});
    for (const [name, held] of Object.entries(fields)) object[name] = restore(held);
    return object;
  };
  const special = ({ [tag]: kind, v }: Record<string, unknown>): unknown => {
    if (kind === 'undefined') return undefined;
    if (kind === 'number') return Number(v);
    if (kind === 'same') return made[v as number];
    if (kind === 'set') {
      const set = remember(new Set<unknown>());
      for (const held of v as unknown[]) set.add(restore(held));
      return set;
    }
    assert(kind === 'map', 'a checkpoint of a kind that is known');
    const map = remember(new Map<unknown, unknown>());
    for (const [key, held] of v as [unknown, unknown][]) map.set(restore(key), restore(held));
    return map;
  };
  return restore(plain);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
