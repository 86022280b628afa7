/** Expressions on dates, and the time at which they will come out differently. */
import { describe, expect, it } from 'vitest';
import type { Cib, DateExpression } from '../../../../src/core/cib/model.ts';
import { dateExpressionHolds } from '../../../../src/core/policy/rules/date.ts';

function asked(expression: Omit<DateExpression, 'kind'>, now = '2024-05-08T10:20:30Z') {
  const changes: string[] = [];
  const holds = dateExpressionHolds(
    { kind: 'date', ...expression },
    {
      cib: {} as Cib,
      nowS: Date.parse(now) / 1000,
      changesAt: (atS) => {
        changes.push(new Date(atS * 1000).toISOString().replace('.000', ''));
      },
    },
  );
  return [holds, ...changes];
}

describe('a date expression', () => {
  it('gt holds from the second after', () => {
    expect(asked({ operation: 'gt', start: '2024-05-08T10:20:29Z' })).toEqual([true]);
    expect(asked({ operation: 'gt', start: '2024-05-08T10:20:30Z' })).toEqual([false, '2024-05-08T10:20:31Z']);
    expect(asked({ operation: 'gt' })).toEqual([false]);
  });

  it('lt holds until then', () => {
    expect(asked({ operation: 'lt', end: '2024-05-08T10:20:31Z' })).toEqual([true, '2024-05-08T10:20:31Z']);
    expect(asked({ operation: 'lt', end: '2024-05-08T10:20:30Z' })).toEqual([false]);
  });

  it('in_range has both its ends, either of which may be open', () => {
    expect(asked({ start: '2024-05-08T10:20:30Z', end: '2024-05-09' })).toEqual([true, '2024-05-09T00:00:01Z']);
    expect(asked({ operation: 'in_range', end: '2024-05-08T10:20:30Z' })).toEqual([true, '2024-05-08T10:20:31Z']);
    expect(asked({ operation: 'in_range', end: '2024-05-08T10:20:29Z' })).toEqual([false]);
    expect(asked({ operation: 'in_range', start: '2024-06-01' })).toEqual([false, '2024-06-01T00:00:00Z']);
    expect(asked({ operation: 'in_range', start: '2024-05-01' })).toEqual([true]);
    expect(asked({ operation: 'in_range' })).toEqual([false]);
  });

  it.each([
    [{ months: '1' }, '2024-01-31', '2024-02-29T00:00:00Z', '2024-02-29T00:00:01Z'],
    [{ weeks: '1' }, '2024-01-31', '2024-02-07T00:00:00Z', '2024-02-07T00:00:01Z'],
    [{ hours: '36' }, '2024-01-31', '2024-02-01T12:00:00Z', '2024-02-01T12:00:01Z'],
    [{ days: '1', minutes: '90', seconds: '5' }, '2024-01-31', '2024-02-01T01:30:05Z', '2024-02-01T01:30:06Z'],
    [{ years: '1' }, '2024-06-30', '2025-06-30T00:00:00Z', '2025-06-30T00:00:01Z'],
  ])('a duration of %j from %s ends after %s', (duration, start, last, first) => {
    expect(asked({ operation: 'in_range', start, duration }, last)[0]).toBe(true);
    expect(asked({ operation: 'in_range', start, duration }, first)[0]).toBe(false);
  });

  it.each([
    ['hours', '9-16', true],
    ['hours', '10', true],
    ['hours', '9', false],
    ['hours', '11-', false],
    ['hours', '-10', true],
    ['weekdays', '1-5', true],
    ['weekdays', '6-7', false],
    ['weeks', '19', true],
    ['yeardays', '129', true],
    ['months', '5', true],
    ['years', '2025-', false],
    ['minutes', '20', true],
    ['seconds', '31', false],
    ['monthdays', '8-9', true],
    ['weekyears', '2024', true],
    ['hours', 'noon', false],
  ])('date_spec %s="%s": %s', (name, range, expected) => {
    expect(asked({ operation: 'date_spec', dateSpec: { id: 'spec', [name]: range } })[0]).toBe(expected);
  });

  it('date_spec needs all of its fields, and is looked at again when the finest may change', () => {
    expect(asked({ operation: 'date_spec', dateSpec: { hours: '10', weekdays: '3' } })).toEqual([
      true,
      '2024-05-08T11:00:00Z',
    ]);
    expect(asked({ operation: 'date_spec', dateSpec: { hours: '10', weekdays: '4' } })[0]).toBe(false);
    expect(asked({ operation: 'date_spec', dateSpec: { years: '2024' } })).toEqual([true, '2024-05-09T00:00:00Z']);
  });
});
