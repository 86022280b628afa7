/**
 * The same CIB written in another order, wherever order carries no meaning. Resources, members of groups and sets, sets of
 * pairs and orderings keep theirs, and so do the states of the nodes: by their order Pacemaker breaks ties too.
 */
import type { Draw } from './random-cib/draw.ts';
import type { Element } from './xml-tree.ts';

/** Elements whose children are read by their ids alone. */
const unordered = new Set(['nodes', 'lrm_resources', 'lrm_resource', 'tickets']);
/** Pairs in one of these have different names, or the first of a name counts. */
const pairs = new Set(['meta_attributes', 'instance_attributes', 'utilization', 'cluster_property_set']);
const constraints = ['rsc_location', 'rsc_colocation', 'rsc_ticket'];

export function shuffled(element: Element, draw: Draw): Element {
  const attributes = Object.fromEntries(inAnyOrder(Object.entries(element.attributes), draw));
  const children = reordered(element, draw).map((child) => shuffled(child, draw));
  return { name: element.name, attributes, children };
}

function reordered({ name, children }: Element, draw: Draw): Element[] {
  if (unordered.has(name)) return inAnyOrder(children, draw);
  if (pairs.has(name)) return haveOneNameEach(children) ? inAnyOrder(children, draw) : children;
  return name === 'constraints' ? constraints.reduce((list, kind) => mixed(list, kind, draw), children) : children;
}

function haveOneNameEach(children: readonly Element[]): boolean {
  const names = children.map(({ attributes }) => attributes['name']);
  return new Set(names).size === names.length;
}

/** Only those of that name change places among themselves. */
function mixed(children: readonly Element[], name: string, draw: Draw): Element[] {
  const drawn = inAnyOrder(
    children.filter((child) => child.name === name),
    draw,
  );
  return children.map((child) => (child.name === name ? (drawn.shift() as Element) : child));
}

const inAnyOrder = <Value>(values: readonly Value[], draw: Draw): Value[] => draw.sample(values, values.length);
