/**
 * The element tree between XML text and the model: what `read.ts` makes of a text and what `write.ts` prints. An element
 * of a text knows where it began; line and column are worked out only when somebody asks (`positions.ts`).
 */
import type { RawElement } from '../model.ts';

export interface XmlElement extends RawElement {
  readonly children: readonly XmlElement[];
  /** Where `<` stood in the text, counted in characters of the string; -1 for an element that comes from no text. */
  readonly offset: number;
}

/** What stood in a document: its one element, and the comments before and after it. */
export interface XmlDocument {
  readonly root: XmlElement;
  readonly prolog: readonly string[];
  readonly epilog: readonly string[];
}

/** `RawElement.name` of a comment. No element can be called so. */
export const commentName = '#comment';

export const noChildren: readonly never[] = Object.freeze([]);

export function newElement(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly RawElement[] = noChildren,
): RawElement {
  return { name, attributes, children };
}
