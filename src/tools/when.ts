/** Times as an administrator writes them: `14:30`, `2026-11-25 14:30:05`, or how long ago (`10m`). Local time. */
import { failure, type Result, success } from '../core/result.ts';

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** Seconds of the wall clock. A time of day is the last one that is not in the future. */
export function parseWhen(text: string, nowSeconds: number): Result<number> {
  const ago = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)(?:\s+ago)?$/.exec(text.trim());
  if (ago !== null) return success(nowSeconds - Number(ago[1]) * (secondsOf[ago[2]!] ?? 1));
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text.trim());
  if (time !== null) {
    const day = new Date(nowSeconds * 1000);
    day.setHours(Number(time[1]), Number(time[2]), 0, 0);
    const seconds = day.getTime() / 1000 + Number(time[3] ?? 0);
    if (Number(time[1]) > 23 || Number(time[2]) > 59) return failure('when-unclear', { text });
    return success(seconds > nowSeconds ? seconds - 86_400 : seconds);
  }
  const dated = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text.trim());
  const parsed =
    dated === null ? Number.NaN : Date.parse(dated[1] === undefined ? `${text.trim()}T00:00` : text.trim());
  return Number.isNaN(parsed) ? failure('when-unclear', { text }) : success(parsed / 1000);
}

/** `2026-11-25 14:30:05.123`, in local time. */
export function stamp(seconds: number, digits: 0 | 3 = 3): string {
  const at = new Date(Math.round(seconds * 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${time}${digits === 0 ? '' : `.${String(at.getMilliseconds()).padStart(3, '0')}`}`;
}
