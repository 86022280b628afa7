/** The kinds of places that child elements have in an object of the model (see `codec.ts`). */
import type { RawElement, Rest } from '../model.ts';
import { type Codec, decodeInto, encodeFrom, type Fields, layoutOf, type Shape, type Slot } from './codec.ts';
import { newElement, noChildren } from './tree.ts';

type Codecs<Value> = Readonly<Record<string, Codec<Value>>>;

/** In every object that has nothing in that list; never added to. */
const nothing: readonly unknown[] = Object.freeze([]);

function addTo(fields: Fields, field: string, value: unknown): void {
  const list = fields[field] as unknown[];
  if (list === nothing) fields[field] = [value];
  else list.push(value);
}

/** Any number of children of one name, in a list that is always there. */
export function many<Value>(name: string, field: string, codec: Codec<Value>): Slot {
  return manyOf({ [name]: codec }, field, () => name);
}

/** Children of several names in one list; `nameOf` says which name a value is written with. */
export function manyOf<Value>(codecs: Codecs<Value>, field: string, nameOf: (value: Value) => string): Slot {
  return {
    names: Object.keys(codecs),
    initial: { [field]: nothing },
    take(child, fields) {
      const value = codecs[child.name]!.decode(child);
      if (value === undefined) return false;
      addTo(fields, field, value);
      return true;
    },
    give(fields) {
      const list = fields[field] as readonly Value[];
      return list.length === 0 ? noChildren : list.map((value) => codecs[nameOf(value)]!.encode(value));
    },
  };
}

/** At most one child; a second one is kept as it is. */
export function oneOf<Value>(codecs: Codecs<Value>, field: string, nameOf: (value: Value) => string): Slot {
  return {
    names: Object.keys(codecs),
    take(child, fields) {
      if (fields[field] !== undefined) return false;
      const value = codecs[child.name]!.decode(child);
      if (value === undefined) return false;
      fields[field] = value;
      return true;
    },
    give(fields) {
      const value = fields[field] as Value | undefined;
      return value === undefined ? noChildren : [codecs[nameOf(value)]!.encode(value)];
    },
  };
}

/** Children that are nothing but a reference, `<resource_ref id="web"/>`: a list of the ids. */
export function references(name: string, field: string): Slot {
  return {
    names: [name],
    initial: { [field]: nothing },
    take(child, fields) {
      const id = child.attributes['id'];
      if (id === undefined || Object.keys(child.attributes).length > 1 || child.children.length > 0) return false;
      addTo(fields, field, id);
      return true;
    },
    give: (fields) => (fields[field] as readonly string[]).map((id) => newElement(name, { id })),
  };
}

/** A child of which only the attributes matter, in a field of its own. */
export function attributesOf(name: string, field: string): Slot {
  return {
    names: [name],
    take(child, fields) {
      if (fields[field] !== undefined || child.children.length > 0) return false;
      fields[field] = child.attributes;
      return true;
    },
    give(fields) {
      const attributes = fields[field] as RawElement['attributes'] | undefined;
      return attributes === undefined ? noChildren : [newElement(name, attributes)];
    },
  };
}

/** An element that the model keeps whole, in a field of its own. */
export function whole(name: string, field: string): Slot {
  return {
    names: [name],
    take(child, fields) {
      if (fields[field] !== undefined) return false;
      fields[field] = child;
      return true;
    },
    give: (fields) => (fields[field] === undefined ? noChildren : [fields[field] as RawElement]),
  };
}

/**
 * An element that only wraps (`<operations>`, `<lrm>`, a section): what it holds are fields of the object around it, and
 * what else it carries is `rest.within` of that object.
 */
export function wrapper(name: string, shape: Shape, always = false): Slot {
  const layout = layoutOf(shape);
  return {
    names: [name],
    wrapper: true,
    always,
    initial: layout.initial,
    take(child, fields) {
      const outer = fields['rest'] as Rest | undefined;
      if (outer !== undefined) delete fields['rest'];
      decodeInto(fields, child, layout);
      const inner = fields['rest'] as Rest | undefined;
      if (inner !== undefined) fields['rest'] = { ...outer, within: { ...outer?.within, [name]: inner } };
      else if (outer !== undefined) fields['rest'] = outer;
      return true;
    },
    give: (fields, rest) => [encodeFrom(fields, rest?.within?.[name], name, layout)],
  };
}

/** An element that is an object of the model and is in the model even when it is not in the document. */
export function section<Value>(name: string, field: string, codec: Codec<Value>): Slot {
  return {
    names: [name],
    wrapper: true,
    always: true,
    initial: { [field]: codec.decode(newElement(name)) },
    take(child, fields) {
      fields[field] = codec.decode(child);
      return true;
    },
    give: (fields) => [codec.encode(fields[field] as Value)],
  };
}
