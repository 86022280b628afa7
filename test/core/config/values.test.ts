import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestWord } from '../../../src/core/config/nearest.ts';
import {
  isIPv4Address,
  isMulticastIPv4Address,
  maxTimeMs,
  printTime,
  readBoolean,
  readInteger,
  readTime,
} from '../../../src/core/config/values.ts';

describe('time values', () => {
  test.each([
    ['2', 2000, false],
    ['0.5', 500, false],
    ['100ms', 100, false],
    ['100msec', 100, false],
    ['1500us', 2, false],
    ['1499us', 1, false],
    ['30.0005', 30_001, false],
    ['30.0004', 30_000, false],
    ['10000.9ms', 10_001, false],
    ['.5', 500, true],
    ['5.', 5000, true],
    ['10.5.2', 10_500, true],
    ['100MS', 100, false],
    ['100msx', 100, true],
    ['.', 0, true],
  ])('%s is %d ms', (text, value, odd) => {
    expect(readTime(text)).toEqual({ ok: true, value, odd });
  });

  test.each(['', '1s', '1 s', '2min', '-1', '+1', '1e3', '0x10', 'abc', '30m', '20u', 'ms'])(
    '%j is no time',
    (text) => {
      expect(readTime(text)).toEqual({ ok: false, reason: 'syntax' });
    },
  );

  test('a time beyond what a timer can count is told apart from nonsense', () => {
    expect(readTime('99999999999999')).toEqual({ ok: false, reason: 'range' });
    expect(readTime('9'.repeat(400))).toEqual({ ok: false, reason: 'range' });
  });

  test('what is printed reads back as the same number of milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(maxTimeMs), (milliseconds) => {
        expect(readTime(printTime(milliseconds))).toEqual({ ok: true, value: milliseconds, odd: false });
      }),
    );
  });
});

describe('other values', () => {
  test('booleans are read in every spelling and case', () => {
    for (const text of ['true', 'ON', 'Yes', 'y', '1']) expect(readBoolean(text)).toBe(true);
    for (const text of ['false', 'OFF', 'No', 'n', '0']) expect(readBoolean(text)).toBe(false);
    for (const text of ['t', 'maybe', '', '2', 'onn']) expect(readBoolean(text)).toBeUndefined();
  });

  test('integers take the leading digits, as Heartbeat does, and say so', () => {
    expect(readInteger('22', 1, 100)).toEqual({ ok: true, value: 22, odd: false });
    expect(readInteger('22x', 1, 100)).toEqual({ ok: true, value: 22, odd: true });
    expect(readInteger('x', 0, 100)).toEqual({ ok: true, value: 0, odd: true });
    expect(readInteger('x', 1, 100)).toEqual({ ok: false, reason: 'range' });
    expect(readInteger('101', 1, 100)).toEqual({ ok: false, reason: 'range' });
    expect(readInteger('-1', 0, 100)).toEqual({ ok: false, reason: 'range' });
  });

  test('addresses are four numbers up to 255; groups lie between 224 and 239', () => {
    expect(['192.168.1.8', '0.0.0.0', '255.255.255.255'].every(isIPv4Address)).toBe(true);
    expect(['300.1.1.1', '1.2.3', '1.2.3.4.5', 'a.b.c.d', ''].some(isIPv4Address)).toBe(false);
    expect(isMulticastIPv4Address('225.0.0.1')).toBe(true);
    expect(isMulticastIPv4Address('240.0.0.1')).toBe(false);
    expect(isMulticastIPv4Address('192.168.1.1')).toBe(false);
  });
});

describe('nearest word', () => {
  test('finds slips of the finger and keeps quiet about words that have nothing in common', () => {
    const known = ['keepalive', 'deadtime', 'warntime', 'node'];
    expect(nearestWord('keepalvie', known)).toBe('keepalive');
    expect(nearestWord('Keepalive', known)).toBe('keepalive');
    expect(nearestWord('dedtime', known)).toBe('deadtime');
    expect(nearestWord('nodes', known)).toBe('node');
    expect(nearestWord('elephant', known)).toBeUndefined();
  });

  test('distance is symmetric and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
      }),
    );
  });
});
