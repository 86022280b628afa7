/**
 * The hardware's (or softdog's) last word over this machine. It is kept by the agent host and not by the daemon, because
 * the host knows what is held and outlives a daemon that is restarted within the deadtime: such a restart resets nothing.
 *
 * There is no timer in here. The device is written to when the daemon reports that a keepalive has gone out, and never
 * else: that takes the daemon's one thread, which runs both machines of the core, the way to this process, and this
 * process. When any of them hangs or is gone, the machine is reset after the device's timeout, whether the guardian let
 * go or not. When the guardian could not let go of something, no keepalive counts any more.
 */
import type { Problem, Result } from '../../core/result.ts';
import type { WatchdogSettings, WatchdogView } from '../../core/watchdog-view.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogLevel } from '../../ports/log.ts';
import type { WatchdogDevice } from '../watchdog-device.ts';

export interface WatchdogSystem {
  readonly clock: Clock;
  open(device: string): Result<WatchdogDevice>;
  log(level: LogLevel, message: Problem): void;
  changed(view: WatchdogView | undefined): void;
}

export interface Watchdog {
  /** Of the daemon that introduces itself; undefined: it wants none (any more). */
  configure(settings: WatchdogSettings | undefined): void;
  /** A keepalive of this node has gone out. */
  progress(): void;
  /** Something is still held that should have been let go: let the device do its work. */
  condemn(): void;
  /**
   * The daemon ends on purpose to start again, and what is held goes on: the device is to wait for that long besides.
   * One that cannot is let go until the next keepalive; the guardian watches meanwhile.
   */
  bridge(seconds: number): void;
  /** The daemon ends on purpose, and nothing is held. */
  release(): void;
  view(): WatchdogView | undefined;
}

/** A driver may be loaded later than the daemon is started. */
const openAgainUs = 60_000_000;
/** A device that waits for less time than this many keepalives would reset a healthy machine. */
const keepalivesInTimeout = 3;

export function createWatchdog(system: WatchdogSystem): Watchdog {
  let settings: WatchdogSettings | undefined;
  let view: WatchdogView | undefined;
  let device: WatchdogDevice | undefined;
  let openNotBeforeUs = 0;
  let condemned = false;
  let silent = false;
  let bridging = false;

  const show = (next: WatchdogView | undefined): void => {
    view = next;
    system.changed(view);
  };

  const release = (): void => {
    device?.release();
    device = undefined;
  };

  const open = ({ device: path, timeoutSeconds, keepaliveMs }: WatchdogSettings): void => {
    const nowUs = system.clock.nowUs();
    if (nowUs < openNotBeforeUs) return;
    const again = openNotBeforeUs > 0;
    openNotBeforeUs = nowUs + openAgainUs;
    const opened = system.open(path);
    if (!opened.ok) {
      if (!again) system.log('error', opened.problem);
      return show({ device: path, state: 'unavailable', reason: String(opened.problem.fields['reason']) });
    }
    device = opened.value;
    const set = device.setTimeoutSeconds(timeoutSeconds);
    const effective = set.ok ? set.value : device.timeoutSeconds();
    if (!set.ok) {
      const fields = { device: path, seconds: timeoutSeconds, reason: set.problem };
      system.log('warning', { code: 'watchdog-timeout', fields });
    }
    if (effective !== undefined && effective * 1000 < keepalivesInTimeout * keepaliveMs) {
      release();
      system.log('error', { code: 'watchdog-too-short', fields: { device: path, seconds: effective, keepaliveMs } });
      return show({ device: path, state: 'unavailable', reason: `it waits only ${effective} s` });
    }
    const waits = effective === undefined ? {} : { timeoutSeconds: effective };
    system.log('notice', {
      code: 'watchdog-armed',
      fields: { device: path, ...(effective === undefined ? {} : { seconds: effective }) },
    });
    show({ device: path, state: 'armed', ...waits });
  };

  return {
    configure(wanted) {
      if (wanted?.device !== settings?.device || wanted?.timeoutSeconds !== settings?.timeoutSeconds) {
        // Another device or another time: the old one is not left to fire.
        if (!condemned) release();
        openNotBeforeUs = 0;
      }
      if (bridging && wanted !== undefined) device?.setTimeoutSeconds(wanted.timeoutSeconds);
      bridging = false;
      settings = wanted;
      if (wanted === undefined) return condemned ? undefined : show(undefined);
      if (device === undefined && !condemned) show({ device: wanted.device, state: 'waiting' });
    },
    progress() {
      if (settings === undefined || condemned) return;
      if (device === undefined) open(settings);
      const tickled = device?.tickle();
      if (tickled === undefined || tickled.ok) {
        silent = false;
        return;
      }
      if (!silent) system.log('error', tickled.problem);
      silent = true;
    },
    condemn() {
      if (device === undefined || condemned) return;
      condemned = true;
      const seconds = view?.timeoutSeconds;
      system.log('critical', {
        code: 'watchdog-condemned',
        fields: { device: settings?.device ?? '', ...(seconds === undefined ? {} : { seconds }) },
      });
      if (view !== undefined) show({ ...view, state: 'condemned' });
    },
    bridge(seconds) {
      if (settings === undefined || device === undefined || condemned) return;
      const wanted = settings.timeoutSeconds + seconds;
      const set = device.setTimeoutSeconds(wanted);
      bridging = set.ok && set.value >= wanted;
      if (bridging) return void device.tickle();
      release();
      openNotBeforeUs = 0;
    },
    release() {
      if (!condemned) release();
      openNotBeforeUs = 0;
    },
    view: () => view,
  };
}
