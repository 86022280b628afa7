/** A program that `respawn` or `failfast` of ha.cf names: what it is, how it is, and what may happen to it. */
import type { ServiceConfiguration } from '../config/configuration.ts';
import type { LogLevel } from '../log-level.ts';
import type { Problem } from '../result.ts';
import type { Microseconds } from '../types.ts';

export type ServicePhase =
  | 'running'
  /** It has ended and is about to be started again. */
  | 'pausing'
  /** SIGTERM has been sent, or is next in turn. */
  | 'stopping'
  /** It ended with exit code 100: it does not want to be started again. */
  | 'finished'
  /** It ended too often too soon. */
  | 'given-up'
  /** A failfast program died, and the machine could not be rebooted. */
  | 'reboot-failed';

export interface Service {
  /** Equal lines are different programs. */
  readonly id: string;
  readonly configuration: ServiceConfiguration;
  phase: ServicePhase;
  /** Of its present or last life. */
  startedUs: Microseconds;
  /** Lives in a row that were over within `shortLifeUs`. */
  shortLives: number;
  /** While pausing: when it is started again. While stopping: when patience ends. */
  dueUs: Microseconds;
  /** How far a stop has come; `waits`: programs started after it are stopped first. */
  stop: 'waits' | 'asked' | 'killed' | undefined;
  /** It may be gone from the list when it has stopped. */
  removed: boolean;
}

export type ServiceEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** There never was a process. */
  | { readonly kind: 'not-started'; readonly reason: string };

export type ServiceEvent =
  /** What is to run from now on, in the order of starting; what is not listed is stopped, last first. */
  | { readonly type: 'configured'; readonly services: readonly ServiceConfiguration[] }
  | { readonly type: 'ended'; readonly id: string; readonly end: ServiceEnd }
  | { readonly type: 'timer' }
  /** The operator says that the cause is dealt with: what was given up is started again. */
  | { readonly type: 'retry' }
  | { readonly type: 'rebootFailed'; readonly id: string };

export type ServiceEffect =
  | { readonly type: 'spawn'; readonly id: string; readonly configuration: ServiceConfiguration }
  | { readonly type: 'signal'; readonly id: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Let go of the addresses, then reboot this machine. */
  | { readonly type: 'reboot'; readonly id: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: Problem };

/** What tools are told. */
export interface ServiceView {
  readonly kind: ServiceConfiguration['kind'];
  readonly user: string;
  /** Path and arguments. */
  readonly program: string;
  readonly phase: ServicePhase;
}

export function viewOf({ configuration, phase }: Service): ServiceView {
  return { kind: configuration.kind, user: configuration.user, program: programText(configuration), phase };
}

export function programText({ file, args }: ServiceConfiguration): string {
  return [file, ...args].join(' ');
}
