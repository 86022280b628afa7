/**
 * What differs between two configurations, for a person: the history of the store, a what-if before a commit and the
 * comparison of the two nodes show these lines. Parts are matched by id, so a changed value is one line and not two trees.
 */
import type { Cib, RawElement } from './model.ts';
import { commentName } from './xml/tree.ts';
import { cibToTree } from './xml.ts';

export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** What it is about, from the outside in: `primitive vip`, `op monitor 10s`, `timeout`. */
  readonly path: readonly string[];
  readonly before?: string;
  readonly after?: string;
}

/** Differences of the two `<configuration>`s, in the order of the document; what was removed comes before what is new. */
export function configurationDifferences(before: Cib, after: Cib): readonly Difference[] {
  if (before.configuration === after.configuration) return [];
  const found: Difference[] = [];
  compare(configurationOf(before), configurationOf(after), [], found);
  return found;
}

/**
 * As lines: `+ primitive vip: class=ocf type=IPaddr2`, `~ primitive vip, op monitor 10s: timeout 20s -> 30s`. At most
 * `limit` of them; the last one then says how many there are besides.
 */
export function differenceLines(differences: readonly Difference[], limit = 1000): readonly string[] {
  const lines = differences.slice(0, limit).map(line);
  const left = differences.length - lines.length;
  return left === 0 ? lines : [...lines, `... and ${left} more`];
}

function line({ kind, path, before, after }: Difference): string {
  switch (kind) {
    case 'added':
      return `+ ${path.join(', ')}${after === undefined ? '' : `: ${after}`}`;
    case 'removed':
      return `- ${path.join(', ')}${before === undefined ? '' : `: ${before}`}`;
    case 'moved':
      return `~ ${path.join(', ')}: order ${before} -> ${after}`;
    case 'changed':
      return `~ ${path.slice(0, -1).join(', ')}: ${path.at(-1)} ${before ?? '(nothing)'} -> ${after ?? '(nothing)'}`;
  }
}

function configurationOf(cib: Cib): RawElement {
  return cibToTree(cib).children.find(({ name }) => name === 'configuration')!;
}

/** Two elements that stand for the same thing. */
function compare(before: RawElement, after: RawElement, path: readonly string[], found: Difference[]): void {
  compareAttributes(before, after, path, found);
  const befores = keyed(before.children);
  const afters = keyed(after.children);
  for (const [key, child] of befores) if (!afters.has(key)) report('removed', child, path, found);
  for (const [key, child] of afters) {
    const old = befores.get(key);
    if (old === undefined) report('added', child, path, found);
    else compare(old, child, pathTo(child, path), found);
  }
  compareOrder(befores, afters, path, found);
}

function compareAttributes(before: RawElement, after: RawElement, path: readonly string[], found: Difference[]): void {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  for (const name of names) {
    const [old, value] = [before.attributes[name], after.attributes[name]];
    if (old === value) continue;
    // The name of a pair already says what its value is.
    const place = after.name === 'nvpair' && name === 'value' ? path : [...path, name];
    const whole = place.length < 2 ? [after.name, ...place] : place;
    found.push({ kind: 'changed', path: whole, ...optional('before', old), ...optional('after', value) });
  }
}

/** Order counts where Pacemaker breaks ties by it, and in groups and sets. */
function compareOrder(
  befores: ReadonlyMap<string, RawElement>,
  afters: ReadonlyMap<string, RawElement>,
  path: readonly string[],
  found: Difference[],
): void {
  const common = [...befores.keys()].filter((key) => afters.has(key));
  const now = [...afters.keys()].filter((key) => befores.has(key));
  if (common.every((key, index) => key === now[index])) return;
  const first = common.findIndex((key, index) => key !== now[index]);
  let last = common.length - 1;
  while (common[last] === now[last]) last -= 1;
  const shown = (keys: readonly string[], children: ReadonlyMap<string, RawElement>) =>
    keys
      .slice(first, Math.min(last + 1, first + 8))
      .map((key) => wordsFor(children.get(key)!))
      .join(', ');
  const where = path.length === 0 ? ['configuration'] : path;
  found.push({ kind: 'moved', path: where, before: shown(common, befores), after: shown(now, afters) });
}

