/**
 * systemd's eyes on the daemon: WATCHDOG=1 when it asked for it (WatchdogSec=, WATCHDOG_USEC), and a line of STATUS.
 * Both are sent when a keepalive has gone out, by no timer: a daemon that hangs falls silent here too, and is restarted
 * after the agent host has released what it held.
 */
import { notifyServiceManager, watchdogIntervalMs } from '../io/notify.ts';
import type { Clock } from '../ports/clock.ts';

export interface Supervision {
  /** A keepalive has gone out. */
  progress(): void;
}

export interface SupervisionOptions {
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly keepaliveMs: number;
  /** One line; asked for at most once a second. */
  readonly status: () => string;
  readonly notify?: (state: string) => void;
  /** Half of what systemd waits; undefined when it does not. */
  readonly intervalMs?: number | undefined;
}

const statusIntervalUs = 1_000_000;

export function createSupervision(options: SupervisionOptions): Supervision {
  const { clock, keepaliveMs, status } = options;
  const notify = options.notify ?? ((state: string) => notifyServiceManager(state));
  const askedMs = 'intervalMs' in options ? options.intervalMs : watchdogIntervalMs();
  let signUs = Number.NEGATIVE_INFINITY;
  let statusUs = Number.NEGATIVE_INFINITY;
  let said = '';
  // Keepalives that are rarer than systemd expects a sign of life: it is asked for more patience.
  const neededMs = 2 * keepaliveMs;
  const intervalMs = askedMs === undefined ? undefined : Math.max(askedMs, neededMs);
  if (askedMs !== undefined && intervalMs !== askedMs) notify(`WATCHDOG_USEC=${neededMs * 2 * 1000}`);

  return {
    progress() {
      const nowUs = clock.nowUs();
      // Half of the interval: the sign is early enough whichever keepalive brings it.
      if (intervalMs !== undefined && nowUs - signUs >= (intervalMs / 2) * 1000) {
        signUs = nowUs;
        notify('WATCHDOG=1');
      }
      if (nowUs - statusUs < statusIntervalUs) return;
      statusUs = nowUs;
      const line = status();
      if (line !== said) notify(`STATUS=${line}`);
      said = line;
    },
  };
}
