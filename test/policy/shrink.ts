/** Makes a CIB smaller as long as it keeps a property: whole elements first, from the large to the small, then attributes. */
import { type Element, everyElement } from './xml-tree.ts';

const rounds = 4;

export async function shrink(cib: Element, keeps: (candidate: Element) => Promise<boolean>): Promise<Element> {
  let best = cib;
  for (let round = 0; round < rounds; round++) {
    const before = size(best);
    best = await dropResources(best, keeps);
    best = await dropElements(best, keeps);
    best = await dropAttributes(best, keeps);
    if (size(best) === before) break;
  }
  return best;
}

/** A resource with everything that names it: on its own its element cannot go, references to it would be left over. */
async function dropResources(cib: Element, keeps: (candidate: Element) => Promise<boolean>): Promise<Element> {
  const kinds = new Set(['primitive', 'group', 'clone', 'template', 'tag']);
  const ids = [...everyElement(cib)]
    .filter(({ name }) => kinds.has(name))
    .map(({ attributes }) => attributes['id'] as string);
  let best = cib;
  for (const id of ids) {
    const candidate = withoutMentions(best, id);
    if (size(candidate) < size(best) && (await keeps(candidate))) best = candidate;
  }
  return best;
}

function withoutMentions(root: Element, id: string): Element {
  const mentions = ({ name, attributes }: Element): boolean =>
    [attributes['id'], attributes['rsc'], attributes['with-rsc'], attributes['first'], attributes['then']].some(
      (value) => value === id || (name === 'lrm_resource' && value?.replace(/:\d+$/, '') === id),
    ) ||
    (name === 'nvpair' &&
      (attributes['value'] === id ||
        new RegExp(`^(fail-count|last-failure|master)-${id}\\b`).test(attributes['name'] ?? '')));
  const children = root.children.filter((child) => !mentions(child)).map((child) => withoutMentions(child, id));
  // A set or a tag of nothing is not allowed.
  const emptied = new Set(['resource_set', 'tag', 'group', 'clone']);
  return { ...root, children: children.filter((child) => !emptied.has(child.name) || child.children.length > 0) };
}

const structural = new Set(['cib', 'configuration', 'crm_config', 'nodes', 'resources', 'constraints', 'status']);

async function dropElements(cib: Element, keeps: (candidate: Element) => Promise<boolean>): Promise<Element> {
  let best = cib;
  // Positions in document order; after a success the same position holds the next element.
  for (let position = 1; position < size(best); ) {
    const element = [...everyElement(best)][position] as Element;
    const candidate = structural.has(element.name) ? undefined : withoutElement(best, element);
    if (candidate !== undefined && (await keeps(candidate))) best = candidate;
    else position++;
  }
  return best;
}

const droppable =
  /^(exit-reason|crm-debug-origin|exec-time|queue-time|score|kind|symmetrical|influence|resource-discovery|role|timeout|on-fail|node-attribute|require-all|sequential|first-action|then-action|rsc-role|with-rsc-role|last-rc-change|boolean-op|type|action)$/;

async function dropAttributes(cib: Element, keeps: (candidate: Element) => Promise<boolean>): Promise<Element> {
  let best = cib;
  for (let position = 0; position < size(best); position++) {
    const element = [...everyElement(best)][position] as Element;
    for (const name of Object.keys(element.attributes).filter((key) => droppable.test(key))) {
      const candidate = withoutAttribute(best, position, name);
      if (await keeps(candidate)) best = candidate;
    }
  }
  return best;
}

function withoutElement(root: Element, gone: Element): Element {
  const children = root.children.filter((child) => child !== gone).map((child) => withoutElement(child, gone));
  return { ...root, children };
}

function withoutAttribute(root: Element, position: number, name: string): Element {
  const copy = structuredClone(root);
  const element = [...everyElement(copy)][position] as Element;
  delete element.attributes[name];
  return copy;
}

function size(root: Element): number {
  return [...everyElement(root)].length;
}
