import { describe, expect, it } from 'vitest';
import { parseWhen, stamp } from '../../src/tools/when.ts';

/** Noon of that day, local time. */
const now = new Date(2026, 10, 25, 12, 0, 0).getTime() / 1000;
const local = (year: number, month: number, day: number, hours = 0, minutes = 0, seconds = 0): number =>
  new Date(year, month, day, hours, minutes, seconds).getTime() / 1000;

describe('a time as an administrator writes it', () => {
  it.each([
    ['90s', now - 90],
    ['10m', now - 600],
    ['10 min ago', now - 600],
    ['2h ago', now - 7200],
    ['1.5d', now - 129_600],
    ['11:30', local(2026, 10, 25, 11, 30)],
    ['11:30:05', local(2026, 10, 25, 11, 30, 5)],
    // Not to come, so yesterday's.
    ['12:01', local(2026, 10, 24, 12, 1)],
    ['2026-11-20', local(2026, 10, 20)],
    ['2026-11-20 08:15', local(2026, 10, 20, 8, 15)],
    ['2026-11-20T08:15:30Z', Date.UTC(2026, 10, 20, 8, 15, 30) / 1000],
  ])('%s', (text, seconds) => {
    expect(parseWhen(text, now)).toEqual({ ok: true, value: seconds });
  });

  it.each(['', 'yesterday', '25:00', '11:75', '10', '2026-13-40', '2026-11-20 8 Uhr', '-5m'])(
    '"%s" is none',
    (text) => {
      expect(parseWhen(text, now)).toMatchObject({ ok: false, problem: { code: 'when-unclear' } });
    },
  );

  it('is shown to the millisecond, or to the second', () => {
    expect(stamp(local(2026, 10, 25, 9, 5, 7) + 0.0421)).toBe('2026-11-25 09:05:07.042');
    expect(stamp(local(2026, 0, 2, 3, 4, 5), 0)).toBe('2026-01-02 03:04:05');
  });
});
