/**
 * Runs the programs of `respawn` and `failfast` lines in the agent host, by the rules of core/services: started here
 * because a fork of this small process is cheap, and because it outlives the daemon, so that a restarted daemon finds
 * them running. Each has a session of its own, no terminal, /dev/null for input and output, and its user's identity.
 */
import type { ChildProcess } from 'node:child_process';
import type { ServiceConfiguration } from '../../core/config/configuration.ts';
import type { Problem } from '../../core/result.ts';
import type { ServiceEffect, ServiceEnd, ServiceEvent, ServiceView } from '../../core/services/service.ts';
import { programText, viewOf } from '../../core/services/service.ts';
import { createServices, servicesDeadline, stepServices } from '../../core/services/services.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogLevel } from '../../ports/log.ts';
import { findUser, type User } from '../users.ts';
import { spawnAs } from './as-user.ts';
import { normalOutOfMemoryScore } from './oom-score.ts';
import { signal } from './process-identity.ts';
import type { ServiceRecord } from './service-record.ts';

export interface ServiceSystem {
  readonly clock: Clock;
  readonly record: ServiceRecord;
  /** What agents get; the user's own variables are added. */
  environment(): Readonly<Record<string, string>>;
  log(level: LogLevel, message: Problem): void;
  /** Something has changed. */
  changed(services: readonly ServiceView[]): void;
  /** A failfast program died. `failed`: this machine cannot be rebooted. */
  reboot(failed: () => void): void;
  readonly findUser?: (name: string) => Promise<User | undefined>;
}

export interface ServiceRunner {
  configure(services: readonly ServiceConfiguration[]): void;
  retry(): void;
  views(): readonly ServiceView[];
  /** Stops all, last first; `done` when none is left, at once if there is none. A configuration meanwhile forgets it. */
  stopAll(done: () => void): void;
}

export function createServiceRunner(system: ServiceSystem): ServiceRunner {
  const state = createServices();
  /** Ids of what has been told to start, and its process once it has one. */
  const processes = new Map<string, ChildProcess | undefined>();
  const wantedSignals = new Map<string, 'SIGTERM' | 'SIGKILL'>();
  let timer: NodeJS.Timeout | undefined;
  let whenStopped: (() => void) | undefined;
  const ready = system.record.endLeftovers().then((count) => {
    if (count > 0) system.log('warning', { code: 'services-left-behind', fields: { count } });
  });

  const step = (event: ServiceEvent): void => {
    for (const effect of stepServices(state, event, system.clock.nowUs())) carryOut(effect);
    clearTimeout(timer);
    const dueUs = servicesDeadline(state);
    if (dueUs !== undefined)
      timer = setTimeout(() => step({ type: 'timer' }), Math.max(0, Math.ceil((dueUs - system.clock.nowUs()) / 1000)));
    system.changed(state.list.map(viewOf));
    if (state.list.length > 0) return;
    const done = whenStopped;
    whenStopped = undefined;
    done?.();
  };

  const carryOut = (effect: ServiceEffect): void => {
    switch (effect.type) {
      case 'log':
        return system.log(effect.level, effect.message);
      case 'spawn':
        processes.set(effect.id, undefined);
        void ready.then(() => spawn(effect.id, effect.configuration));
        return;
      case 'signal': {
        const pid = processes.get(effect.id)?.pid;
        // It waits for its user to be looked up: it gets the signal as soon as it lives.
        if (pid === undefined) wantedSignals.set(effect.id, effect.signal);
        else signal(-pid, effect.signal);
        return;
      }
      case 'reboot':
        return system.reboot(() => step({ type: 'rebootFailed', id: effect.id }));
    }
  };

  const spawn = async (id: string, configuration: ServiceConfiguration): Promise<void> => {
    const user = await (system.findUser ?? findUser)(configuration.user);
    const end =
      user === undefined ? notStarted(`there is no user ${configuration.user}`) : start(id, configuration, user);
    if (end !== undefined) ended(id, end);
  };

  /** Undefined when it runs. */
  const start = (id: string, configuration: ServiceConfiguration, user: User): ServiceEnd | undefined => {
    try {
      const { child, withGroups } = spawnAs(user, configuration.file, configuration.args, {
        cwd: '/',
        env: { ...system.environment(), ...userVariables(user) },
        detached: true,
        stdio: 'ignore',
      });
      child.once('error', (error) => {
        if (child.pid === undefined) ended(id, notStarted(codeOf(error)));
      });
      if (child.pid === undefined) return undefined;
      begun(id, configuration, child, child.pid);
      if (!withGroups)
        system.log('warning', { code: 'service-without-groups', fields: { program: configuration.file } });
      return undefined;
    } catch (error) {
      return notStarted(codeOf(error));
    }
  };

  const begun = (id: string, configuration: ServiceConfiguration, child: ChildProcess, pid: number): void => {
    normalOutOfMemoryScore(pid);
    processes.set(id, child);
    record();
    const fields = { program: programText(configuration), pid, user: configuration.user };
    system.log('info', { code: 'service-started', fields });
    child.once('exit', (exitCode, signalName) =>
      ended(
        id,
        signalName === null ? { kind: 'exited', exitCode: exitCode ?? 0 } : { kind: 'signalled', signal: signalName },
      ),
    );
    const wanted = wantedSignals.get(id);
    if (wanted !== undefined) signal(-pid, wanted);
    wantedSignals.delete(id);
  };

  const ended = (id: string, end: ServiceEnd): void => {
    processes.delete(id);
    wantedSignals.delete(id);
    record();
    step({ type: 'ended', id, end });
  };

  const record = (): void =>
    system.record.write([...processes.values()].map((child) => child?.pid).filter((pid) => pid !== undefined));

  return {
    configure(services) {
      whenStopped = undefined;
      step({ type: 'configured', services });
    },
    retry: () => step({ type: 'retry' }),
    views: () => state.list.map(viewOf),
    stopAll(done) {
      whenStopped = done;
      step({ type: 'configured', services: [] });
    },
  };
}

function userVariables({ name, home }: User): Record<string, string> {
  return { USER: name, LOGNAME: name, HOME: home ?? '/' };
}

const notStarted = (reason: string): ServiceEnd => ({ kind: 'not-started', reason });

const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
