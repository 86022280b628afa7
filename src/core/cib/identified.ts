/**
 * Everything in a configuration that has an id, one walk for all who look for it, change it or take it out. Unchanged
 * parts stay the same objects, so that comparing two configurations by identity is cheap.
 */
import type { Cib, RawElement } from './model.ts';

export interface Identified {
  readonly id: string;
  /** The `kind` of a resource, constraint or rule part; otherwise what its place makes it: `node`, `set`, `pair`, ... */
  readonly kind: string;
  readonly value: object;
}

/** What becomes of a part: the same object, another one instead, or nothing. The walk goes on inside what is left. */
export type Change = (part: Identified) => object | undefined;

/** The walk goes in the order of the document through `<configuration>`; the status section has ids of another kind. */
export function changeIdentified(cib: Cib, change: Change): Cib {
  const configuration = changeFields(cib.configuration, change);
  if (configuration === undefined || configuration === cib.configuration) return cib;
  return { ...cib, configuration: configuration as Cib['configuration'] };
}

/** The first part of that id. */
export function findById(cib: Cib, id: string): Identified | undefined {
  let found: Identified | undefined;
  changeIdentified(cib, (part) => {
    if (found === undefined && part.id === id) found = part;
    return part.value;
  });
  return found;
}

/** Every id in use, those of kept elements too. */
export function idsOf(cib: Cib): Set<string> {
  const ids = new Set<string>();
  changeIdentified(cib, ({ id, value }) => {
    ids.add(id);
    return value;
  });
  return ids;
}

/** Fields that hold nothing but the attributes of a child, its id among them. */
const kindOfChild: Readonly<Record<string, string>> = { duration: 'duration', dateSpec: 'date_spec' };

const kindOfField: Readonly<Record<string, string>> = {
  properties: 'property-set',
  nodes: 'node',
  resourceDefaults: 'resource-defaults',
  operationDefaults: 'operation-defaults',
  fencingTopology: 'fencing-level',
  tags: 'tag',
  meta: 'set',
  params: 'set',
  utilization: 'set',
  attributes: 'set',
  pairs: 'pair',
  operations: 'operation',
  sets: 'resource-set',
  ...kindOfChild,
};

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined when the object cannot be without a part that went. */
function changeFields(fields: object, change: Change): object | undefined {
  let changed: Record<string, unknown> | undefined;
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== 'object' || value === null) continue;
    const next = Array.isArray(value) ? changeList(value, field, change) : changeOne(value, field, change);
    if (next === value) continue;
    if (next === undefined && field === 'child') return undefined;
    changed ??= { ...fields };
    if (next === undefined) delete changed[field];
    else changed[field] = next;
  }
  return changed ?? fields;
}

function changeList(list: readonly unknown[], field: string, change: Change): readonly unknown[] {
  let changed = false;
  const next: unknown[] = [];
  for (const value of list) {
    const result = typeof value === 'object' && value !== null ? changeOne(value, field, change) : value;
    if (result !== value) changed = true;
    if (result !== undefined) next.push(result);
  }
  return changed ? next : list;
}

function changeOne(value: object, field: string, change: Change): object | undefined {
  if (isRaw(value)) return changeRaw(value, change);
  const fields = value as Fields;
  const id = fields['id'];
  if (field === 'attributes' && fields['pairs'] === undefined) return value;
  if (typeof id !== 'string')
    return isRaw(fields['element']) ? changeKept(fields, fields['element'], change) : changeFields(value, change);
  const kind = fields['kind'];
  const next = change({ id, kind: typeof kind === 'string' ? kind : (kindOfField[field] ?? field), value });
  if (next === undefined || kindOfChild[field] !== undefined) return next;
  const { element } = next as { readonly element?: unknown };
  if (!isRaw(element)) return changeFields(next, change);
  // A bundle: the element is the bundle itself, already shown to `change`.
  const inner = changeChildren(element, change);
  return inner === element ? next : { ...next, element: inner };
}

/** A kept child, `{ index, element }`: without its element there is nothing to keep. */
function changeKept(kept: Fields, element: RawElement, change: Change): object | undefined {
  const next = changeRaw(element, change);
  if (next === element) return kept;
  return next === undefined ? undefined : { ...kept, element: next };
}

/** Elements whose `id` is that of something else: `<resource_ref id="vip"/>` means vip and is not vip. */
export const referringElements: ReadonlySet<string> = new Set(['resource_ref', 'obj_ref', 'role']);

function changeRaw(element: RawElement, change: Change): object | undefined {
  const id = element.attributes['id'];
  if (id === undefined || referringElements.has(element.name)) return changeChildren(element, change);
  const next = change({ id, kind: element.name, value: element });
  return isRaw(next) ? changeChildren(next, change) : next;
}

function changeChildren(element: RawElement, change: Change): RawElement {
  const children = changeList(element.children, 'children', change) as readonly RawElement[];
  return children === element.children ? element : { ...element, children };
}

function isRaw(value: unknown): value is RawElement {
  return typeof value === 'object' && value !== null && 'children' in value && 'attributes' in value && 'name' in value;
}
