/**
 * Ids of parts that nobody named, as the crm shell makes them: the id of what they belong to and what they are. Taken ones
 * get `-0`, `-1`, ... at the end. People read these ids in dumps and scripts name them, so they follow crmsh to the letter.
 */
import { idsOf } from './identified.ts';
import type { Cib, RawElement } from './model.ts';
import { cibFromTree, cibToTree } from './xml.ts';

/** The base itself, or the first of `base-0`, `base-1`, ... that is free. */
export function newId(taken: ReadonlySet<string>, base: string): string {
  const id = wellFormedId(base);
  return taken.has(id) ? numberedId(taken, id, 0) : id;
}

/** `base-N`, the first that is free from that number on: sets of a constraint, recipients of an alert. */
export function numberedId(taken: ReadonlySet<string>, base: string, from: number): string {
  let number = from;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

export function pairId(setId: string, name: string): string {
  return `${setId}-${name}`;
}

export function operationId(resource: string, name: string, interval: string | undefined): string {
  return `${resource}-${name}-${interval ?? '0'}`;
}

/** An XML id: a letter or `_` first, then letters, digits, `_`, `-` and `.`. */
export function isWellFormedId(id: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}\p{M}_.-]*$/u.test(id);
}

function wellFormedId(base: string): string {
  const legal = base.replace(/[^\p{L}\p{N}\p{M}_.-]/gu, '_');
  return /^[\p{L}_]/u.test(legal) ? legal : `id-${legal}`;
}

/** Gives an id to every part that needs one and has none. Parts with an id keep it. */
export function completeIds(cib: Cib): Cib {
  const root = cibToTree(cib);
  const completed = withIds(root, { owner: '', section: '' }, idsOf(cib));
  return completed === root ? cib : cibFromTree(completed, cib);
}

interface Around {
  /** Id, or the name of a node, of what the element belongs to. */
  readonly owner: string;
  /** Name of the element around it. */
  readonly section: string;
}

function withIds(element: RawElement, around: Around, taken: Set<string>): RawElement {
  const { attributes } = element;
  const given = attributes['id'];
  const made = given === undefined && attributes['id-ref'] === undefined ? madeId(element, around, taken) : undefined;
  if (made !== undefined) taken.add(made);
  const id = given ?? made;
  const inside: Around = { owner: ownerName(element, id) ?? around.owner, section: element.name };
  let changed = made !== undefined;
  const children = element.children.map((child) => {
    const next = withIds(child, inside, taken);
    if (next !== child) changed = true;
    return next;
  });
  if (!changed) return element;
  return { ...element, attributes: made === undefined ? attributes : { id: made, ...attributes }, children };
}

function ownerName({ name, attributes }: RawElement, id: string | undefined): string | undefined {
  return name === 'node' ? (attributes['uname'] ?? id) : id;
}

const ownSets: Readonly<Record<string, string>> = { rsc_defaults: 'rsc-options', op_defaults: 'op-options' };

const suffixes: Readonly<Record<string, string>> = {
  instance_attributes: 'instance_attributes',
  meta_attributes: 'meta_attributes',
  utilization: 'utilization',
  rule: 'rule',
  expression: 'expression',
  date_expression: 'expression',
  rsc_expression: 'expression',
  op_expression: 'expression',
  date_spec: 'date_spec',
  duration: 'duration',
};

/** @returns undefined for elements that need no id, or that only a person can name. */
function madeId(element: RawElement, { owner, section }: Around, taken: ReadonlySet<string>): string | undefined {
  const { name, attributes } = element;
  switch (name) {
    case 'cluster_property_set':
      return newId(taken, 'cib-bootstrap-options');
    case 'nvpair':
      return attributes['name'] === undefined ? undefined : newId(taken, pairId(owner, attributes['name']));
    case 'op':
      return newId(taken, operationId(owner, attributes['name'] ?? '', attributes['interval']));
    case 'fencing-level':
      return newId(taken, 'fencing');
    case 'resource_set':
    case 'acl_permission':
      return numberedId(taken, owner, 0);
    case 'attribute':
      return section === 'select_attributes' ? numberedId(taken, owner, 0) : undefined;
    case 'recipient':
      return numberedId(taken, `${owner}-recipient`, 1);
    default:
      return suffixes[name] === undefined ? undefined : newId(taken, ownSets[section] ?? `${owner}-${suffixes[name]}`);
  }
}
