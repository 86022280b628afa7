import { describe, expect, it } from 'vitest';
import {
  addScores,
  compareVersions,
  infinity,
  parseBoolean,
  parseDurationMs,
  parseInteger,
  parseRole,
  parseScore,
  printScore,
} from '../../../src/core/cib/values.ts';

describe('a score', () => {
  it.each([
    ['100', 100],
    ['+3', 3],
    ['-5', -5],
    ['-0', 0],
    ['INFINITY', infinity],
    ['+infinity', infinity],
    ['-INFINITY', -infinity],
    ['inf', undefined],
    ['-INF', undefined],
    ['1.9', 1],
    ['+ 5', undefined],
    ['1000001', infinity],
    ['-99999999999999999999', -infinity],
    ['12x', 12],
    ['', undefined],
    ['much', undefined],
    ['infinite', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, score) => {
    expect(parseScore(text)).toBe(score);
  });

  it('adds up with minus infinity above all, then plus infinity, then clamped', () => {
    expect(addScores(infinity, -infinity)).toBe(-infinity);
    expect(addScores(-infinity, 5)).toBe(-infinity);
    expect(addScores(infinity, -5)).toBe(infinity);
    expect(addScores(999_999, 999_999)).toBe(infinity);
    expect(addScores(-999_999, -2)).toBe(-infinity);
    expect(addScores(2, -5)).toBe(-3);
  });

  it('is printed as it is written in a CIB', () => {
    expect([infinity, -infinity, 0, -7].map(printScore)).toEqual(['INFINITY', '-INFINITY', '0', '-7']);
  });
});

describe('yes and no', () => {
  it.each(['true', 'on', 'yes', 'y', '1', 'YES', 'True'])('%s is yes', (word) => {
    expect(parseBoolean(word)).toBe(true);
  });
  it.each(['false', 'off', 'no', 'n', '0', 'No'])('%s is no', (word) => {
    expect(parseBoolean(word)).toBe(false);
  });
  it.each(['', 'maybe', '2', ' yes', undefined])('%s is neither', (word) => {
    expect(parseBoolean(word)).toBeUndefined();
  });
});

describe('a length of time', () => {
  it.each([
    ['30', 30_000],
    ['30s', 30_000],
    ['30 sec', 30_000],
    ['100ms', 100],
    ['1500us', 1],
    ['2min', 120_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1HR', 3_600_000],
    ['2 hours', 7_200_000],
    ['30minutes', 1_800_000],
    ['30seconds', 30_000],
    ['10msec', 10],
    ['1.5s', 1000],
    ['1.5', 1000],
    ['+5', undefined],
    ['1d', undefined],
    ['0', 0],
    ['PT30S', 30_000],
    ['PT1H30M', 5_400_000],
    ['P1DT1S', 86_401_000],
    ['P2W', 1_209_600_000],
    ['P1Y1M', 395 * 86_400_000],
    ['', undefined],
    ['P', undefined],
    ['PT', undefined],
    ['P1DT', undefined],
    ['-30s', undefined],
    ['30 fortnights', undefined],
    ['s', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });
});

describe('the other values', () => {
  it('integers allow nothing after the digits', () => {
    expect(['7', '-7', ' 7 ', '+7', '7s', '', '1.5'].map(parseInteger)).toEqual([
      7,
      -7,
      7,
      7,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('roles have two vocabularies and one meaning', () => {
    expect(['Master', 'promoted', 'Slave', 'Unpromoted', 'Started', 'STOPPED'].map(parseRole)).toEqual([
      'Promoted',
      'Promoted',
      'Unpromoted',
      'Unpromoted',
      'Started',
      'Stopped',
    ]);
    expect(['', 'constructor', 'Leader', undefined].map(parseRole)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('versions compare by number, part by part', () => {
    expect(compareVersions('3.10', '3.9')).toBeGreaterThan(0);
    expect(compareVersions('1.0', '1.0.1')).toBeLessThan(0);
    expect(compareVersions('2.1.0', '2.1')).toBe(0);
  });
});
