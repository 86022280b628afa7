/**
 * Walks a tree along the schema: unknown and misplaced elements and attributes, what is missing, what excludes another,
 * values of the wrong type. Notes on its way who has which id and who refers to whom.
 */
import { nearestWord } from '../../config/nearest.ts';
import type { RawElement } from '../model.ts';
import { commentName } from '../xml/tree.ts';
import type { Findings, Spot } from './findings.ts';
import { type ElementType, schema } from './schema.ts';
import { expectedOf, isOfType, wordsOf } from './values.ts';

export interface Found {
  readonly element: RawElement;
  readonly attribute: string;
  readonly id: string;
  readonly owner: string | undefined;
}

export interface Survey {
  /** Elements that have an id, and those that refer to one, in the order of the document. */
  readonly ids: Found[];
  readonly references: Found[];
}

/** @param versioned - whether `<cib>` itself is looked at, or only what is in it. */
export function checkStructure(root: RawElement, findings: Findings, versioned: boolean): Survey {
  const survey: Survey = { ids: [], references: [] };
  const context: Context = { findings, survey };
  if (versioned) visit(root, 'cib', undefined, context);
  else visitChildren(schema['cib']!, { element: root }, false, context);
  return survey;
}

interface Context {
  readonly findings: Findings;
  readonly survey: Survey;
}

function visit(element: RawElement, typeName: string, owner: string | undefined, context: Context): void {
  const type = schema[typeName]!;
  const spot: Spot = { element, owner };
  const reference = element.attributes['id-ref'] !== undefined && type.byReference !== undefined;
  checkAttributes(type, spot, reference, context);
  if (!reference) checkTogether(type, spot, context.findings);
  visitChildren(type, spot, reference, context);
}

function checkAttributes(type: ElementType, spot: Spot, reference: boolean, { findings, survey }: Context): void {
  const { element, owner } = spot;
  for (const attribute in element.attributes) {
    const value = element.attributes[attribute]!;
    const valueType = type.attributes[attribute];
    if (valueType === undefined) {
      findings.warning(
        'cib-attribute-unknown',
        { ...spot, attribute },
        { attribute, ...near(attribute, Object.keys(type.attributes)) },
        true,
      );
    } else if (reference && attribute !== 'id-ref' && !type.byReference!.includes(attribute)) {
      findings.error('cib-attribute-misplaced', { ...spot, attribute }, { attribute, where: 'id-ref' });
    } else if (!isOfType(valueType, value)) {
      const words = wordsOf(valueType);
      findings.error(
        'cib-value-invalid',
        { ...spot, attribute },
        { attribute, value, expected: expectedOf(valueType), ...near(value, words) },
      );
    } else if (valueType === 'id' || valueType === 'idref') {
      (valueType === 'id' ? survey.ids : survey.references).push({ element, attribute, id: value.trim(), owner });
    }
  }
  if (reference) return;
  for (const attribute of type.required ?? []) {
    if (element.attributes[attribute] === undefined) findings.error('cib-attribute-missing', spot, { attribute });
  }
}

/** What excludes or needs another. */
function checkTogether(type: ElementType, spot: Spot, findings: Findings): void {
  const { element } = spot;
  const has = (name: string) => isPresent(element, name);
  for (const alternatives of type.exactlyOne ?? []) {
    const used = alternatives.filter((names) => names.some(has));
    const wanted = alternatives.map((names) => names.join(' with ')).join(', or ');
    if (used.length === 0) findings.error('cib-alternative-missing', spot, { wanted });
    if (used.length > 1)
      findings.error('cib-alternatives-mixed', spot, {
        found: used.map((names) => names.filter(has).join(' with ')).join(' and '),
        wanted,
      });
    const only = used.length === 1 ? used[0]! : [];
    for (const attribute of only.filter((name) => !has(name)))
      findings.error('cib-attribute-missing', spot, { attribute, where: only.filter(has).join(' and ') });
  }
  for (const names of type.atMostOne ?? []) {
    const used = names.filter(has);
    if (used.length > 1)
      findings.error('cib-alternatives-mixed', spot, { found: used.join(' and '), wanted: names.join(', or ') });
  }
  for (const [attribute, beside] of Object.entries(type.onlyWith ?? {})) {
    if (has(attribute) && !beside.some(has))
      findings.error('cib-attribute-alone', { ...spot, attribute }, { attribute, without: beside.join(' or ') });
  }
  for (const { code, name, where } of type.special?.(element) ?? []) {
    const child =
      code === 'cib-element-misplaced' ? element.children.find((candidate) => candidate.name === name) : undefined;
    const about = child === undefined ? spot : { element: child, owner: spot.owner };
    findings.error(code, about, { [code === 'cib-element-missing' ? 'wanted' : 'attribute']: name, where });
  }
}

function isPresent(element: RawElement, name: string): boolean {
  if (!name.startsWith('<')) return element.attributes[name] !== undefined;
  return element.children.some((child) => `<${child.name}>` === name);
}

function visitChildren(type: ElementType, spot: Spot, reference: boolean, context: Context): void {
  const { element } = spot;
  const { findings } = context;
  const owner = element.attributes['id'] ?? spot.owner;
  const counts = new Map<string, number>();
  for (const child of element.children) {
    if (child.name === commentName) continue;
    const known = type.children?.[child.name];
    if (known === undefined) {
      reportStranger(child, element, type, owner, findings);
      continue;
    }
    const count = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, count);
    if (reference) findings.error('cib-element-misplaced', { element: child, owner }, { where: 'id-ref' });
    else if (count === 2 && (known[1] === 'one' || known[1] === 'optional'))
      findings.error('cib-element-repeated', { element: child, owner }, { parent: element.name });
    if (known[0] !== 'status') visit(child, known[0], owner, context);
  }
  if (!reference) checkCounts(type, spot, counts, findings);
}

function checkCounts(type: ElementType, spot: Spot, counts: ReadonlyMap<string, number>, findings: Findings): void {
  for (const [name, [, count]] of Object.entries(type.children ?? {})) {
    if ((count === 'one' || count === 'some') && !counts.has(name))
      findings.error('cib-element-missing', spot, { wanted: `<${name}>` });
  }
  if (type.someOf !== undefined && !type.someOf.some((name) => counts.has(name))) {
    findings.error('cib-element-missing', spot, {
      wanted: `one of ${type.someOf.map((name) => `<${name}>`).join(', ')}`,
    });
  }
}

function reportStranger(
  child: RawElement,
  parent: RawElement,
  type: ElementType,
  owner: string | undefined,
  findings: Findings,
): void {
  const known = Object.keys(type.children ?? {});
  const expected = known.length === 0 ? 'nothing' : known.map((name) => `<${name}>`).join(', ');
  const code = everyElement.has(child.name) ? 'cib-element-out-of-place' : 'cib-element-unknown';
  findings.warning(
    code,
    { element: child, owner },
    { parent: parent.name, expected, ...near(child.name, known) },
    true,
  );
}

/** Elements that have a place somewhere. */
const everyElement = new Set(Object.values(schema).flatMap(({ children }) => Object.keys(children ?? {})));

function near(word: string, known: readonly string[]): { readonly nearest?: string } {
  const nearest = nearestWord(word, known);
  return nearest === undefined || nearest === word ? {} : { nearest };
}
