/**
 * Links lead somewhere: every relative link in README.md and docs, with its heading if it names one, and every page of
 * docs that a comment in the sources sends a reader to.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './imports.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const sources = [
  ...sourceFiles(root, ['src', 'resource-agents', 'test']),
  ...readdirSync(join(root, 'scripts')).map((name) => `scripts/${name}`),
  'vitest.config.ts',
].filter((file) => file !== 'test/tidy/links.test.ts');

describe('pages', () => {
  it('are seen, with links between them', () => {
    expect(pages).toContain('docs/reference/problems.md');
    expect(pages.flatMap((page) => relativeLinks(read(page))).length).toBeGreaterThan(5);
  });

  it('link to files and headings that exist', () => {
    expect(pages.flatMap((page) => brokenLinks(page, read(page)))).toEqual([]);
  });

  it.each([
    ['[x](nowhere.md)', ['nowhere.md']],
    ['[x](architecture.md#no-such-heading)', ['architecture.md#no-such-heading']],
    ['[x](#no-such-heading)', ['#no-such-heading']],
    ['[x][1]\n\n[1]: ../nowhere.png', ['../nowhere.png']],
    ['[x](architecture.md#the-pure-core) [y](https://example.org/nowhere.md) `[z](nowhere.md)`', []],
    ['```\n[x](nowhere.md)\n```', []],
  ])('a planted %j is noticed when it is broken', (text, broken) => {
    expect(brokenLinks('docs/planted.md', text)).toEqual(broken.map((link) => `docs/planted.md: ${link}`));
  });
});

describe('sources', () => {
  it('are seen, with pages named in them', () => {
    expect(sources.flatMap((file) => namedPages(read(file))).length).toBeGreaterThan(10);
  });

  it('name pages of docs that exist', () => {
    const missing = sources.flatMap((file) =>
      namedPages(read(file))
        .filter((page) => !existsSync(join(root, page)))
        .map((page) => `${file}: ${page}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(['// see docs/nowhere.md', ' * (docs/reference/nowhere.md, "Heading")'])('a planted %j is found', (text) => {
    expect(namedPages(text)).toEqual([expect.stringContaining('nowhere.md')]);
  });
});

function brokenLinks(page: string, text: string): string[] {
  return relativeLinks(text)
    .filter((link) => !leadsSomewhere(page, text, link))
    .map((link) => `${page}: ${link}`);
}

function leadsSomewhere(page: string, text: string, link: string): boolean {
  const [path = '', heading] = decodeURI(link).split('#', 2);
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (path !== '' && !existsSync(join(root, target))) return false;
  if (heading === undefined || !target.endsWith('.md')) return true;
  return anchors(path === '' ? text : read(target)).includes(heading);
}

/** Inline links, pictures and link definitions; not those with a scheme, and nothing inside code. */
function relativeLinks(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const found = [
    ...prose.matchAll(/\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*(\S+)/gm),
  ].map((match) => match[1]!);
  return found.filter((link) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(link));
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\1[^\n]*$/gm, '').replace(/(`+)[^\n]*?\1/g, '');
}

/** As GitHub makes them of headings: lower case, no punctuation, spaces to dashes, a number behind the second. */
function anchors(markdown: string): string[] {
  const seen = new Map<string, number>();
  const fenceless = markdown.replace(/^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\1[^\n]*$/gm, '');
  return [...fenceless.matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)].map(([, heading = '']) => {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(base) ?? 0;
    seen.set(base, times + 1);
    return times === 0 ? base : `${base}-${times}`;
  });
}

function namedPages(source: string): string[] {
  return [...source.matchAll(/\bdocs\/[\w./-]*\.md\b/g)].map((match) => match[0]);
}
