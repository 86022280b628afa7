/** `<expression>`: an attribute of a node held against a value. */
import type { AttributeExpression } from '../../cib/model.ts';
import { compareVersions } from '../../cib/values.ts';
import { expandCaptures } from './captures.ts';
import type { RuleContext } from './context.ts';

/** False where no node is in question. An operation this does not know is false too. */
export function attributeExpressionHolds(expression: AttributeExpression, context: RuleContext): boolean {
  if (context.node === undefined) return false;
  const actual = context.node.get(expandCaptures(expression.attribute, context.captures));
  const operation = expression.operation.toLowerCase();
  if (operation === 'defined') return actual !== undefined;
  if (operation === 'not_defined') return actual === undefined;
  const wanted = wantedValue(expression, context);
  const order = compareValues(actual, wanted, expression.type?.toLowerCase() ?? impliedType(operation, actual, wanted));
  if (operation === 'eq') return order === 0;
  if (operation === 'ne') return order !== 0;
  // Greater or less than nothing means nothing.
  if (actual === undefined || wanted === undefined) return false;
  switch (operation) {
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    default:
      return false;
  }
}

/** The value itself, or with `value-source` the parameter or meta attribute of that name. */
function wantedValue({ value, valueSource }: AttributeExpression, context: RuleContext): string | undefined {
  const expanded = value === undefined ? undefined : expandCaptures(value, context.captures);
  switch (valueSource?.toLowerCase()) {
    case 'param':
      return expanded === undefined ? undefined : context.params?.().get(expanded);
    case 'meta':
      return expanded === undefined ? undefined : context.meta?.get(expanded);
    default:
      return expanded;
  }
}

function impliedType(operation: string, actual: string | undefined, wanted: string | undefined): string {
  if (operation === 'eq' || operation === 'ne') return 'string';
  return actual?.includes('.') === true || wanted?.includes('.') === true ? 'number' : 'integer';
}

/** Nothing equals nothing and goes before everything else; what is no number is compared as text. */
function compareValues(left: string | undefined, right: string | undefined, type: string): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (type === 'version') return compareVersions(left, right);
  const read = type === 'integer' ? leadingInteger : type === 'number' ? leadingNumber : undefined;
  const leftNumber = read?.(left);
  const rightNumber = read?.(right);
  if (leftNumber === undefined || rightNumber === undefined) return compareText(left, right);
  return leftNumber < rightNumber ? -1 : Number(leftNumber > rightNumber);
}

/** Letters of either case are the same. */
function compareText(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a < b ? -1 : Number(a > b);
}

function leadingInteger(text: string): number | undefined {
  const match = /^\s*[+-]?\d+/.exec(text);
  return match === null ? undefined : Number(match[0]);
}

function leadingNumber(text: string): number | undefined {
  const match = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i.exec(text);
  return match === null ? undefined : Number(match[0]);
}
