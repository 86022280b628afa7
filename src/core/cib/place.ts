/** Where something stands in the text that a configuration was read from, for messages of those who know only its id. */

import { referringElements } from './identified.ts';
import { attributeOffset, type LineAndColumn, lineAndColumn } from './xml/positions.ts';
import type { XmlElement } from './xml/tree.ts';
import type { CibPositions } from './xml.ts';

/**
 * The place of the first element of that id in `<configuration>`, or of one of its attributes (of the element, when it has
 * no such attribute); undefined when there is no such element.
 */
export function placeOfId({ text, root }: CibPositions, id: string, attribute?: string): LineAndColumn | undefined {
  const configuration = root.children.find(({ name }) => name === 'configuration');
  const element = configuration === undefined ? undefined : elementOfId(configuration, id);
  if (element === undefined) return undefined;
  return lineAndColumn(
    text,
    attribute === undefined ? element.offset : attributeOffset(text, element.offset, attribute),
  );
}

function elementOfId(element: XmlElement, id: string): XmlElement | undefined {
  if (element.attributes['id'] === id && !referringElements.has(element.name)) return element;
  for (const child of element.children) {
    const found = elementOfId(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
