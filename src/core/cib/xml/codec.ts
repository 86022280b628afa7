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
  /** Fields that exist even where no child is there, and what is in them then. */
  readonly initial?: Readonly<Fields>;
  /** @returns whether the child is now in the fields. */
  take(child: RawElement, fields: Fields): boolean;
  /** @param rest - that of the element whose child this is. */
  give(fields: Fields, rest: Rest | undefined): readonly RawElement[];
  /** An element that stands once and holds others: written when there is something in it, or where it stood though empty. */
  readonly wrapper?: boolean;
  /** A wrapper that a new document has even when there is nothing in it. */
  readonly always?: boolean;
}

export interface Shape {
  /** Constant fields of the type, such as `kind`. */
  readonly constant?: Readonly<Fields>;
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
      const fields: Fields = { ...layout.initial };
      decodeInto(fields, element, layout);
      for (const field of required) if (fields[field] === undefined) return undefined;
      return fields as Value;
    },
    encode: (value) => encodeFrom(value as Fields, (value as { readonly rest?: Rest }).rest, name, layout),
  };
}

/** A shape prepared for use: which field an attribute has, which slot a child has. */
export interface Layout {
  readonly initial: Readonly<Fields>;
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
  const initial: Fields = { ...shape.constant };
  for (const slot of shape.slots) Object.assign(initial, slot.initial);
  return {
    initial,
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
  const found =
    element.children.length === 0 && layout.always === 0 ? undefined : decodeChildren(fields, element, layout);
  if (attributes === undefined && found === undefined) return;
  const rest: Rest = {
    ...(fields['rest'] as Rest | undefined),
    ...(attributes === undefined ? {} : { attributes }),
    ...found,
  };
  fields['rest'] = rest;
}

/** @returns the attributes that have no place in the fields. */
function decodeAttributes(fields: Fields, attributes: Attributes, layout: Layout): Attributes | undefined {
  const { others, fieldOf } = layout;
  if (others?.whole === true) {
    for (const [attribute, field] of layout.attributes) {
      const value = attributes[attribute];
      if (value !== undefined) fields[field] = value;
    }
    fields[others.field] = attributes;
    return undefined;
  }
  let unknown: Record<string, string> | undefined;
  for (const name in attributes) {
    const field = fieldOf.get(name);
    if (field !== undefined) {
      fields[field] = attributes[name];
    } else {
      unknown ??= {};
      unknown[name] = attributes[name]!;
    }
  }
  if (others === undefined) return unknown;
  fields[others.field] = unknown ?? {};
  return undefined;
}

/** @returns the part of `rest` that is about children, when there is any. */
function decodeChildren(
  fields: Fields,
  element: RawElement,
  layout: Layout,
): Pick<Rest, 'children' | 'order'> | undefined {
  const { slots, slotOf } = layout;
  const { children } = element;
  let kept: { readonly index: number; readonly element: RawElement }[] | undefined;
  let usual = true;
  let last = -1;
  let always = 0;
  // One bit for each wrapper that has been met.
  let wrappers = 0;
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index]!;
    const place = slotOf.get(child.name) ?? -1;
    const slot = slots[place];
    if (slot === undefined || (wrappers & (1 << place)) !== 0 || !slot.take(child, fields)) {
      kept ??= [];
      kept.push({ index, element: child });
      continue;
    }
    if (place < last) usual = false;
    last = place;
    if (slot.wrapper !== true) continue;
    wrappers |= 1 << place;
    if (slot.always === true) always += 1;
    else if (isEmpty(child)) usual = false;
  }
  const order = usual && always === layout.always ? undefined : namesBesides(children, kept ?? []);
  if (kept === undefined && order === undefined) return undefined;
  return { ...(kept === undefined ? {} : { children: kept }), ...(order === undefined ? {} : { order }) };
}

function namesBesides(children: readonly RawElement[], kept: readonly { readonly index: number }[]): readonly string[] {
  const strangers = new Set(kept.map(({ index }) => index));
  return children.filter((_child, index) => !strangers.has(index)).map(({ name }) => name);
}

function isEmpty(element: RawElement): boolean {
  if (element.children.length > 0) return false;
  for (const _name in element.attributes) return false;
  return true;
}

export function encodeFrom(fields: Fields, rest: Rest | undefined, name: string, layout: Layout): RawElement {
  return { name, attributes: encodeAttributes(fields, rest, layout), children: encodeChildren(fields, rest, layout) };
}

function encodeAttributes(fields: Fields, rest: Rest | undefined, layout: Layout): Attributes {
  const { others } = layout;
  if (others?.whole === true && rest?.attributes === undefined) return encodeWhole(fields, others.field, layout);
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

/** The attributes as they were read, unless a field says otherwise now. */
function encodeWhole(fields: Fields, others: string, layout: Layout): Attributes {
  const known = fields[others] as Attributes;
  const changed = layout.attributes.filter(
    ([attribute, field]) => fields[field] !== undefined && fields[field] !== known[attribute],
  );
  return changed.length === 0
    ? known
    : { ...known, ...Object.fromEntries(changed.map(([attribute, field]) => [attribute, fields[field] as string])) };
}

function encodeChildren(fields: Fields, rest: Rest | undefined, layout: Layout): readonly RawElement[] {
  const { slots } = layout;
  if (slots.length === 0 && rest === undefined) return noChildren;
  const children =
    rest?.order === undefined ? inUsualOrder(fields, rest, slots) : inOrder(fields, rest, rest.order, layout);
  return rest?.children === undefined ? children : withKept(children, rest.children);
}

/** Kept children stand at their index among all, or at the end when there are no longer as many before them. */
function withKept(known: readonly RawElement[], kept: NonNullable<Rest['children']>): RawElement[] {
  const children: RawElement[] = [];
  let next = 0;
  for (const element of known) {
    while (next < kept.length && kept[next]!.index <= children.length) children.push(kept[next++]!.element);
    children.push(element);
  }
  for (const { element } of kept.slice(next)) children.push(element);
  return children;
}

function inUsualOrder(fields: Fields, rest: Rest | undefined, slots: readonly Slot[]): RawElement[] {
  const children: RawElement[] = [];
  for (const slot of slots) {
    for (const element of slot.give(fields, rest)) {
      if (slot.wrapper !== true || slot.always === true || !isEmpty(element)) children.push(element);
    }
  }
  return children;
}

/** Children as they once stood; what has come since goes to the end, what has gone leaves no gap. */
function inOrder(fields: Fields, rest: Rest, order: readonly string[], layout: Layout): RawElement[] {
  const given = layout.slots.map((slot) => slot.give(fields, rest));
  const taken = given.map(() => 0);
  const children: RawElement[] = [];
  for (const name of order) {
    const place = layout.slotOf.get(name);
    const next = place === undefined ? undefined : given[place]![taken[place]!];
    if (next === undefined) continue;
    children.push(next);
    taken[place!]! += 1;
  }
  given.forEach((elements, place) => {
    const { wrapper } = layout.slots[place]!;
    for (const element of elements.slice(taken[place]))
      if (wrapper !== true || !isEmpty(element)) children.push(element);
  });
  return children;
}
