/** Reads the imports of TypeScript files with a real parser, type-only ones included, and says which break the layering. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { parse } from '@babel/parser';

export interface Import {
  readonly file: string;
  readonly line: number;
  readonly target: string;
}

export interface Violation extends Import {
  readonly rule: string;
}

/** Room to the rooms it may import from; a room may always import from itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/ports': ['src/core'],
  'src/protocol': ['src/core'],
  'src/io': ['src/ports', 'src/core', 'resource-agents'],
  'src/daemon': ['src/io', 'src/ports', 'src/protocol', 'src/core'],
  'src/client': ['src/protocol', 'src/core'],
  'src/shell': ['src/client', 'src/protocol', 'src/core'],
  'src/tools': ['src/client', 'src/protocol', 'src/core'],
  'src/web': ['src/client', 'src/protocol', 'src/core'],
  'src/bin': ['src/daemon', 'src/io', 'src/tools', 'src/client', 'src/protocol', 'src/core', 'resource-agents'],
  'resource-agents': ['src/core'],
};

/** Packages the pure core may use besides its own files. */
const corePackages: ReadonlySet<string> = new Set(['xstate']);

const forbiddenInCore: readonly RegExp[] = [
  /\bDate\b(?!\w)/,
  /\bIntl\b/,
  /\blocaleCompare\b/,
  /\bMath\.random\b/,
  /\bsetTimeout\b/,
  /\bsetInterval\b/,
  /\bsetImmediate\b/,
  /\bprocess\.\w/,
  /\bconsole\.\w/,
  /\bnew Promise\b/,
  /\basync\b/,
  /\bawait\b/,
  /\bperformance\.\w/,
  /\btoLocale\w+/,
];

export function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      .sort(),
  );
}

export function importsOf(file: string, text: string): Import[] {
  const tree = parse(text, { sourceType: 'module', plugins: ['typescript'], attachComment: false });
  const found: Import[] = [];
  walk(tree.program, (node) => {
    const source = node['source'] as { value?: unknown } | undefined;
    const isImport = [
      'ImportDeclaration',
      'ExportNamedDeclaration',
      'ExportAllDeclaration',
      'ImportExpression',
    ].includes(String(node['type']));
    const dynamic = node['type'] === 'CallExpression' && (node['callee'] as { type?: string }).type === 'Import';
    const argument = dynamic
      ? (node['arguments'] as { value?: unknown }[])[0]?.value
      : isImport
        ? source?.value
        : undefined;
    if (typeof argument === 'string')
      found.push({ file, line: (node['loc'] as { start: { line: number } }).start.line, target: argument });
  });
  return found;
}

export function layeringViolations(imports: readonly Import[]): Violation[] {
  return imports.flatMap((entry) => {
    const room = roomOf(entry.file);
    if (room === undefined) return [{ ...entry, rule: 'a file outside every room' }];
    if (!entry.target.startsWith('.')) return packageViolation(entry, room);
    const target = roomOf(normalize(join(dirname(entry.file), entry.target)));
    if (target === room) return [];
    if (target !== undefined && allowed[room]?.includes(target)) return [];
    return [{ ...entry, rule: `${room} may not import from ${target ?? 'there'}` }];
  });
}

/** Words that read a clock, randomness or the outside, found in code (comments and strings are not looked at). */
export function impurities(file: string, text: string): Violation[] {
  const tree = parse(text, { sourceType: 'module', plugins: ['typescript'], tokens: true });
  const code = (tree.tokens ?? []).filter(
    (token) =>
      token.type !== 'CommentLine' &&
      token.type !== 'CommentBlock' &&
      token.type.label !== 'string' &&
      token.type.label !== 'template',
  );
  const lines = new Map<number, string>();
  for (const token of code) {
    const line = token.loc.start.line;
    lines.set(
      line,
      (lines.get(line) ?? '') +
        (/^\w/.test(text.slice(token.start, token.start + 1)) && /\w$/.test(lines.get(line) ?? '') ? ' ' : '') +
        text.slice(token.start, token.end),
    );
  }
  return [...lines].flatMap(([line, words]) =>
    forbiddenInCore
      .filter((pattern) => pattern.test(words))
      .map((pattern) => ({
        file,
        line,
        target: words.trim().slice(0, 80),
        rule: `the core is pure: ${pattern.source}`,
      })),
  );
}

export function readImports(root: string, files: readonly string[]): Import[] {
  return files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}

function packageViolation(entry: Import, room: string): Violation[] {
  if (room !== 'src/core' && room !== 'src/ports') return [];
  const isPure = room === 'src/core' && corePackages.has(entry.target);
  return isPure ? [] : [{ ...entry, rule: `${room} may not import ${entry.target}` }];
}

function roomOf(file: string): string | undefined {
  const path = relative('.', file);
  return Object.keys(allowed).find((room) => path === room || path.startsWith(`${room}/`));
}

function walk(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const child of node) walk(child, visit);
  else if (typeof node === 'object' && node !== null && typeof (node as { type?: unknown }).type === 'string') {
    visit(node as Record<string, unknown>);
    for (const [name, child] of Object.entries(node)) if (name !== 'loc') walk(child, visit);
  }
}
