/** `<date_expression>`: whether now is after, before, within, or fits a pattern; and when that will change. */
import type { Attributes, DateExpression } from '../../cib/model.ts';
import { type CalendarFields, dayNumber, dayOf, daysInMonth, fieldsAt, secondsOfDay } from './calendar.ts';
import type { RuleContext } from './context.ts';
import { type IsoMoment, parseIsoDate } from './iso-date.ts';

export function dateExpressionHolds(expression: DateExpression, { nowS, changesAt }: RuleContext): boolean {
  const start = parseIsoDate(expression.start, nowS);
  const end = parseIsoDate(expression.end, nowS);
  switch (expression.operation?.toLowerCase() ?? 'in_range') {
    case 'gt':
      if (start === undefined || nowS > start.epochS) return start !== undefined;
      changesAt?.(start.epochS + 1);
      return false;
    case 'lt':
      if (end === undefined || nowS >= end.epochS) return false;
      changesAt?.(end.epochS);
      return true;
    case 'in_range':
      return isInRange(start, end ?? endOfDuration(start, expression.duration), nowS, changesAt);
    case 'date_spec':
      return expression.dateSpec !== undefined && fitsDateSpec(expression.dateSpec, nowS, changesAt);
    default:
      return false;
  }
}

/** Both ends belong to the range; one of them may be open. */
function isInRange(
  start: IsoMoment | undefined,
  end: IsoMoment | undefined,
  nowS: number,
  changesAt: RuleContext['changesAt'],
): boolean {
  if (start === undefined && end === undefined) return false;
  if (start !== undefined && nowS < start.epochS) {
    changesAt?.(start.epochS);
    return false;
  }
  if (end === undefined) return true;
  if (nowS > end.epochS) return false;
  changesAt?.(end.epochS + 1);
  return true;
}

function endOfDuration(start: IsoMoment | undefined, duration: Attributes | undefined): IsoMoment | undefined {
  if (start === undefined || duration === undefined) return undefined;
  const amount = (name: string): number => {
    const value = Number.parseInt(duration[name] ?? '0', 10);
    return Number.isNaN(value) ? 0 : value;
  };
  const localS = start.epochS + start.offsetS;
  const days = addMonths(Math.floor(localS / secondsOfDay), amount('years') * 12 + amount('months'));
  const wholeDays = days + amount('weeks') * 7 + amount('days');
  const secondS = localS - Math.floor(localS / secondsOfDay) * secondsOfDay;
  const addedS = amount('hours') * 3600 + amount('minutes') * 60 + amount('seconds');
  return { epochS: wholeDays * secondsOfDay + secondS + addedS - start.offsetS, offsetS: start.offsetS };
}

/** The same day of a later month, or its last day where it is shorter. */
function addMonths(number: number, months: number): number {
  const { year, month, day } = dayOf(number);
  const total = year * 12 + month - 1 + months;
  const target = { year: Math.floor(total / 12), month: (((total % 12) + 12) % 12) + 1 };
  return dayNumber({ ...target, day: Math.min(day, daysInMonth(target.year, target.month)) });
}

/** Fields by how often they change; the finest one in a pattern says how soon to look again. */
const changeEveryS: Readonly<Record<keyof CalendarFields, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  monthdays: secondsOfDay,
  weekdays: secondsOfDay,
  yeardays: secondsOfDay,
  months: secondsOfDay,
  weeks: secondsOfDay,
  years: secondsOfDay,
  weekyears: secondsOfDay,
};

function fitsDateSpec(spec: Attributes, nowS: number, changesAt: RuleContext['changesAt']): boolean {
  const now = fieldsAt(nowS);
  const names = (Object.keys(changeEveryS) as (keyof CalendarFields)[]).filter((name) => spec[name] !== undefined);
  const finest = Math.min(...names.map((name) => changeEveryS[name]));
  if (names.length > 0) changesAt?.((Math.floor(nowS / finest) + 1) * finest);
  return names.every((name) => isWithin(now[name], spec[name] ?? ''));
}

/** `9`, `9-16`, `9-` or `-16`; anything else fits nothing. */
function isWithin(value: number, range: string): boolean {
  const match = /^\s*(\d*)\s*(-?)\s*(\d*)\s*$/.exec(range);
  if (match === null || (match[1] === '' && match[3] === '')) return false;
  const low = match[1] === '' ? -Infinity : Number(match[1]);
  const high = match[2] === '' ? low : match[3] === '' ? Infinity : Number(match[3]);
  return low <= value && value <= high;
}
