/**
 * Tells systemd how the daemon is (sd_notify(3)): READY=1, STATUS=, RELOADING=1, STOPPING=1, WATCHDOG=1. Without
 * NOTIFY_SOCKET in the environment nothing is sent. One message takes about 10 microseconds.
 */
import { openUnixDatagram } from './unix-datagram.ts';

export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

const retryDelayMs = 100;
const retriesMax = 20;

/** `state`: `READY=1\nSTATUS=text`. A service manager too busy to take it now is asked again for two seconds. */
export function notifyServiceManager(state: string, environment: NotifyEnvironment = process.env): void {
  const { NOTIFY_SOCKET: path } = environment;
  if (path !== undefined && path !== '') send(path, state, retriesMax);
}

/** How often WATCHDOG=1 is due: half the limit (sd_watchdog_enabled(3)); `undefined` when nobody watches this process. */
export function watchdogIntervalMs(
  environment: NotifyEnvironment = process.env,
  pid = process.pid,
): number | undefined {
  const { WATCHDOG_USEC: limit, WATCHDOG_PID: watched } = environment;
  const limitUs = Number(limit);
  if (!Number.isSafeInteger(limitUs) || limitUs <= 0) return undefined;
  if (watched !== undefined && watched !== '' && Number(watched) !== pid) return undefined;
  return limitUs / 2000;
}

function send(path: string, state: string, retries: number): void {
  const sender = openUnixDatagram(path);
  const error = sender?.send(state);
  sender?.close();
  const busy = error === 'EAGAIN' || error === 'ENOBUFS';
  if (busy && retries > 0) setTimeout(() => send(path, state, retries - 1), retryDelayMs).unref();
}
