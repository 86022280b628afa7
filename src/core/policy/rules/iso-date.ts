/**
 * Dates as rules and `--now` write them: ISO 8601 in the forms Pacemaker reads. `2005-07-11`, `20050711`, `2005-192`, `2005192`,
 * `2005-W28-1`, `2005W281`, `2005-07`, each with a time (`T10:30:00`, `T103000`, ` 10:30`, `T10`) and a zone (`Z`, `+02:00`,
 * `-0230`, `+2`); a time alone means today; `epoch` means 1970. Without a zone it is UTC: the core knows no other.
 */
import { dayNumber, dayOfIsoWeek, daysInMonth, isLeapYear, secondsOfDay } from './calendar.ts';

export interface IsoMoment {
  readonly epochS: number;
  /** Seconds that local time was ahead of UTC, as written: adding a month to it is done in local time. */
  readonly offsetS: number;
}

/** @returns undefined for what is no date. `todayS` is any time of the day that a time alone refers to. */
export function parseIsoDate(text: string | undefined, todayS = 0): IsoMoment | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^epoch/i.test(trimmed)) return { epochS: 0, offsetS: 0 };
  const alone = /^T/i.test(trimmed) || /^\d{1,2}:/.test(trimmed);
  if (alone) return atTime(Math.floor(todayS / secondsOfDay), trimmed.replace(/^T/i, ''));
  const parts = /^([^T\s]+?)(?:[T\s]\s*(.*)|([zZ]))?$/.exec(trimmed);
  const day = parts === null ? undefined : parseDay(parts[1] ?? '');
  return day === undefined ? undefined : atTime(day, parts?.[2] ?? parts?.[3] ?? '');
}

function parseDay(text: string): number | undefined {
  const calendar = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? /^(\d{4})-(\d{2})$/.exec(text);
  if (calendar !== null) return calendarDay(Number(calendar[1]), Number(calendar[2]), Number(calendar[3] ?? 1));
  const ordinal = /^(\d{4})-?(\d{3})$/.exec(text);
  if (ordinal !== null) return ordinalDay(Number(ordinal[1]), Number(ordinal[2]));
  const week = /^(\d{4})-?W(\d{1,2})(?:-?([1-7]))?$/i.exec(text);
  if (week === null || Number(week[2]) < 1 || Number(week[2]) > 53) return undefined;
  return dayOfIsoWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
}

function calendarDay(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return dayNumber({ year, month, day });
}

function ordinalDay(year: number, day: number): number | undefined {
  if (day < 1 || day > (isLeapYear(year) ? 366 : 365)) return undefined;
  return dayNumber({ year, month: 1, day: 1 }) + day - 1;
}

/** Hours, minutes and seconds of a day with what zone they have; 24:00 is the end of the day. */
function atTime(day: number, text: string): IsoMoment | undefined {
  const match = /^(?:(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?(?:\.\d+)?)?\s*(?:(z)|([+-])(\d{1,2})(?::?(\d{2}))?)?$/i.exec(
    text,
  );
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [1, 2, 3].map((index) => Number(match[index] ?? 0)) as [number, number, number];
  if (hours > 24 || minutes > 59 || seconds > 60 || (hours === 24 && minutes + seconds > 0)) return undefined;
  const ahead = Number(match[6] ?? 0) * 3600 + Number(match[7] ?? 0) * 60;
  const offsetS = match[5] === '-' ? 0 - ahead : ahead;
  return { epochS: day * secondsOfDay + hours * 3600 + minutes * 60 + seconds - offsetS, offsetS };
}
