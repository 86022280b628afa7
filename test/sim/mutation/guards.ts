/**
 * Finds the guards of a TypeScript file and, for each, the wrong versions of it: a condition turned round or left out,
 * an operand of `&&` or `||` left out, a comparison that is off by one. Each is one change of one expression.
 *
 * A mutant is known by its `key`: file, function, what stood there, what stands there instead. Line numbers are not part
 * of it, so that a judgement about a mutant outlives changes elsewhere in the file.
 */
import { parse } from '@babel/parser';

export interface GuardMutant {
  /** Number of the mutant in this run, from 1; 0 is the program as it is. */
  readonly id: number;
  readonly key: string;
  readonly file: string;
  readonly line: number;
  /** Id of the first mutant of the same site. */
  readonly site: number;
  /** What is put in the place of the site, as code. */
  readonly code: string;
}

/** An expression that has wrong versions. Sites may lie within each other. */
export interface Site {
  readonly start: number;
  readonly end: number;
  readonly mutants: readonly GuardMutant[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

interface Finding {
  readonly node: Node;
  readonly inside: string;
  readonly alternatives: Set<string>;
}

const turnedRound: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const offByOne: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** In the order of the text; ids count on from `firstId`. */
export function findGuards(file: string, text: string, firstId: number): readonly Site[] {
  const tree = parse(text, {
    sourceType: 'module',
    plugins: ['typescript'],
    attachComment: false,
    // An operand keeps its parentheses.
    createParenthesizedExpressions: true,
  });
  const findings = new Map<Node, Finding>();
  visit(tree.program as unknown as Node, undefined, (node, inside) => {
    for (const [target, changed] of wrongVersions(node, text)) {
      if (changed === text.slice(target.start, target.end)) continue;
      const finding = findings.get(target) ?? { node: target, inside, alternatives: new Set<string>() };
      finding.alternatives.add(changed);
      findings.set(target, finding);
    }
  });
  const inOrder = [...findings.values()].sort((a, b) => a.node.start - b.node.start || b.node.end - a.node.end);
  return number(file, text, inOrder, firstId);
}

function number(file: string, text: string, findings: readonly Finding[], firstId: number): readonly Site[] {
  const seen = new Map<string, number>();
  let id = firstId;
  return findings.map(({ node, inside, alternatives }) => {
    const original = oneLine(text.slice(node.start, node.end));
    const site = id;
    const mutants = [...alternatives].map((code) => {
      const plain = `${file} ${inside}: ${original} => ${oneLine(code)}`;
      const before = seen.get(plain) ?? 0;
      seen.set(plain, before + 1);
      const key = before === 0 ? plain : `${plain} #${before + 1}`;
      return { id: id++, key, file, line: node.loc.start.line, site, code };
    });
    return { start: node.start, end: node.end, mutants };
  });
}

/** Pairs of an expression and what is put in its place. */
function* wrongVersions(node: Node, text: string): Generator<[Node, string]> {
  const textOf = (part: Node): string => text.slice(part.start, part.end);
  switch (node.type) {
    case 'IfStatement': {
      const test = node['test'] as Node;
      yield [test, 'false'];
      yield [test, 'true'];
      if (!isComparison(test)) yield [test, `!(${textOf(test)})`];
      return;
    }
    case 'ConditionalExpression': {
      const test = node['test'] as Node;
      if (!isComparison(test)) yield [test, `!(${textOf(test)})`];
      return;
    }
    case 'LogicalExpression': {
      if (node['operator'] === '??') return;
      yield [node, textOf(node['left'] as Node)];
      yield [node, textOf(node['right'] as Node)];
      return;
    }
    case 'BinaryExpression': {
      const operator = String(node['operator']);
      const left = textOf(node['left'] as Node);
      const right = textOf(node['right'] as Node);
      for (const other of [turnedRound[operator], offByOne[operator]])
        if (other !== undefined) yield [node, `${left} ${other} ${right}`];
    }
  }
}

function isComparison(node: Node): boolean {
  return node.type === 'BinaryExpression' && turnedRound[String(node['operator'])] !== undefined;
}

/** Only what is in a function: the rest is over before a mutant can wake up. */
function visit(node: Node, inside: string | undefined, seen: (node: Node, inside: string) => void): void {
  if (node.type.startsWith('TS') && !isTransparent(node)) return;
  const within = nameOf(node) ?? inside ?? (node.type.includes('Function') ? 'a function' : undefined);
  if (within !== undefined) seen(node, within);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc') continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, within, seen);
  }
}

/** Types are no code; an expression with a type asserted is. */
function isTransparent({ type }: Node): boolean {
  return ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(type);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

function nameOf(node: Node): string | undefined {
  const holder = { FunctionDeclaration: 'id', VariableDeclarator: 'id', ClassMethod: 'key' }[node.type];
  if (holder === undefined) return undefined;
  if (node.type === 'VariableDeclarator' && !/Function/.test((node['init'] as Node | null)?.type ?? ''))
    return undefined;
  return (node[holder] as { readonly name?: string } | undefined)?.name;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
