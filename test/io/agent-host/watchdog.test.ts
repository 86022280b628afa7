/** The rules against a stand-in that notes what it is told; the device's own calls against a FIFO. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, success } from '../../../src/core/result.ts';
import { type WatchdogView, watchdogTimeoutSeconds } from '../../../src/core/watchdog-view.ts';
import { createWatchdog, type Watchdog } from '../../../src/io/agent-host/watchdog.ts';
import { openWatchdogDevice } from '../../../src/io/watchdog-device.ts';

const settings = { device: '/dev/watchdog', timeoutSeconds: 31, keepaliveMs: 2000 };

let deeds: string[];
let logged: string[];
let views: (WatchdogView | undefined)[];
let nowUs: number;
/** What the stand-in says to an open, and to a timeout. */
let opens: boolean;
let accepts: number | undefined;
let takes: boolean;
let watchdog: Watchdog;

beforeEach(() => {
  [deeds, logged, views, nowUs, opens, accepts, takes] = [[], [], [], 1_000_000, true, undefined, true];
  watchdog = createWatchdog({
    clock: { nowUs: () => nowUs, wallSeconds: () => 0 },
    log: (level, { code }) => void logged.push(`${level} ${code}`),
    changed: (view) => void views.push(view),
    open(device) {
      deeds.push(`open ${device}`);
      if (!opens) return failure('watchdog-unavailable', { device, reason: 'ENOENT' });
      return success({
        timeoutSeconds: () => accepts,
        setTimeoutSeconds(seconds) {
          deeds.push(`timeout ${seconds}`);
          return accepts === undefined ? success(seconds) : { ok: false, problem: 'EINVAL' };
        },
        tickle() {
          deeds.push('tickle');
          return takes ? success(undefined) : failure('watchdog-write', { device, reason: 'EAGAIN' });
        },
        release: () => void deeds.push('V, close'),
      });
    },
  });
});

