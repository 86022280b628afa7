/**
 * How an element of the tree becomes an object of the model and back, said once for both directions: a table of
 * attributes and their fields, and a list of slots for the children. The order of both is the order in which a new
 * element is written. What finds no field goes to `rest`: unknown attributes, unknown children with their place, and the
 * order of the known children where it is not the usual one. So an element comes out with all that it came in with.
 */
import type { Attributes, RawElement, Rest } from '../model.ts';
import { noChildren } from './tree.ts';

export interface Codec<Value> {
  /** @returns undefined when what the type must have is missing; the caller keeps the element as it is, then. */
  decode(element: RawElement): Value | undefined;
  encode(value: Value): RawElement;
}

/** An object of the model while it is being made or read, by field name. */
export type Fields = Record<string, unknown>;

/** A place for child elements of certain names. */
export interface Slot {
  readonly names: readonly string[];
  /** Fields that exist even where no child is there. */
  prepare?(fields: Fields): void;
  /** @returns whether the child is now in the fields. */
  take(child: RawElement, fields: Fields): boolean;
  give(fields: Fields): readonly RawElement[];
  /** An element that stands once and holds others: written when there is something in it, or where it stood though empty. */
  readonly wrapper?: boolean;
  /** A wrapper that a new document has even when there is nothing in it. */
  readonly always?: boolean;
}

export interface Shape {
  /** Constant fields of the type, such as `kind`. */
  readonly constant?: Fields;
  /** Attribute name to field name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Fields without which the element is not one of this type. */
  readonly required?: readonly string[];
  /** The field that takes the attributes which have no field of their own, or (`whole`) every attribute. */
  readonly others?: { readonly field: string; readonly whole: boolean };
  readonly slots: readonly Slot[];
}

export function codec<Value>(name: string, shape: Shape): Codec<Value> {
  const required = shape.required ?? [];
  const layout = layoutOf(shape);
  return {
    decode(element) {
      const fields: Fields = { ...shape.constant };
      decodeInto(fields, element, layout);
      for (const field of required) if (fields[field] === undefined) return undefined;
      return fields as Value;
    },
    encode: (value) => encodeFrom(value as Fields, name, layout),
  };
}

/** A shape prepared for use: which field an attribute has, which slot a child has. */
export interface Layout {
  readonly fieldOf: ReadonlyMap<string, string>;
  readonly attributes: readonly (readonly [attribute: string, field: string])[];
  readonly others: { readonly field: string; readonly whole: boolean } | undefined;
  readonly slots: readonly Slot[];
  readonly slotOf: ReadonlyMap<string, number>;
  /** How many sections are written even when there is nothing in them. */
  readonly always: number;
}

export function layoutOf(shape: Shape): Layout {
  const attributes = Object.entries(shape.attributes);
  return {
    fieldOf: new Map(attributes),
    attributes,
    others: shape.others,
    slots: shape.slots,
    slotOf: new Map(shape.slots.flatMap((slot, index) => slot.names.map((name) => [name, index] as const))),
    always: shape.slots.filter((slot) => slot.always === true).length,
  };
}

export function decodeInto(fields: Fields, element: RawElement, layout: Layout): void {
  const attributes = decodeAttributes(fields, element.attributes, layout);
  for (const slot of layout.slots) slot.prepare?.(fields);
  if (attributes === undefined && element.children.length === 0 && layout.always === 0) return;
  const kept: KeptChild[] = [];
  const order = decodeChildren(fields, element, layout, kept);
  if (attributes === undefined && kept.length === 0 && order === undefined) return;
  const rest: Rest = {
    ...(fields['rest'] as Rest | undefined),
    ...(attributes === undefined ? {} : { attributes }),
    ...(kept.length === 0 ? {} : { children: kept }),
    ...(order === undefined ? {} : { order }),
  };
  fields['rest'] = rest;
}

