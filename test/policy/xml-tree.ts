/**
 * A small XML reader and writer for the differential tests: elements and attributes only, which is all that a CIB and the
 * answers of `crm_simulate` consist of. The tests have one of their own because the reader of the product is among the
 * things they judge.
 */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The root element. Throws on what is not well formed; text between elements is dropped. */
export function parseXml(text: string): Element {
  const top: Element = { name: '', attributes: {}, children: [] };
  const open: Element[] = [top];
  for (const match of text.matchAll(token)) {
    const [, closed, name, attributes = '', empty] = match;
    const parent = open[open.length - 1] as Element;
    if (closed !== undefined) {
      if (open.length === 1 || parent.name !== closed) throw new Error(`</${closed}> closes <${parent.name}>`);
      open.pop();
    } else if (name !== undefined) {
      const element = { name, attributes: parseAttributes(attributes), children: [] };
      parent.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  const [root] = top.children;
  if (root === undefined || open.length !== 1) throw new Error(`not well formed: ${text.slice(0, 200)}`);
  return root;
}

export function writeXml(element: Element, indent = ''): string {
  const attributes = Object.entries(element.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const head = `${indent}<${element.name}${attributes.join('')}`;
  if (element.children.length === 0) return `${head}/>\n`;
  const inner = element.children.map((child) => writeXml(child, `${indent}  `)).join('');
  return `${head}>\n${inner}${indent}</${element.name}>\n`;
}

/** An element with what is defined of the attributes. */
export function el(
  name: string,
  attributes: Record<string, string | number | boolean | undefined> = {},
  children: readonly Element[] = [],
): Element {
  const kept = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    name,
    attributes: Object.fromEntries(kept.map(([key, value]) => [key, String(value)])),
    children: [...children],
  };
}

export function childrenNamed(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function childNamed(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The element and everything below it, parents first. */
export function* everyElement(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}

function parseAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(attribute))
    found[name] = unescapeXml(double ?? single ?? '');
  return found;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name] ?? whole;
  });
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    return character === '>' ? '&gt;' : '&quot;';
  });
}