describe('the watchdog', () => {
  it('is opened with the first keepalive and written to with each, and never by itself', async () => {
    watchdog.configure(settings);
    expect(deeds).toEqual([]);
    expect(views.at(-1)).toEqual({ device: '/dev/watchdog', state: 'waiting' });
    watchdog.progress();
    watchdog.progress();
    expect(deeds).toEqual(['open /dev/watchdog', 'timeout 31', 'tickle', 'tickle']);
    expect(views.at(-1)).toEqual({ device: '/dev/watchdog', state: 'armed', timeoutSeconds: 31 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(deeds.length).toBe(4);
    expect(logged).toEqual(['notice watchdog-armed']);
  });

  it('is disarmed when nothing is held, and armed again by the next daemon', () => {
    watchdog.configure(settings);
    watchdog.progress();
    watchdog.release();
    expect(deeds.at(-1)).toBe('V, close');
    watchdog.configure(settings);
    watchdog.progress();
    expect(deeds.slice(-3)).toEqual(['open /dev/watchdog', 'timeout 31', 'tickle']);
  });

  it('gets no sign of life any more, and no V, once something could not be let go', () => {
    watchdog.configure(settings);
    watchdog.progress();
    watchdog.condemn();
    const before = [...deeds];
    watchdog.progress();
    watchdog.configure(settings);
    watchdog.progress();
    watchdog.configure(undefined);
    watchdog.release();
    expect(deeds).toEqual(before);
    expect(logged.at(-1)).toBe('critical watchdog-condemned');
    expect(watchdog.view()?.state).toBe('condemned');
  });

  it('is nobody to condemn where there is none', () => {
    watchdog.condemn();
    watchdog.configure(settings);
    watchdog.condemn();
    watchdog.progress();
    expect(watchdog.view()?.state).toBe('armed');
  });

  it('that cannot be opened is one error, and is tried again after a minute', () => {
    opens = false;
    watchdog.configure(settings);
    for (let second = 0; second < 59; second += 2) {
      watchdog.progress();
      nowUs += 2_000_000;
    }
    expect(deeds).toEqual(['open /dev/watchdog']);
    nowUs += 2_000_000;
    watchdog.progress();
    expect(logged).toEqual(['error watchdog-unavailable']);
    expect(watchdog.view()).toEqual({ device: '/dev/watchdog', state: 'unavailable', reason: 'ENOENT' });
    opens = true;
    nowUs += 60_000_000;
    watchdog.progress();
    expect(watchdog.view()?.state).toBe('armed');
  });

  it('whose timeout cannot be set is used as it is, unless it would reset a healthy machine', () => {
    accepts = 6;
    watchdog.configure(settings);
    watchdog.progress();
    expect(logged).toEqual(['warning watchdog-timeout', 'notice watchdog-armed']);
    expect(deeds.at(-1)).toBe('tickle');
    accepts = 5;
    watchdog.configure({ ...settings, timeoutSeconds: 30 });
    watchdog.progress();
    expect(logged.at(-1)).toBe('error watchdog-too-short');
    expect(deeds.at(-1)).toBe('V, close');
  });

  it('that does not take the sign of life is one error until it does again', () => {
    watchdog.configure(settings);
    takes = false;
    watchdog.progress();
    watchdog.progress();
    expect(logged.filter((line) => line === 'error watchdog-write').length).toBe(1);
  });

  it('waits longer for a daemon that starts again on purpose, and as before once that is back', () => {
    watchdog.configure(settings);
    watchdog.progress();
    deeds = [];
    watchdog.bridge(30);
    watchdog.configure(settings);
    watchdog.progress();
    expect(deeds).toEqual(['timeout 61', 'tickle', 'timeout 31', 'tickle']);
  });

  it('that cannot wait longer is let go for that time', () => {
    accepts = 10;
    watchdog.configure(settings);
    watchdog.progress();
    deeds = [];
    watchdog.bridge(30);
    expect(deeds).toEqual(['timeout 61', 'V, close']);
    watchdog.configure(settings);
    watchdog.progress();
    expect(deeds.slice(2)).toEqual(['open /dev/watchdog', 'timeout 31', 'tickle']);
  });

  it('is released when ha.cf does not name it any more', () => {
    watchdog.configure(settings);
    watchdog.progress();
    watchdog.configure(undefined);
    expect(deeds.at(-1)).toBe('V, close');
    expect(watchdog.view()).toBeUndefined();
  });

  it('waits as long as that of 3.0.6: deadtime and 10 ms, in whole seconds', () => {
    expect([100, 990, 991, 30_000].map(watchdogTimeoutSeconds)).toEqual([1, 1, 2, 31]);
  });
});

describe('the device', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pairbeat-watchdog-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('gets a zero for each sign of life and V before it is closed; a FIFO has no timeout to set', () => {
    const path = join(directory, 'watchdog');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const opened = openWatchdogDevice(path);
    if (!opened.ok) throw new Error(opened.problem.code);
    expect(opened.value.setTimeoutSeconds(31)).toEqual({ ok: false, problem: 'ENOTTY' });
    expect(opened.value.timeoutSeconds()).toBeUndefined();
    expect(opened.value.tickle().ok).toBe(true);
    opened.value.release();
    const bytes = Buffer.alloc(10);
    expect(bytes.subarray(0, readSync(reader, bytes)).toString('latin1')).toBe('\0V');
    closeSync(reader);
  });

  it('that is not there, or has no driver behind it, is a value and no exception', () => {
    expect(openWatchdogDevice(join(directory, 'none'))).toMatchObject({
      ok: false,
      problem: { code: 'watchdog-unavailable', fields: { reason: 'ENOENT' } },
    });
    const path = join(directory, 'watchdog');
    execFileSync('mkfifo', [path]);
    expect(openWatchdogDevice(path)).toMatchObject({ ok: false, problem: { fields: { reason: 'ENXIO' } } });
  });
});