function report(kind: 'added' | 'removed', element: RawElement, path: readonly string[], found: Difference[]): void {
  if (isTransparent(element)) {
    for (const child of element.children) report(kind, child, path, found);
    return;
  }
  const place = pathTo(element, path);
  const facts = factsOf(element);
  const text = facts === '' ? {} : { [kind === 'added' ? 'after' : 'before']: facts };
  found.push({ kind, path: place, ...text });
  for (const child of element.children) if (!isFact(child)) report(kind, child, place, found);
}

/** Children by id, and by name and number where they have none. */
function keyed(children: readonly RawElement[]): ReadonlyMap<string, RawElement> {
  const found = new Map<string, RawElement>();
  const numbers = new Map<string, number>();
  for (const child of children) {
    const { attributes, name, text } = child;
    const base = `${name} ${attributes['id'] ?? attributes['id-ref'] ?? text ?? ''}`;
    const number = (numbers.get(base) ?? 0) + 1;
    numbers.set(base, number);
    found.set(number === 1 ? base : `${base} ${number}`, child);
  }
  return found;
}

/** Elements that say nothing by themselves: a reader of a difference does not miss them. */
const transparent = new Set([
  'crm_config',
  'nodes',
  'resources',
  'constraints',
  'operations',
  'fencing-topology',
  'tags',
]);

function isTransparent(element: RawElement): boolean {
  return transparent.has(element.name);
}

function pathTo(element: RawElement, path: readonly string[]): readonly string[] {
  return isTransparent(element) ? path : [...path, wordsFor(element)];
}

const wordsOfElement: Readonly<Record<string, string>> = {
  cluster_property_set: 'properties',
  instance_attributes: 'params',
  meta_attributes: 'meta',
  resource_ref: 'resource',
  obj_ref: 'object',
  rsc_location: 'location',
  rsc_colocation: 'colocation',
  rsc_order: 'order',
  rsc_ticket: 'ticket',
  rsc_defaults: 'resource defaults',
  op_defaults: 'operation defaults',
};

function wordsFor({ name, attributes, text }: RawElement): string {
  if (name === commentName) return `comment "${(text ?? '').trim()}"`;
  if (name === 'nvpair') return attributes['name'] ?? attributes['id-ref'] ?? attributes['id'] ?? name;
  if (name === 'op') return `op ${attributes['name'] ?? ''} ${attributes['interval'] ?? '0'}`;
  const word = wordsOfElement[name] ?? name;
  if (word === 'meta' || word === 'params' || name === 'utilization') return word;
  const id = name === 'node' ? (attributes['uname'] ?? attributes['id']) : attributes['id'];
  return id === undefined ? word : `${word} ${id}`;
}

/** Pairs and references are shown on the line of what holds them. */
function isFact({ name, children }: RawElement): boolean {
  return (name === 'nvpair' || name === 'resource_ref' || name === 'obj_ref') && children.length === 0;
}

const saidByTheWords = new Set(['id', 'uname']);

function factsOf(element: RawElement): string {
  if (element.name === 'nvpair') return element.attributes['value'] ?? '';
  const attributes = Object.entries(element.attributes)
    .filter(
      ([name]) => !saidByTheWords.has(name) && !(element.name === 'op' && (name === 'name' || name === 'interval')),
    )
    .map(([name, value]) => `${name}=${value}`);
  const facts = element.children
    .filter(isFact)
    .map((child) =>
      child.name === 'nvpair'
        ? `${wordsFor(child)}=${child.attributes['value'] ?? ''}`
        : (child.attributes['id'] ?? ''),
    );
  return [...attributes, ...facts].join(' ');
}

function optional(field: 'before' | 'after', value: string | undefined): Partial<Pick<Difference, 'before' | 'after'>> {
  return value === undefined ? {} : { [field]: value };
}
