/** Ids are given once, and every id that is used is given to something of the right kind. */
import { nearestWord } from '../../config/nearest.ts';
import type { RawElement } from '../model.ts';
import type { Findings } from './findings.ts';
import type { Found, Survey } from './structure.ts';

export function checkReferences(root: RawElement, survey: Survey, findings: Findings): void {
  const given = new Map<string, Found>();
  for (const found of survey.ids) {
    const first = given.get(found.id);
    if (first === undefined) given.set(found.id, found);
    else reportRepeated(found, first.element, findings);
  }
  for (const reference of survey.references) {
    // Looking for the nearest of thousands of ids is only worth it for a finding that will be shown.
    if (findings.full) return;
    checkReference(reference, given, findings);
  }
  checkNodes(root, findings);
}

function reportRepeated(found: Found, first: RawElement, findings: Findings): void {
  const otherLine = findings.lineOf(first);
  const fields = { repeated: found.id, other: `<${first.name}>`, ...(otherLine === undefined ? {} : { otherLine }) };
  findings.error('cib-id-repeated', found, fields);
}

/** Kinds of elements that a reference may mean, by element and attribute; what is not listed may be anything. */
const wanted: Readonly<Record<string, { readonly kinds: readonly string[]; readonly word: string }>> = {
  'primitive template': { kinds: ['template'], word: 'a template' },
  'role id': { kinds: ['acl_role'], word: 'an ACL role' },
  'nvpair id-ref': { kinds: ['nvpair'], word: 'a name-value pair' },
  'operations id-ref': { kinds: ['operations', 'primitive', 'template'], word: 'operations' },
  'rule id-ref': { kinds: ['rule'], word: 'a rule' },
  'resource_set id-ref': { kinds: ['resource_set'], word: 'a resource set' },
  'instance_attributes id-ref': { kinds: ['instance_attributes'], word: 'a set of that kind' },
  'meta_attributes id-ref': { kinds: ['meta_attributes'], word: 'a set of that kind' },
  'utilization id-ref': { kinds: ['utilization'], word: 'a set of that kind' },
  'cluster_property_set id-ref': { kinds: ['cluster_property_set'], word: 'a set of that kind' },
};

const resources = {
  kinds: ['primitive', 'group', 'clone', 'master', 'bundle', 'template', 'tag'],
  word: 'a resource, template or tag',
};

const resourceReferences = new Set([
  'rsc_location rsc',
  'rsc_colocation rsc',
  'rsc_colocation with-rsc',
  'rsc_order first',
  'rsc_order then',
  'rsc_ticket rsc',
  'resource_ref id',
]);

function checkReference(reference: Found, given: ReadonlyMap<string, Found>, findings: Findings): void {
  const { element, attribute, id } = reference;
  const place = `${element.name} ${attribute}`;
  const want = resourceReferences.has(place) ? resources : wanted[place];
  const target = given.get(id)?.element;
  if (target !== undefined && (want === undefined || want.kinds.includes(target.name))) return;
  const fields = { attribute, target: id, wanted: want?.word ?? 'an element' };
  if (target !== undefined) {
    findings.error('cib-reference-to-other', reference, { ...fields, found: `<${target.name}>` }, false);
    return;
  }
  const candidates = [...given.values()].filter(
    (found) => want === undefined || want.kinds.includes(found.element.name),
  );
  const nearest = nearestWord(
    id,
    similarLength(
      id,
      candidates.map((found) => found.id),
    ),
  );
  findings.error('cib-reference-missing', reference, { ...fields, ...(nearest === undefined ? {} : { nearest }) });
}

/** The rest cannot be near; keeps a misspelt id among thousands cheap. */
function similarLength(word: string, known: readonly string[]): readonly string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  return known.filter((candidate) => Math.abs(candidate.length - word.length) <= limit);
}

/** Nodes are called by name; a name that no node has is allowed, and mostly a mistake. */
function checkNodes(root: RawElement, findings: Findings): void {
  const configuration = childrenOf([root], 'configuration');
  const names = childrenOf(childrenOf(configuration, 'nodes'), 'node').map(
    ({ attributes }) => attributes['uname'] ?? '',
  );
  if (names.length === 0) return;
  const known = new Set(names);
  const report = (element: RawElement, attribute: string) => {
    const name = element.attributes[attribute];
    if (name === undefined || known.has(name)) return;
    const nearest = nearestWord(name, names);
    findings.warning(
      'cib-node-unknown',
      { element, attribute },
      { attribute, node: name, nodes: names.join(', '), ...(nearest === undefined ? {} : { nearest }) },
    );
  };
  for (const element of childrenOf(childrenOf(configuration, 'constraints'), 'rsc_location')) report(element, 'node');
  for (const element of childrenOf(childrenOf(configuration, 'fencing-topology'), 'fencing-level'))
    report(element, 'target');
  checkDevices(configuration, findings);
}

function checkDevices(configuration: readonly RawElement[], findings: Findings): void {
  const devices = new Set<string>();
  collectDevices(childrenOf(configuration, 'resources'), devices);
  for (const element of childrenOf(childrenOf(configuration, 'fencing-topology'), 'fencing-level')) {
    for (const device of (element.attributes['devices'] ?? '').split(',')) {
      if (device === '' || devices.has(device) || findings.full) continue;
      const nearest = nearestWord(device, [...devices]);
      findings.warning(
        'cib-device-unknown',
        { element, attribute: 'devices' },
        { device, ...(nearest === undefined ? {} : { nearest }) },
      );
    }
  }
}

/** Fence devices, and primitives of a template, which may be some. */
function collectDevices(elements: readonly RawElement[], devices: Set<string>): void {
  for (const { name, attributes, children } of elements) {
    const { class: agentClass, template, id } = attributes;
    if (name === 'primitive' && id !== undefined && (agentClass === 'stonith' || template !== undefined))
      devices.add(id);
    else collectDevices(children, devices);
  }
}

function childrenOf(elements: readonly RawElement[], name: string): readonly RawElement[] {
  return elements.flatMap(({ children }) => children.filter((child) => child.name === name));
}