/** @returns the attributes that have no place in the fields. */
function decodeAttributes(fields: Fields, attributes: Attributes, layout: Layout): Attributes | undefined {
  const { others, fieldOf } = layout;
  let unknown: Record<string, string> | undefined;
  for (const name in attributes) {
    const field = fieldOf.get(name);
    if (field !== undefined) fields[field] = attributes[name];
    else if (others?.whole !== true) {
      unknown ??= {};
      unknown[name] = attributes[name]!;
    }
  }
  if (others === undefined) return unknown;
  fields[others.field] = others.whole ? attributes : (unknown ?? {});
  return undefined;
}

interface KeptChild {
  readonly index: number;
  readonly element: RawElement;
}

/** @returns the names of the known children in their order, where that is not the order in which they would be written. */
function decodeChildren(
  fields: Fields,
  element: RawElement,
  layout: Layout,
  kept: KeptChild[],
): readonly string[] | undefined {
  const { slots, slotOf } = layout;
  const { children } = element;
  let usual = true;
  let last = -1;
  let always = 0;
  const wrappers = new Set<number>();
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index]!;
    const place = slotOf.get(child.name);
    const slot = place === undefined ? undefined : slots[place];
    if (slot === undefined || wrappers.has(place!) || !slot.take(child, fields)) {
      kept.push({ index, element: child });
      continue;
    }
    if (place! < last) usual = false;
    last = place!;
    if (slot.wrapper !== true) continue;
    wrappers.add(place!);
    if (slot.always === true) always += 1;
    else if (isEmpty(child)) usual = false;
  }
  if (usual && always === layout.always) return undefined;
  const strangers = new Set(kept.map(({ index }) => index));
  return children.filter((_child, index) => !strangers.has(index)).map((child) => child.name);
}

function isEmpty(element: RawElement): boolean {
  if (element.children.length > 0) return false;
  for (const _name in element.attributes) return false;
  return true;
}

export function encodeFrom(fields: Fields, name: string, layout: Layout): RawElement {
  const rest = fields['rest'] as Rest | undefined;
  return { name, attributes: encodeAttributes(fields, rest, layout), children: encodeChildren(fields, rest, layout) };
}

function encodeAttributes(fields: Fields, rest: Rest | undefined, layout: Layout): Attributes {
  const { others } = layout;
  const attributes: Record<string, string> = {};
  if (others?.whole === true) Object.assign(attributes, fields[others.field]);
  for (const [attribute, field] of layout.attributes) {
    const value = fields[field];
    if (value !== undefined) attributes[attribute] = value as string;
  }
  if (others?.whole === false) Object.assign(attributes, fields[others.field]);
  if (rest?.attributes !== undefined) Object.assign(attributes, rest.attributes);
  return attributes;
}

function encodeChildren(fields: Fields, rest: Rest | undefined, layout: Layout): readonly RawElement[] {
  const { slots } = layout;
  if (slots.length === 0 && rest?.children === undefined) return noChildren;
  const order = rest?.order;
  const known =
    order === undefined
      ? slots.flatMap((slot) =>
          slot.give(fields).filter((element) => !slot.wrapper || slot.always || !isEmpty(element)),
        )
      : inOrder(fields, order, layout);
  if (rest?.children === undefined) return known;
  const children = [...known];
  for (const { index, element } of rest.children) children.splice(Math.min(index, children.length), 0, element);
  return children;
}

/** Children as they once stood; what has come since goes to the end, what has gone leaves no gap. */
function inOrder(fields: Fields, order: readonly string[], layout: Layout): RawElement[] {
  const queues = layout.slots.map((slot) => [...slot.give(fields)]);
  const children: RawElement[] = [];
  for (const name of order) {
    const place = layout.slotOf.get(name);
    const next = place === undefined ? undefined : queues[place]?.shift();
    if (next !== undefined) children.push(next);
  }
  queues.forEach((queue, place) => {
    const { wrapper } = layout.slots[place]!;
    children.push(...queue.filter((element) => wrapper !== true || !isEmpty(element)));
  });
  return children;
}
