/** Changes of a configuration by id, each a function from a CIB to a CIB: what the crm shell's commands are made of. */
import { changeIdentified, findById, idsOf } from './identified.ts';
import { newId, pairId } from './ids.ts';
import type { Cib, Configuration, NvPair, NvSet } from './model.ts';
import { namesOf, type OptionScope, optionNamed } from './vocabulary.ts';

export { findById, idsOf };

/** Puts `replacement` in the place of the part of that id; the same CIB when there is none. */
export function replaceById(cib: Cib, id: string, replacement: object): Cib {
  return changeIdentified(cib, (part) => (part.id === id ? replacement : part.value));
}

/** Takes the part of that id out, with all that is in it; a clone goes with its child. References are left as they are. */
export function removeById(cib: Cib, id: string): Cib {
  return changeIdentified(cib, (part) => (part.id === id ? undefined : part.value));
}

/** Fields that name a part by its id; lists and comma-separated ones included. */
const referenceFields = [
  'resource',
  'dependent',
  'primary',
  'first',
  'then',
  'members',
  'references',
  'template',
  'idRef',
  'operationsIdRef',
  'devices',
] as const;

/** Ids of the parts that refer to that id, in the order of the document. */
export function referencesTo(cib: Cib, id: string): readonly string[] {
  const found: string[] = [];
  changeIdentified(cib, (part) => {
    const fields = part.value as Readonly<Record<string, unknown>>;
    if (referenceFields.some((field) => refersTo(fields[field], id))) found.push(part.id);
    return part.value;
  });
  return found;
}

/** A new id for a part, and for everything that refers to it. */
export function renameId(cib: Cib, from: string, to: string): Cib {
  const renamed = changeIdentified(cib, ({ id, value }) => (id === from ? { ...value, id: to } : value));
  return changeIdentified(renamed, ({ value }) => withReferences(value, from, to));
}

/** Sets a property of the cluster, under the name that is there already if it is there; `undefined` takes it away. */
export function setProperty(cib: Cib, name: string, value: string | undefined): Cib {
  return changeConfiguration(cib, 'properties', 'cib-bootstrap-options', 'cluster', name, value);
}

export function setResourceDefault(cib: Cib, name: string, value: string | undefined): Cib {
  return changeConfiguration(cib, 'resourceDefaults', 'rsc-options', 'resource', name, value);
}

export function setOperationDefault(cib: Cib, name: string, value: string | undefined): Cib {
  return changeConfiguration(cib, 'operationDefaults', 'op-options', 'operation', name, value);
}

export type SetField = 'meta' | 'params' | 'utilization' | 'attributes';

const suffixOf: Readonly<Record<SetField, string>> = {
  meta: 'meta_attributes',
  params: 'instance_attributes',
  utilization: 'utilization',
  attributes: 'instance_attributes',
};

/**
 * Sets an attribute in a set of the part of that id: `meta`, `params` or `utilization` of a resource, template or
 * operation, `attributes` or `utilization` of a node. The first set without a rule is changed; where there is none, one is
 * made. The same CIB when there is no such part or it has no such sets.
 */
export function setAttribute(cib: Cib, id: string, field: SetField, name: string, value: string | undefined): Cib {
  const owner = findById(cib, id)?.value as (Readonly<Record<string, unknown>> & { uname?: string }) | undefined;
  const sets = owner?.[field];
  if (owner === undefined || !Array.isArray(sets)) return cib;
  const base = `${owner.uname ?? id}-${suffixOf[field]}`;
  const scope = field === 'meta' ? 'clone' : undefined;
  return replaceById(cib, id, { ...owner, [field]: changedSets(sets, { cib, base, scope, name, value }) });
}

interface PairChange {
  readonly cib: Cib;
  /** Id of the set if one must be made. */
  readonly base: string;
  readonly scope: OptionScope | undefined;
  readonly name: string;
  readonly value: string | undefined;
}

function changeConfiguration(
  cib: Cib,
  field: 'properties' | 'resourceDefaults' | 'operationDefaults',
  base: string,
  scope: OptionScope,
  name: string,
  value: string | undefined,
): Cib {
  const sets = changedSets(cib.configuration[field], { cib, base, scope, name, value });
  const configuration: Configuration = { ...cib.configuration, [field]: sets };
  return sets === cib.configuration[field] ? cib : { ...cib, configuration };
}

function changedSets(sets: readonly NvSet[], change: PairChange): readonly NvSet[] {
  const place = sets.findIndex(({ rule, idRef }) => rule === undefined && idRef === undefined);
  const set = sets[place];
  if (set === undefined) {
    if (change.value === undefined) return sets;
    const taken = idsOf(change.cib);
    const id = newId(taken, change.base);
    taken.add(id);
    return [...sets, { id, pairs: [newPair(id, change.name, change.value, taken)] }];
  }
  const pairs = changedPairs(set, change);
  return pairs === set.pairs ? sets : sets.with(place, { ...set, pairs });
}

function changedPairs(set: NvSet, { cib, base, scope, name, value }: PairChange): readonly NvPair[] {
  const option = scope === undefined ? undefined : optionNamed(scope, name);
  const names = option === undefined ? [name] : namesOf(option);
  const place = set.pairs.findIndex((pair) => pair.name !== undefined && names.includes(pair.name));
  const pair = set.pairs[place];
  if (value === undefined) return pair === undefined ? set.pairs : set.pairs.toSpliced(place, 1);
  if (pair === undefined) return [...set.pairs, newPair(set.id ?? base, name, value, idsOf(cib))];
  return pair.value === value ? set.pairs : set.pairs.with(place, { ...pair, value });
}

function newPair(setId: string, name: string, value: string, taken: ReadonlySet<string>): NvPair {
  return { id: newId(taken, pairId(setId, name)), name, value };
}

function refersTo(field: unknown, id: string): boolean {
  if (Array.isArray(field)) return field.includes(id);
  return typeof field === 'string' && (field === id || field.split(',').includes(id));
}

function withReferences(value: object, from: string, to: string): object {
  const fields = value as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | undefined;
  const renamed = (word: unknown) => (word === from ? to : word);
  for (const field of referenceFields) {
    const reference = fields[field];
    if (!refersTo(reference, from)) continue;
    changed ??= { ...fields };
    changed[field] = Array.isArray(reference)
      ? reference.map(renamed)
      : (reference as string).split(',').map(renamed).join(',');
  }
  return changed ?? value;
}
