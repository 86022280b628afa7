/**
 * What happens when the agent host itself is broken: an exception that nobody caught. Node would end the process at
 * once, and with it the only one that can still take the addresses away. So the fault is logged, the guardian acts,
 * and only then the process ends; a daemon that is connected starts a new one, which reads the inventory. S2.
 */
import type { Problem } from '../../core/result.ts';
import type { LogLevel } from '../../ports/log.ts';

export interface FaultSystem {
  log(level: LogLevel, message: Problem): void;
  /** Releases addresses, stops the rest, then `done`. */
  letGo(done: () => void): void;
  /** A host that is broken may never come to the end of its stops. */
  patienceMs(): number;
  exit(code: number): void;
}

/** The part of `process` that this needs. */
export interface FaultSource {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

/** sysexits(3), EX_SOFTWARE */
const exitSoftware = 70;
/** More than these are a loop: logging them would only fill the disk. */
const maximumFaults = 20;

export function watchFaults(source: FaultSource, system: FaultSystem): void {
  let faults = 0;
  const exit = (): void => system.exit(exitSoftware);

  const broken = (reason: unknown): void => {
    faults += 1;
    if (faults > maximumFaults) return exit();
    try {
      system.log('critical', { code: 'host-fault', fields: { reason: textOf(reason) } });
    } catch {
      // What is broken may be the log; letting go matters more.
    }
    // Another fault on the way out must not keep the first from being carried through.
    if (faults > 1) return;
    setTimeout(exit, system.patienceMs());
    try {
      system.letGo(exit);
    } catch (error) {
      broken(error);
    }
  };

  source.on('uncaughtException', broken);
  source.on('unhandledRejection', broken);
}

/** Place and cause; bounded, it goes into a log line. */
function textOf(reason: unknown): string {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  return text.replace(/\s+/g, ' ').slice(0, 1000);
}
