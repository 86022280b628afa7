/** What goes in comes out: CIBs of every kind, sensible ones and such as nobody would write. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findById, idsOf, removeById } from '../../../src/core/cib/edit.ts';
import { completeIds } from '../../../src/core/cib/ids.ts';
import type { RawElement } from '../../../src/core/cib/model.ts';
import { validateCib } from '../../../src/core/cib/validate.ts';
import { schema } from '../../../src/core/cib/validation/schema.ts';
import { readXml } from '../../../src/core/cib/xml/read.ts';
import { writeXml } from '../../../src/core/cib/xml/write.ts';
import { parseCib, printCib } from '../../../src/core/cib/xml.ts';
import { casesFolder, loadCases } from '../../policy/cases.ts';
import { everything } from './cibs.ts';

/** An element without its place, attributes in alphabetical order: what must be the same before and after. */
function comparable({ name, attributes, children, text }: RawElement): object {
  return {
    name,
    attributes: Object.fromEntries(Object.entries(attributes).sort()),
    children: children.map(comparable),
    text,
  };
}

function treeOf(text: string): object {
  const result = readXml(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return comparable(result.value.root);
}

function printedOf(text: string): string {
  const result = parseCib(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return printCib(result.value.cib);
}

const elementNames = [...new Set(Object.values(schema).flatMap(({ children }) => Object.keys(children ?? {})))];
const statusNames = [
  'node_state',
  'lrm',
  'lrm_resources',
  'lrm_resource',
  'lrm_rsc_op',
  'transient_attributes',
  'tickets',
  'ticket_state',
];
const attributeNames = [...new Set(Object.values(schema).flatMap(({ attributes }) => Object.keys(attributes)))];

const names = fc.oneof(fc.constantFrom(...elementNames, ...statusNames), fc.constant('unknown'));
const attributes = fc.dictionary(
  fc.oneof(fc.constantFrom('id', 'name', 'uname', 'id-ref', ...attributeNames), fc.constant('unknown')),
  fc.oneof(fc.constantFrom('a', 'b', 'c', '', '1', 'INFINITY', ' x "<&>\n'), fc.string({ maxLength: 5 })),
  { maxKeys: 5 },
);

const comment: RawElement = { name: '#comment', attributes: {}, children: [], text: ' a note ' };

/** Any element anywhere: what fits is taken into the model, what does not must be kept. */
function anything(depth: number): fc.Arbitrary<RawElement> {
  const children = depth === 0 ? fc.constant([]) : fc.array(anything(depth - 1), { maxLength: 3 });
  const element = fc.record({ name: names, attributes, children });
  return fc.oneof({ weight: 9, arbitrary: element }, { weight: 1, arbitrary: fc.constant(comment) });
}

const stranger = anything(2);

/** Elements mostly where they belong, so that the model is filled deeply. */
function fitting(type: string, depth: number): fc.Arbitrary<RawElement['children']> {
  const children = Object.entries(schema[type]?.children ?? {}).filter(([, [child]]) => schema[child] !== undefined);
  if (depth === 0 || children.length === 0) return fc.constant([]);
  const known = fc
    .constantFrom(...children)
    .chain(([name, [child]]) =>
      fc.record({ name: fc.constant(name), attributes, children: fitting(child, depth - 1) }),
    );
  return fc.array(fc.oneof({ weight: 8, arbitrary: known }, { weight: 1, arbitrary: stranger }), {
    maxLength: 4,
  });
}

const cib = fc
  .oneof(fc.array(stranger, { maxLength: 4 }), fitting('cib', 6))
  .map((children): RawElement => ({ name: 'cib', attributes: { epoch: '1' }, children }));

describe('the round trip of any tree', () => {
  it('keeps every element, attribute, comment and order, and is stable from the first print on', () => {
    fc.assert(
      fc.property(cib, (root) => {
        const text = writeXml(root);
        const printed = printedOf(text);
        expect(treeOf(printed)).toEqual(comparable(root));
        expect(printedOf(printed)).toBe(printed);
      }),
      { numRuns: 150 },
    );
  });

  it('ends in findings with places inside the text, the same with and without the text', () => {
    fc.assert(
      fc.property(cib, (root) => {
        const text = writeXml(root);
        const result = parseCib(text);
        if (!result.ok) throw new Error('unreadable');
        const lines = text.split('\n').length;
        const findings = validateCib(result.value.cib, result.value.positions);
        expect(findings.filter(({ line }) => line !== undefined && line > lines)).toEqual([]);
        const bare = validateCib(result.value.cib);
        if (findings.length < 200)
          expect(bare.map(({ code }) => code).sort()).toEqual(findings.map(({ code }) => code).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('leaves every id findable, and removable', () => {
    fc.assert(
      fc.property(cib, (root) => {
        const result = parseCib(writeXml(root));
        if (!result.ok) throw new Error('unreadable');
        const { cib: read } = result.value;
        for (const id of idsOf(read)) {
          expect(findById(read, id)?.id).toBe(id);
          expect(findById(removeById(read, id), id)).toBeUndefined();
        }
        const completed = completeIds(read);
        expect(completeIds(completed)).toBe(completed);
      }),
      { numRuns: 60 },
    );
  });

  it('notices what is lost', () => {
    const lost = printedOf(everything.replace('<thing/>', ''));
    expect(treeOf(lost)).not.toEqual(treeOf(everything));
    expect(treeOf(everything.replace(' unheard-of="yes"', ''))).not.toEqual(treeOf(everything));
  });
});

const folder = casesFolder();

describe.skipIf(folder === undefined)('the round trip of the development cases', () => {
  it('keeps every one of them', () => {
    const cases = loadCases(folder!);
    expect(cases.length).toBeGreaterThan(300);
    const changed = cases.filter(({ xml }) => {
      const printed = printedOf(xml);
      return JSON.stringify(treeOf(printed)) !== JSON.stringify(treeOf(xml)) || printedOf(printed) !== printed;
    });
    expect(changed.map(({ name }) => name)).toEqual([]);
  });
});
