/**
 * The Gregorian calendar in whole numbers, in UTC, without `Date`: the core has no clock, and rules need ordinal days and ISO
 * weeks that `Date` does not have. Days are counted from 1970-01-01 (day 0, a Thursday).
 */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A moment taken apart, in the words of `<date_spec>`. */
export interface CalendarFields {
  readonly seconds: number;
  readonly minutes: number;
  readonly hours: number;
  readonly monthdays: number;
  /** 1 is Monday. */
  readonly weekdays: number;
  readonly yeardays: number;
  readonly months: number;
  readonly weeks: number;
  readonly years: number;
  readonly weekyears: number;
}

export const secondsOfDay = 86_400;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to the given day; a day beyond the month's end runs on into the next month. */
export function dayNumber({ year, month, day }: CalendarDay): number {
  // Years begin in March here, so that the leap day is the last of the year.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function dayOf(number: number): CalendarDay {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** 1 is 1 January. */
export function yearday(number: number): number {
  return number - dayNumber({ year: dayOf(number).year, month: 1, day: 1 }) + 1;
}

/** 1 is Monday, 7 Sunday. */
export function weekday(number: number): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}

/** ISO 8601: a week belongs to the year that has its Thursday. */
export function isoWeek(number: number): { readonly weekyear: number; readonly week: number } {
  const thursday = number - weekday(number) + 4;
  return { weekyear: dayOf(thursday).year, week: Math.floor((yearday(thursday) - 1) / 7) + 1 };
}

/** The day number of a day given by ISO week. */
export function dayOfIsoWeek(weekyear: number, week: number, dayOfWeek: number): number {
  const fourth = dayNumber({ year: weekyear, month: 1, day: 4 });
  return fourth - weekday(fourth) + (week - 1) * 7 + dayOfWeek;
}

export function fieldsAt(epochS: number): CalendarFields {
  const number = Math.floor(epochS / secondsOfDay);
  const second = epochS - number * secondsOfDay;
  const { year, month, day } = dayOf(number);
  const { weekyear, week } = isoWeek(number);
  return {
    seconds: Math.floor(second % 60),
    minutes: Math.floor(second / 60) % 60,
    hours: Math.floor(second / 3600),
    monthdays: day,
    weekdays: weekday(number),
    yeardays: yearday(number),
    months: month,
    weeks: week,
    years: year,
    weekyears: weekyear,
  };
}
