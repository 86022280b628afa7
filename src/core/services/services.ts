/**
 * The rules of `respawn` and `failfast` (heartbeat.md 1.3), as one machine over all programs: an event in, effects out.
 *
 * - They are started in the order of their lines, and stopped in the reverse order, one after the other.
 * - One that ends is started again; at once if it lived for a while, else after a pause.
 * - Exit code 100 is a program's word that it ended on purpose: it is left alone, a failfast one too.
 * - More than ten lives in a row that were over within 30 s: it is given up, with an alarm.
 * - A failfast program that dies by a signal or with another exit code than 0 takes the machine with it. One that could
 *   not even be started does not: a reboot would not bring it back.
 */
import type { ServiceConfiguration } from '../config/configuration.ts';
import type { LogLevel } from '../log-level.ts';
import { type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { programText, type Service, type ServiceEffect, type ServiceEnd, type ServiceEvent } from './service.ts';

export interface Services {
  /** In the order of starting. */
  list: Service[];
}

/** A life of at least this long was no failure to start. */
export const shortLifeUs = 30 * usPerSecond;
export const shortLivesMax = 10;
/** Before a program that did not live long is started again. */
export const pauseUs = usPerSecond;
/** After SIGTERM, before SIGKILL; and after that, before the next one has its turn anyway. */
export const stopPatienceUs = 5 * usPerSecond;
const killPatienceUs = 500 * usPerMs;

/** The exit code by which a program says: do not start me again. */
const notAgain = 100;

export const createServices = (): Services => ({ list: [] });

export function stepServices(state: Services, event: ServiceEvent, nowUs: Microseconds): ServiceEffect[] {
  const effects: ServiceEffect[] = [];
  switch (event.type) {
    case 'configured':
      configure(state, event.services, nowUs, effects);
      break;
    case 'ended':
      ended(state, event.id, event.end, nowUs, effects);
      break;
    case 'timer':
      for (const service of state.list)
        if (service.phase === 'pausing' && service.dueUs <= nowUs) spawn(service, nowUs, effects);
      break;
    case 'retry':
      retry(state, nowUs, effects);
      break;
    case 'rebootFailed':
      setPhase(state, event.id, 'reboot-failed');
  }
  advanceStops(state, nowUs, effects);
  return effects;
}

/** When `timer` is due, if at all. */
export function servicesDeadline(state: Services): Microseconds | undefined {
  const due = state.list
    .filter((service) => service.phase === 'pausing' || (service.phase === 'stopping' && service.stop !== 'waits'))
    .map((service) => service.dueUs);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Equal lines are told apart by their number. */
export function identify(
  services: readonly ServiceConfiguration[],
): { id: string; configuration: ServiceConfiguration }[] {
  const seen = new Map<string, number>();
  return services.map((configuration) => {
    const text = `${configuration.kind} ${configuration.user} ${JSON.stringify([configuration.file, ...configuration.args])}`;
    const number = (seen.get(text) ?? 0) + 1;
    seen.set(text, number);
    return { id: `${text} ${number}`, configuration };
  });
}

function configure(
  state: Services,
  services: readonly ServiceConfiguration[],
  nowUs: Microseconds,
  effects: ServiceEffect[],
): void {
  const wanted = identify(services);
  const known = new Map(state.list.map((service) => [service.id, service]));
  const leaving = state.list.filter((service) => !wanted.some(({ id }) => id === service.id));
  for (const service of leaving) beginStop(service);
  const staying = wanted.map(({ id, configuration }) => {
    const present = known.get(id);
    if (present !== undefined && present.phase !== 'stopping') return present;
    if (present !== undefined) {
      // It is being stopped and wanted again: it is started when it has ended, if it was told to end at all.
      present.removed = false;
      if (present.stop === 'waits') present.phase = 'running';
      return present;
    }
    const service: Service = {
      id,
      configuration,
      phase: 'pausing',
      startedUs: 0,
      shortLives: 0,
      dueUs: nowUs,
      stop: undefined,
      removed: false,
    };
    spawn(service, nowUs, effects);
    return service;
  });
  state.list = [...staying, ...leaving.filter((service) => service.phase === 'stopping')];
}

function spawn(service: Service, nowUs: Microseconds, effects: ServiceEffect[]): void {
  service.phase = 'running';
  service.startedUs = nowUs;
  effects.push({ type: 'spawn', id: service.id, configuration: service.configuration });
}

/** What does not run needs no stop: it is left out of the list. */
function beginStop(service: Service): void {
  service.removed = true;
  if (service.phase !== 'running') return;
  service.phase = 'stopping';
  service.stop = 'waits';
}

/** One at a time, the one that was started last first. */
function advanceStops(state: Services, nowUs: Microseconds, effects: ServiceEffect[]): void {
  for (;;) {
    const service = state.list.findLast((candidate) => candidate.phase === 'stopping');
    if (service === undefined) return;
    if (service.stop === 'waits') {
      service.stop = 'asked';
      service.dueUs = nowUs + stopPatienceUs;
      effects.push({ type: 'signal', id: service.id, signal: 'SIGTERM' });
    }
    if (service.dueUs > nowUs) return;
    if (service.stop === 'asked') {
      service.stop = 'killed';
      service.dueUs = nowUs + killPatienceUs;
      effects.push({ type: 'signal', id: service.id, signal: 'SIGKILL' });
      say(service, effects, 'warning', 'service-killed');
      return;
    }
    // Not even SIGKILL ended it (a hung disk): the others must not wait for that.
    say(service, effects, 'error', 'service-stays');
    state.list = state.list.filter((other) => other !== service);
  }
}

function ended(state: Services, id: string, end: ServiceEnd, nowUs: Microseconds, effects: ServiceEffect[]): void {
  const service = state.list.find((candidate) => candidate.id === id);
  if (service === undefined) return;
  if (service.phase === 'stopping') {
    say(service, effects, 'info', 'service-stopped');
    if (service.removed) state.list = state.list.filter((other) => other !== service);
    else spawn(service, nowUs, effects);
    service.stop = undefined;
    return;
  }
  if (service.phase === 'running') died(service, end, nowUs, effects);
}

function died(service: Service, end: ServiceEnd, nowUs: Microseconds, effects: ServiceEffect[]): void {
  const livedUs = nowUs - service.startedUs;
  const fields = { how: howItEnded(end), seconds: Math.floor(livedUs / usPerSecond) };
  if (end.kind === 'exited' && end.exitCode === notAgain) {
    service.phase = 'finished';
    return say(service, effects, 'notice', 'service-finished');
  }
  const violent = end.kind === 'signalled' || (end.kind === 'exited' && end.exitCode !== 0);
  if (service.configuration.kind === 'failfast' && violent) {
    service.phase = 'finished';
    say(service, effects, 'critical', 'service-failfast', fields);
    effects.push({ type: 'reboot', id: service.id });
    return;
  }
  service.shortLives = livedUs < shortLifeUs ? service.shortLives + 1 : 0;
  if (service.shortLives > shortLivesMax) {
    service.phase = 'given-up';
    return say(service, effects, 'error', 'service-too-fast', { ...fields, count: service.shortLives });
  }
  if (end.kind === 'not-started') say(service, effects, 'error', 'service-not-started', { reason: end.reason });
  else say(service, effects, 'warning', 'service-ended', fields);
  if (service.shortLives === 0) return spawn(service, nowUs, effects);
  service.phase = 'pausing';
  service.dueUs = nowUs + pauseUs;
}

function retry(state: Services, nowUs: Microseconds, effects: ServiceEffect[]): void {
  for (const service of state.list) {
    if (service.phase !== 'given-up' && service.phase !== 'reboot-failed') continue;
    service.shortLives = 0;
    spawn(service, nowUs, effects);
  }
}

function setPhase(state: Services, id: string, phase: Service['phase']): void {
  const service = state.list.find((candidate) => candidate.id === id);
  if (service !== undefined) service.phase = phase;
}

function howItEnded(end: ServiceEnd): string {
  if (end.kind === 'exited') return `exit code ${end.exitCode}`;
  return end.kind === 'signalled' ? `signal ${end.signal}` : end.reason;
}

function say(
  service: Service,
  effects: ServiceEffect[],
  level: LogLevel,
  code: string,
  fields: Readonly<Record<string, string | number>> = {},
): void {
  const program = programText(service.configuration);
  effects.push({ type: 'log', level, message: { code, fields: { program, ...fields } } });
}
