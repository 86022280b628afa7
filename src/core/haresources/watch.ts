/** What is known of one running resource from asking for its status, as plain data in the node's state. */
import type { Operation } from '../agents.ts';
import type { GroupConfiguration, ResourceConfiguration } from '../config/configuration.ts';
import { addressTypes } from '../config/parse-resource.ts';
import type { Microseconds } from '../types.ts';

export interface MonitoringOptions {
  /** How often each running resource is asked; 0: never, except by `manage`. */
  readonly intervalMs: number;
  /** Other intervals: by resource word as written, by group key, or by resource type. */
  readonly intervalsMs: Readonly<Record<string, number>>;
  /** Failures within the window after which this node gives the group up. */
  readonly failuresMax: number;
  readonly failureWindowMs: number;
}

/** What its status said last. `unknown`: it gave no answer in time, or none that means anything. */
export type WatchState = 'running' | 'stopped' | 'failed' | 'unknown';

export interface Watch {
  /** The resource as haresources writes it. */
  readonly written: string;
  /** The status call in flight. */
  check: Operation | undefined;
  /** When to ask next; `undefined`: not at all. */
  dueUs: Microseconds | undefined;
  askedUs: Microseconds;
  said: WatchState | undefined;
  saidUs: Microseconds;
  /** Answers since it was last started: the first of them comes too early to be acted upon. */
  answers: number;
  /** Its status has said "running" while it ran here, so "stopped" means something. */
  proven: boolean;
  /** Its status said "stopped" of what had just been started, and has never said anything else. */
  unreliable: boolean;
}

export interface Monitor {
  /** In the order of the group's resources. */
  watches: Watch[];
  /** The group has been running, as far as this node knows, since this rule was last applied. */
  watching: boolean;
  /** Leftmost resource that is started again in place: what is known of those to the left of it stays. */
  restartedFrom: number | undefined;
  restartedUs: Microseconds;
  /** When failures were found, within the window. */
  failures: Microseconds[];
  /** The last failure, in words of the log, and how often this node has restarted something of the group. */
  lastFailed: string | undefined;
  restarts: number;
  /** No more restarts here before then, and nobody who could take the group. */
  waitUntilUs: Microseconds | undefined;
}

export function createMonitor(configuration: GroupConfiguration): Monitor {
  return {
    watches: configuration.resources.map(createWatch),
    watching: false,
    restartedFrom: undefined,
    restartedUs: 0,
    failures: [],
    lastFailed: undefined,
    restarts: 0,
    waitUntilUs: undefined,
  };
}

/** The list of the group has changed: what is known of a resource goes with it. */
export function followResources(monitor: Monitor, resources: readonly ResourceConfiguration[]): void {
  const known = new Map(monitor.watches.map((watch) => [watch.written, watch]));
  monitor.watches = resources.map((resource) => known.get(resource.written) ?? createWatch(resource));
}

export function createWatch(resource: ResourceConfiguration): Watch {
  return {
    written: resource.written,
    check: undefined,
    dueUs: undefined,
    askedUs: 0,
    said: undefined,
    saidUs: 0,
    answers: 0,
    proven: hasContract(resource),
    unreliable: false,
  };
}

/**
 * Own agents and OCF agents answer by a contract. What a script of resource.d or init.d prints is judged by words, and many
 * a script knows no status at all: it has to show once that it can say "running". So has a unit of systemd, whose word may
 * mean somebody's own script.
 */
export function hasContract(resource: ResourceConfiguration): boolean {
  return resource.kind === 'ocf' || addressTypes.includes(resource.type);
}

/** The most particular interval counts: the word as written, then the group, then the type. */
export function intervalOf(options: MonitoringOptions, group: GroupConfiguration, index: number): number {
  const resource = group.resources[index]!;
  for (const name of [resource.written, group.key, resource.type]) {
    const intervalMs = options.intervalsMs[name];
    if (intervalMs !== undefined) return intervalMs;
  }
  return options.intervalMs;
}
