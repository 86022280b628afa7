/** Expressions on node attributes; each line was also asked of crm_simulate 2.1.5. */
import { describe, expect, it } from 'vitest';
import type { AttributeExpression, Cib } from '../../../../src/core/cib/model.ts';
import { attributeExpressionHolds } from '../../../../src/core/policy/rules/attribute.ts';
import type { RuleContext } from '../../../../src/core/policy/rules/context.ts';

function holds(
  actual: string | undefined,
  wanted: Omit<AttributeExpression, 'kind' | 'attribute'>,
  more = {},
): boolean {
  const node = new Map(actual === undefined ? [] : [['a', actual]]);
  const context: RuleContext = { cib: {} as Cib, nowS: 0, node, ...more };
  return attributeExpressionHolds({ kind: 'attribute', attribute: 'a', ...wanted }, context);
}

describe('an attribute held against a value', () => {
  it.each([
    ['1.5', 'eq', '1', 'integer', true],
    ['1', 'eq', '1.0', 'number', true],
    ['1', 'eq', '1.0', undefined, false],
    ['2', 'lt', '10', undefined, true],
    ['2.5', 'lt', '10', undefined, true],
    ['2.5', 'gt', '2.25', undefined, true],
    ['2', 'lt', '10', 'string', false],
    ['A', 'eq', 'a', undefined, true],
    ['B', 'lt', 'a', 'string', false],
    ['1.10', 'gt', '1.9', 'version', true],
    ['1.10', 'gt', '1.9', 'number', false],
    ['1.2', 'eq', '1.2.0', 'version', true],
    ['x', 'eq', 'y', 'integer', false],
    ['x', 'lt', 'y', 'integer', true],
    ['5x', 'gt', '4', 'integer', true],
    ['1e3', 'eq', '1000', 'number', true],
    ['5', 'gte', '5', undefined, true],
    ['5', 'lte', '4', undefined, false],
    ['4', 'lte', '4', undefined, true],
    ['true', 'eq', 'yes', undefined, false],
    ['5', 'about', '5', undefined, false],
  ])('%s %s %s as %s: %s', (actual, operation, value, type, expected) => {
    expect(holds(actual, { operation, value, ...(type === undefined ? {} : { type }) })).toBe(expected);
  });

  it('of which there is none differs from everything and is not less than anything', () => {
    expect(holds(undefined, { operation: 'ne', value: '1' })).toBe(true);
    expect(holds(undefined, { operation: 'eq', value: '1' })).toBe(false);
    expect(holds(undefined, { operation: 'lt', value: '1' })).toBe(false);
    expect(holds(undefined, { operation: 'not_defined' })).toBe(true);
    expect(holds('', { operation: 'defined' })).toBe(true);
  });

  it('may be compared with a parameter or a meta attribute of the resource', () => {
    const tables = { params: () => new Map([['site', 'north']]), meta: new Map([['zone', 'north']]) };
    expect(holds('north', { operation: 'eq', value: 'site', valueSource: 'param' }, tables)).toBe(true);
    expect(holds('north', { operation: 'eq', value: 'zone', valueSource: 'meta' }, tables)).toBe(true);
    expect(holds('north', { operation: 'eq', value: 'gone', valueSource: 'meta' }, tables)).toBe(false);
    expect(holds('site', { operation: 'eq', value: 'site', valueSource: 'literal' }, tables)).toBe(true);
  });

  it('means nothing where no node is in question', () => {
    const expression: AttributeExpression = { kind: 'attribute', attribute: 'a', operation: 'not_defined' };
    expect(attributeExpressionHolds(expression, { cib: {} as Cib, nowS: 0 })).toBe(false);
  });
});
