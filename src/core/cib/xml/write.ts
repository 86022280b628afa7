/**
 * Element tree to text, in the layout that Pacemaker's tools write: two spaces a level, attributes in the order given,
 * an element without children closed in its own tag. The result can always be read back: what XML cannot carry (control
 * characters, half a surrogate pair) becomes the replacement character.
 */
import type { RawElement } from '../model.ts';
import { commentName } from './tree.ts';

export function writeXml(root: RawElement, prolog: readonly string[] = [], epilog: readonly string[] = []): string {
  const lines: string[] = [];
  for (const text of prolog) lines.push(comment(text));
  writeElement(root, '', lines);
  for (const text of epilog) lines.push(comment(text));
  return `${lines.join('\n')}\n`;
}

function writeElement(element: RawElement, indent: string, lines: string[]): void {
  if (element.name === commentName) {
    lines.push(`${indent}${comment(element.text ?? '')}`);
    return;
  }
  let tag = `${indent}<${element.name}`;
  const { attributes } = element;
  for (const name in attributes) tag += ` ${name}="${escaped(attributes[name] ?? '')}"`;
  if (element.text !== undefined) {
    lines.push(`${tag}>${escaped(element.text)}</${element.name}>`);
    return;
  }
  if (element.children.length === 0) {
    lines.push(`${tag}/>`);
    return;
  }
  lines.push(`${tag}>`);
  const deeper = `${indent}  `;
  for (const child of element.children) writeElement(child, deeper, lines);
  lines.push(`${indent}</${element.name}>`);
}

const special = /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/;

function escaped(value: string): string {
  if (!special.test(value)) return value;
  return legal(value).replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? character);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** `--` may not stand in a comment, nor `-` at its end. */
function comment(text: string): string {
  return `<!--${legal(text).replace(/\r\n?/g, '\n').replace(/--/g, '- -').replace(/--/g, '- -').replace(/-$/, '- ')}-->`;
}

function legal(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd');
}
