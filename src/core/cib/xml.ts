/**
 * A CIB as text: the only door between XML and the model. What is read comes out again the same: the same elements with
 * the same attributes, comments and order, understood or not; and what we have printed once is printed the same for ever.
 */
import { assert } from '../assert.ts';
import { failure, type Result, success } from '../result.ts';
import type { Cib, RawElement } from './model.ts';
import { cibCodec } from './xml/document.ts';
import { readXml } from './xml/read.ts';
import { newElement, type XmlElement } from './xml/tree.ts';
import { writeXml } from './xml/write.ts';

/** Where everything stood in a text, for those who must point at it (`validate.ts`). */
export interface CibPositions {
  readonly text: string;
  /** The `<cib>` element as it was read; its parts know their place in the text. */
  readonly root: XmlElement;
}

/**
 * `<cib>` with or without `<status>`, or `<configuration>` alone. Whether the content makes sense is for `validate.ts`.
 * @returns `cib-xml-malformed` (line, column, fault), `cib-xml-too-large`, or `cib-not-a-cib` for XML of something else.
 */
export function parseCib(text: string): Result<{ readonly cib: Cib; readonly positions: CibPositions }> {
  const document = readXml(text);
  if (!document.ok) return document;
  const { prolog, epilog } = document.value;
  const root = asCib(document.value.root);
  if (root === undefined) return failure('cib-not-a-cib', { found: document.value.root.name });
  const cib = withComments(cibFromTree(root), prolog, epilog);
  return success({ cib, positions: { text, root } });
}

/** Two spaces a level, ends with a line end, no XML declaration (it would say no more than the defaults). */
export function printCib(cib: Cib): string {
  return writeXml(cibCodec.encode(cib), cib.prolog, cib.epilog);
}

/** The element tree that `printCib` prints. */
export function cibToTree(cib: Cib): RawElement {
  return cibCodec.encode(cib);
}

/** A CIB from a tree, such as `cibToTree` gave and somebody changed; comments around it are those of `like`. */
export function cibFromTree(root: RawElement, like?: Cib): Cib {
  const cib = cibCodec.decode(root);
  assert(cib !== undefined, 'a <cib> needs nothing that could be missing');
  return withComments(cib, like?.prolog ?? [], like?.epilog ?? []);
}

function withComments(cib: Cib, prolog: readonly string[], epilog: readonly string[]): Cib {
  if (prolog.length === 0 && epilog.length === 0) return cib;
  return {
    ...cib,
    ...(prolog.length === 0 ? {} : { prolog }),
    ...(epilog.length === 0 ? {} : { epilog }),
  };
}

function asCib(root: XmlElement): XmlElement | undefined {
  if (root.name === 'cib') return root;
  if (root.name !== 'configuration') return undefined;
  return { ...newElement('cib'), children: [root], offset: root.offset };
}
