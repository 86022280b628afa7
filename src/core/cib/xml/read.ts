/**
 * Text to element tree: the part of XML 1.0 that a CIB is written in. Elements, attributes, comments, the five named
 * entities, character references and the XML declaration are read; DOCTYPE (and with it every entity that could grow or
 * reach a file), CDATA, processing instructions and text other than white space are refused. Size, depth and counts are
 * bounded. The first fault ends the reading: what follows broken XML is guesswork.
 */
import { failure, type Result, success } from '../../result.ts';
import { lineAndColumn } from './positions.ts';
import { commentName, noChildren, type XmlDocument, type XmlElement } from './tree.ts';

export const xmlLimits = {
  characters: 64 * 1024 * 1024,
  depth: 64,
  elements: 2_000_000,
  attributesOfElement: 256,
  nameCharacters: 256,
} as const;

/** @returns `cib-xml-malformed` with line, column and what was wrong, or `cib-xml-too-large`. */
export function readXml(text: string): Result<XmlDocument> {
  if (text.length > xmlLimits.characters) {
    return failure('cib-xml-too-large', { characters: text.length, limit: xmlLimits.characters });
  }
  const reader = new Reader(text);
  const document = reader.document();
  if (document !== undefined) return success(document);
  const { line, column } = lineAndColumn(text, reader.faultOffset);
  return failure('cib-xml-malformed', { line, column, fault: reader.fault });
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly offset: number;
  children: XmlElement[] | undefined;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const exclamation = 33;
const doubleQuote = 34;
const ampersand = 38;
const singleQuote = 39;
const slash = 47;
const lessThan = 60;
const equals = 61;
const greaterThan = 62;
const question = 63;

const noAttributes: Record<string, string> = Object.freeze({}) as Record<string, string>;

/** One pass over the text. A method that fails notes the fault and returns undefined or false; nothing is thrown. */
class Reader {
  fault = '';
  faultOffset = 0;
  private readonly text: string;
  private position = 0;
  private elements = 0;
  private readonly attributeNames = new Map<string, string[]>();

  constructor(text: string) {
    this.text = text;
  }

  document(): XmlDocument | undefined {
    if (this.text.charCodeAt(0) === 0xfeff) this.position = 1;
    if (!this.declaration()) return undefined;
    const prolog = this.comments();
    if (prolog === undefined) return undefined;
    const root = this.tree();
    if (root === undefined) return undefined;
    const epilog = this.comments();
    if (epilog === undefined) return undefined;
    if (this.position < this.text.length) {
      return this.fail(`nothing but comments may follow </${root.name}>`);
    }
    return { root, prolog, epilog };
  }

  private declaration(): boolean {
    if (!/^<\?xml[ \t\r\n]/.test(this.text.slice(this.position, this.position + 6))) return true;
    const end = this.text.indexOf('?>', this.position);
    if (end < 0) return this.failed('the XML declaration has no ?>');
    const declared = /encoding\s*=\s*["']([^"']*)["']/.exec(this.text.slice(this.position, end))?.[1];
    if (declared !== undefined && !/^(utf-?8|us-ascii)$/i.test(declared)) {
      return this.failed(`the encoding is ${declared}, and only UTF-8 is read`);
    }
    this.position = end + 2;
    return true;
  }

  /** Comments and white space up to the next thing that is neither. */
  private comments(): string[] | undefined {
    const found: string[] = [];
    for (;;) {
      this.skipSpace();
      if (!this.text.startsWith('<!--', this.position)) return found;
      const text = this.comment();
      if (text === undefined) return undefined;
      found.push(text);
    }
  }

  /** One element with everything in it. An explicit stack, so that depth costs no call stack. */
  private tree(): XmlElement | undefined {
    const { text } = this;
    const stack: Open[] = [];
    for (;;) {
      this.skipSpace();
      const at = this.position;
      if (at >= text.length) {
        const open = stack.at(-1);
        return this.fail(open === undefined ? 'there is no element' : `<${open.name}> is not closed`, open?.offset);
      }
      if (text.charCodeAt(at) !== lessThan) return this.fail('text where only elements may stand');
      const next = text.charCodeAt(at + 1);
      if (next === slash) {
        const closed = this.closingTag(stack);
        if (closed === undefined || stack.length === 0) return closed;
      } else if (next === exclamation || next === question) {
        if (!this.commentInto(stack)) return undefined;
      } else {
        const finished = this.openingTag(stack);
        if (finished === undefined) return undefined;
        if (finished !== open && stack.length === 0) return finished;
      }
    }
  }

  private closingTag(stack: Open[]): XmlElement | undefined {
    const at = this.position;
    this.position += 2;
    const name = this.name();
    if (name === undefined) return this.fail('</ is followed by no name', at);
    this.skipSpace();
    if (this.text.charCodeAt(this.position) !== greaterThan) return this.fail(`</${name} is not ended by >`);
    this.position += 1;
    const element = stack.pop();
    if (element === undefined) return this.fail(`</${name}> closes nothing`, at);
    if (element.name !== name) return this.fail(`</${name}> where </${element.name}> should stand`, at);
    return finish(element, stack);
  }

  /** @returns `open` when children follow, the element when it closed itself. */
  private openingTag(stack: Open[]): XmlElement | undefined {
    const offset = this.position;
    this.position += 1;
    const name = this.name();
    if (name === undefined) return this.fail('< is followed by no name', offset);
    this.elements += 1;
    if (this.elements > xmlLimits.elements) return this.fail(`more than ${xmlLimits.elements} elements`, offset);
    if (stack.length >= xmlLimits.depth) return this.fail(`elements nested deeper than ${xmlLimits.depth}`, offset);
    const attributes = this.attributes(name);
    if (attributes === undefined) return undefined;
    const element: Open = { name, attributes, offset, children: undefined };
    if (this.text.charCodeAt(this.position) === slash) {
      if (this.text.charCodeAt(this.position + 1) !== greaterThan) return this.fail('/ is not followed by >');
      this.position += 2;
      return finish(element, stack);
    }
    this.position += 1;
    stack.push(element);
    return open;
  }

  /** Stops before `>` or `/`. */
  private attributes(element: string): Record<string, string> | undefined {
    const { text } = this;
    const expected = this.attributeNamesOf(element);
    let found = noAttributes;
    let count = 0;
    for (;;) {
      const before = this.position;
      this.skipSpace();
      const code = text.charCodeAt(this.position);
      if (code === greaterThan || code === slash) return found;
      const at = this.position;
      const name = this.expectedName(expected, count) ?? this.name();
      if (name === undefined) return this.fail(`in <${element}> an attribute, > or /> should stand here`);
      if (before === at) return this.fail(`white space is missing before ${name}`, at);
      if (!this.equalsSign()) return this.fail(`${name} has no ="value"`, at);
      const value = this.quoted(name);
      if (value === undefined) return undefined;
      if (found === noAttributes) found = {};
      else if (found[name] !== undefined && Object.hasOwn(found, name))
        return this.fail(`${name} is given twice in <${element}>`, at);
      count += 1;
      if (count > xmlLimits.attributesOfElement) {
        return this.fail(`<${element}> has more than ${xmlLimits.attributesOfElement} attributes`, at);
      }
      if (name === '__proto__') return this.fail('no attribute may be called __proto__', at);
      found[name] = value;
      expected[count - 1] = name;
    }
  }

  /** Elements of one name mostly have the same attributes in the same order: those of the last one are tried first. */
  private attributeNamesOf(element: string): string[] {
    const known = this.attributeNames.get(element);
    if (known !== undefined) return known;
    const names: string[] = [];
    this.attributeNames.set(element, names);
    return names;
  }

  private expectedName(expected: readonly string[], place: number): string | undefined {
    const name = expected[place];
    if (name === undefined || !this.text.startsWith(name, this.position)) return undefined;
    const end = this.position + name.length;
    if (this.text.charCodeAt(end) !== equals) return undefined;
    this.position = end;
    return name;
  }

  private equalsSign(): boolean {
    this.skipSpace();
    if (this.text.charCodeAt(this.position) !== equals) return false;
    this.position += 1;
    this.skipSpace();
    return true;
  }

  private quoted(name: string): string | undefined {
    const { text } = this;
    const quote = text.charCodeAt(this.position);
    if (quote !== doubleQuote && quote !== singleQuote) return this.fail(`the value of ${name} is not in quotes`);
    const start = this.position + 1;
    let plain = true;
    let end = start;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === quote) break;
      if (code === lessThan) return this.fail(`the value of ${name} holds <, which is written &lt;`, end);
      if (code === ampersand || code < space) plain = false;
    }
    if (end >= text.length) return this.fail(`the value of ${name} has no closing quote`, start - 1);
    this.position = end + 1;
    const raw = text.slice(start, end);
    return plain ? raw : this.unescaped(raw, start);
  }

  /** Entities and character references replaced, line ends and tabs made spaces, as XML 1.0 says of attribute values. */
  private unescaped(raw: string, start: number): string | undefined {
    let value = '';
    for (let at = 0; at < raw.length; at += 1) {
      const code = raw.charCodeAt(at);
      if (code === ampersand) {
        const end = raw.indexOf(';', at);
        const character = end < 0 ? undefined : referenced(raw.slice(at + 1, end));
        if (character === undefined)
          return this.fail('& begins no entity that is known; write &amp; for &', start + at);
        value += character;
        at = end;
      } else if (code === tab || code === lineFeed) {
        value += ' ';
      } else if (code === carriageReturn) {
        if (raw.charCodeAt(at + 1) === lineFeed) at += 1;
        value += ' ';
      } else if (code < space) {
        return this.fail('a control character', start + at);
      } else {
        value += raw[at];
      }
    }
    return value;
  }

  private commentInto(stack: Open[]): boolean {
    const offset = this.position;
    const parent = stack.at(-1);
    if (!this.text.startsWith('<!--', offset)) return this.failed(refusal(this.text, offset));
    const text = this.comment();
    if (text === undefined) return false;
    if (parent === undefined) return this.failed('a comment out of place', offset);
    parent.children ??= [];
    parent.children.push({ name: commentName, attributes: noAttributes, children: noChildren, text, offset });
    return true;
  }

  private comment(): string | undefined {
    const start = this.position + 4;
    const end = this.text.indexOf('--', start);
    if (end < 0) return this.fail('a comment without -->');
    if (this.text.charCodeAt(end + 2) !== greaterThan) return this.fail('-- within a comment', end);
    this.position = end + 3;
    const text = this.text.slice(start, end).replace(/\r\n?/g, '\n');
    return illegal.test(text) ? this.fail('a control character in a comment', start) : text;
  }

  private name(): string | undefined {
    const { text } = this;
    const start = this.position;
    let at = start;
    while (at < text.length && isNameCode(text.charCodeAt(at))) at += 1;
    if (at === start || at - start > xmlLimits.nameCharacters || !isNameStart(text.charCodeAt(start))) return undefined;
    this.position = at;
    return text.slice(start, at);
  }

  private skipSpace(): void {
    const { text } = this;
    let at = this.position;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== space && code !== lineFeed && code !== tab && code !== carriageReturn) break;
      at += 1;
    }
    this.position = at;
  }

  private fail(fault: string, offset: number = this.position): undefined {
    this.fault = fault;
    this.faultOffset = offset;
    return undefined;
  }

  private failed(fault: string, offset: number = this.position): false {
    this.fail(fault, offset);
    return false;
  }
}

/** What `openingTag` returns for an element whose children follow. */
const open: XmlElement = { name: '', attributes: noAttributes, children: noChildren, offset: -1 };

function finish(element: Open, stack: readonly Open[]): XmlElement {
  const { name, attributes, offset, children = noChildren } = element;
  const finished: XmlElement = { name, attributes, children, offset };
  const parent = stack.at(-1);
  if (parent !== undefined) {
    parent.children ??= [];
    parent.children.push(finished);
  }
  return finished;
}

function refusal(text: string, offset: number): string {
  if (text.startsWith('<!DOCTYPE', offset)) return 'a DOCTYPE, which is never read';
  if (text.startsWith('<![CDATA[', offset)) return 'CDATA, which a CIB does not have';
  return text.charCodeAt(offset + 1) === question ? 'a processing instruction' : '<! begins no comment';
}

// Characters that XML 1.0 has no way to carry.
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function referenced(reference: string): string | undefined {
  if (Object.hasOwn(named, reference)) return named[reference];
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return illegal.test(character) ? undefined : character;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58 || code >= 128;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 45 && code <= 46) ||
    (code >= 48 && code <= 58) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code >= 128
  );
}
