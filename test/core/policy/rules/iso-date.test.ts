/** Dates as Pacemaker reads them. */
import { describe, expect, it } from 'vitest';
import { parseIsoDate, printIsoTime } from '../../../../src/core/policy/rules/iso-date.ts';

const at = (text: string): number => Date.parse(text) / 1000;

describe('a date', () => {
  it.each([
    ['2005-07-11', '2005-07-11T00:00:00Z'],
    ['20050711', '2005-07-11T00:00:00Z'],
    ['2005-192', '2005-07-11T00:00:00Z'],
    ['2005192', '2005-07-11T00:00:00Z'],
    ['2004-366', '2004-12-31T00:00:00Z'],
    ['2005-W28-1', '2005-07-11T00:00:00Z'],
    ['2005W281', '2005-07-11T00:00:00Z'],
    ['2004-W53-7', '2005-01-02T00:00:00Z'],
    ['2005-07', '2005-07-01T00:00:00Z'],
    ['2005-07-11Z', '2005-07-11T00:00:00Z'],
    ['2005-07-11 10:30', '2005-07-11T10:30:00Z'],
    ['2005-07-11T10', '2005-07-11T10:00:00Z'],
    ['2005-07-11T10:30:15Z', '2005-07-11T10:30:15Z'],
    ['2005-W28-1T10', '2005-07-11T10:00:00Z'],
    ['2005-07-11T24:00:00', '2005-07-12T00:00:00Z'],
    ['2005-07-11T103015+02:00', '2005-07-11T08:30:15Z'],
    ['2005-07-11 10:30:15 +02:00', '2005-07-11T08:30:15Z'],
    ['2005-07-11T10:30:15-0230', '2005-07-11T13:00:15Z'],
    ['2005-07-11T10:30+2', '2005-07-11T08:30:00Z'],
    ['2005-07-11 10:30:15.5Z', '2005-07-11T10:30:15Z'],
    ['  2005-07-11', '2005-07-11T00:00:00Z'],
    ['epoch', '1970-01-01T00:00:00Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseIsoDate(text)?.epochS).toBe(at(expected));
  });

  it('with a time alone is today', () => {
    const today = at('2024-05-08T15:00:00Z');
    expect(parseIsoDate('T10:30', today)?.epochS).toBe(at('2024-05-08T10:30:00Z'));
    expect(parseIsoDate('10:30', today)?.epochS).toBe(at('2024-05-08T10:30:00Z'));
  });

  it.each([
    '',
    'soon',
    '2005',
    '200507',
    '2005-13-01',
    '2005-02-30',
    '2005-366',
    '2005-W60-1',
    '2005-07-11T25:00',
    '2005-07-11T10:61',
  ])('"%s" is none', (text) => {
    expect(parseIsoDate(text)).toBeUndefined();
  });

  it('is printed so that it can be read again', () => {
    const moment = at('2024-05-08T01:02:03Z');
    expect(printIsoTime(moment)).toBe('2024-05-08 01:02:03Z');
    expect(parseIsoDate(printIsoTime(moment))?.epochS).toBe(moment);
  });
});
