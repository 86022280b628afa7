/** The five times of ha.cf: defaults that depend on each other, and the combinations that cannot work. */

import { guardianMarginMs } from '../guardian-margin.ts';
import type { Timing } from './configuration.ts';
import type { Place, Reporter } from './findings.ts';
import { wholeFile } from './findings.ts';
import type { HaCf } from './ha-cf.ts';
import { printTime } from './values.ts';

/** Below this a boot is hardly over before the dead time runs; Heartbeat warns at the same mark. */
const shortInitdeadMs = 10_000;
/** A daemon that is started again within this keeps its resources only with luck. */
const shortRestartMs = 1000;
/** A guardian that has less time than this will not see many scripts through their stop. */
const shortReleaseMs = 1000;

const timeDirectives = ['keepalive', 'deadtime', 'warntime', 'initdead', 'deadping'];

export function effectiveTiming({ scalars }: HaCf): Timing {
  const time = (name: string, otherwise: number): number => Number(scalars.get(name)?.value ?? otherwise);
  const keepaliveMs = time('keepalive', 1000);
  const deadtimeMs = time('deadtime', 30_000);
  return {
    keepaliveMs,
    deadtimeMs,
    warntimeMs: time('warntime', Math.floor(deadtimeMs / 2)),
    initdeadMs: time('initdead', defaultInitdead(deadtimeMs)),
    deadpingMs: time('deadping', deadtimeMs),
  };
}

function defaultInitdead(deadtimeMs: number): number {
  if (deadtimeMs > 10_000) return deadtimeMs;
  return deadtimeMs < 6000 ? 12_000 : 2 * deadtimeMs;
}

export function checkTiming(haCf: HaCf, tuning: HaCf, reporter: Reporter): void {
  if (timeDirectives.some((name) => haCf.failed.has(name)) || tuning.failed.has('guardian_margin')) return;
  const timing = effectiveTiming(haCf);
  const { keepaliveMs, deadtimeMs } = timing;
  const place = (...names: string[]): Place => {
    const written = names.map((name) => haCf.scalars.get(name)).find((scalar) => scalar !== undefined);
    return written?.place ?? wholeFile('ha.cf');
  };
  const fields = {
    keepalive: printTime(keepaliveMs),
    deadtime: printTime(deadtimeMs),
    warntime: printTime(timing.warntimeMs),
    initdead: printTime(timing.initdeadMs),
    deadping: printTime(timing.deadpingMs),
    smallest: `${2 * keepaliveMs + 1}ms`,
  };
  if (deadtimeMs <= 2 * keepaliveMs) {
    reporter.report('deadtime-too-small', place('deadtime', 'keepalive'), fields);
    return;
  }
  if (timing.deadpingMs <= 2 * keepaliveMs) reporter.report('deadping-too-small', place('deadping'), fields);
  if (timing.initdeadMs < deadtimeMs) reporter.report('initdead-too-small', place('initdead', 'deadtime'), fields);
  else if (timing.initdeadMs < shortInitdeadMs) reporter.report('initdead-short', place('initdead'), fields);
  if (timing.warntimeMs >= deadtimeMs) reporter.report('warntime-above-deadtime', place('warntime'), fields);
  else if (timing.warntimeMs <= keepaliveMs)
    reporter.report('warntime-below-keepalive', place('warntime', 'keepalive'), fields);
  checkGuardian(tuning, keepaliveMs, deadtimeMs, place('deadtime'), reporter);
}

/** Addresses go in no time; a script needs its time to stop, and the guardian has only the margin for it. */
export function checkRelease(haCf: HaCf, tuning: HaCf, scripts: readonly Place[], reporter: Reporter): void {
  const first = scripts[0];
  const unknown = timeDirectives.some((name) => haCf.failed.has(name)) || tuning.failed.has('guardian_margin');
  if (first === undefined || unknown) return;
  const { deadtimeMs } = effectiveTiming(haCf);
  const marginMs = Number(tuning.scalars.get('guardian_margin')?.value ?? 0) || guardianMarginMs(deadtimeMs);
  if (marginMs >= shortReleaseMs) return;
  const resource = first.source.slice(first.column - 1, first.column - 1 + first.length);
  reporter.report('guardian-scripts', first, { resource, margin: `${marginMs} ms`, deadtime: printTime(deadtimeMs) });
}

/** The time between the last keepalive and the guardian's act must exceed the interval between two keepalives. */
function checkGuardian(
  tuning: HaCf,
  keepaliveMs: number,
  deadtimeMs: number,
  deadtime: Place,
  reporter: Reporter,
): void {
  const written = tuning.scalars.get('guardian_margin');
  const marginMs = Number(written?.value ?? 0) || guardianMarginMs(deadtimeMs);
  const roomMs = deadtimeMs - marginMs;
  if (written !== undefined && roomMs <= keepaliveMs) {
    reporter.report('guardian-no-room', written.place, {
      margin: written.written,
      deadtime: printTime(deadtimeMs),
      keepalive: printTime(keepaliveMs),
      largest: `${deadtimeMs - keepaliveMs - 1}ms`,
    });
  } else if (roomMs < shortRestartMs) {
    reporter.report('guardian-little-room', deadtime, { room: `${roomMs} ms`, deadtime: printTime(deadtimeMs) });
  }
}
