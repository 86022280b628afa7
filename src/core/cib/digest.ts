/** One short name for a configuration: two nodes compare it instead of the whole. */
import type { Cib, RawElement } from './model.ts';
import { cibToTree } from './xml.ts';

/**
 * The digest of `<configuration>`: versions, status and the order of attributes do not enter, the order of elements does.
 * @param hash - such as SHA-256 in hexadecimal; the core has none of its own.
 */
export function configurationDigest(cib: Cib, hash: (text: string) => string): string {
  const configuration = cibToTree(cib).children.find(({ name }) => name === 'configuration');
  return hash(canonicalText(configuration ?? cibToTree(cib)));
}

/** An element as text that does not depend on the order of attributes nor on layout, and is the same for no two others. */
export function canonicalText(element: RawElement): string {
  const parts: string[] = [];
  collect(element, parts);
  return parts.join('');
}

function collect({ name, attributes, children, text }: RawElement, parts: string[]): void {
  parts.push('(', JSON.stringify(name));
  for (const attribute of Object.keys(attributes).sort()) {
    parts.push(' ', JSON.stringify(attribute), '=', JSON.stringify(attributes[attribute]));
  }
  if (text !== undefined) parts.push(' ', JSON.stringify(text));
  for (const child of children) collect(child, parts);
  parts.push(')');
}
