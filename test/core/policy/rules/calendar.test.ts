/** The calendar against the platform's own, which the core may not use. */
import { describe, expect, it } from 'vitest';
import {
  dayNumber,
  dayOf,
  dayOfIsoWeek,
  daysInMonth,
  fieldsAt,
  isoWeek,
} from '../../../../src/core/policy/rules/calendar.ts';

describe('the calendar', () => {
  it('agrees with Date on every day of 400 years, and there and back is the same day', () => {
    const wrong: number[] = [];
    for (let number = -36_524; number < 109_573; number += 1) {
      const date = new Date(number * 86_400_000);
      const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      const back = dayOf(number);
      const { week, weekyear } = isoWeek(number);
      const same = back.year === day.year && back.month === day.month && back.day === day.day;
      const byWeek = dayOfIsoWeek(weekyear, week, date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      if (dayNumber(day) !== number || !same || byWeek !== number) wrong.push(number);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['2005-01-01', { weekyears: 2004, weeks: 53, weekdays: 6, yeardays: 1 }],
    ['2005-01-03', { weekyears: 2005, weeks: 1, weekdays: 1, yeardays: 3 }],
    ['2008-12-29', { weekyears: 2009, weeks: 1, weekdays: 1, yeardays: 364 }],
    ['2024-02-29', { weekyears: 2024, weeks: 9, weekdays: 4, yeardays: 60 }],
    ['2023-12-31', { weekyears: 2023, weeks: 52, weekdays: 7, yeardays: 365 }],
  ])('%s has its week, weekday and day of the year', (text, expected) => {
    expect(fieldsAt(Date.parse(text) / 1000)).toMatchObject(expected);
  });

  it('knows how long a month is', () => {
    expect([1, 2, 4, 12].map((month) => daysInMonth(2023, month))).toEqual([31, 28, 30, 31]);
    expect([1900, 2000, 2024].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 29]);
  });

  it('takes a moment apart', () => {
    expect(fieldsAt(Date.parse('2024-05-08T10:20:30Z') / 1000)).toMatchObject({
      years: 2024,
      months: 5,
      monthdays: 8,
      hours: 10,
      minutes: 20,
      seconds: 30,
    });
    expect(fieldsAt(-1)).toMatchObject({ years: 1969, hours: 23, seconds: 59 });
  });
});
