/**
 * The guardian: when the daemon ends or falls silent, this node lets go before the peer takes over. S2, S9.
 *
 * At the deadline it first reads once more what the daemon may have sent (timers fire before sockets are read), then
 * releases every own address, kills operations in flight, and stops the rest, group by group, last resource first.
 * A connection alone does not move the deadline: only the daemon's word does that it has sent a keepalive. Whether the
 * kernel took the packet (a device that is down refuses it) or the network lost it is not looked at here.
 */

import type { Problem } from '../../core/result.ts';
import type { GroupKey } from '../../core/types.ts';
import type { InventoryEntry, Operation, OperationResult } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogLevel } from '../../ports/log.ts';
import { drain } from './drain.ts';
import type { Executor } from './executor.ts';
import { acceptBeat, type GuardianClockwork, isDue, newTerms, waitMs } from './guardian-timing.ts';
import type { Inventory } from './inventory.ts';

export interface GuardianSystem {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly executor: Executor;
  servesAddress(entry: InventoryEntry): boolean;
  stopTimeoutMs(): number;
  log(level: LogLevel, message: Problem): void;
  /** Addresses are released; what is listed is still being stopped. */
  acted(remaining: readonly InventoryEntry[]): void;
  /** Something is still held that the peer may be starting by now. */
  couldNotLetGo(): void;
  /** The deadline has passed, whatever is held. */
  silent(): void;
  /** Nobody is connected, the deadline has passed, and nothing is held. */
  nothingLeft(): void;
  isConnected(): boolean;
}

export interface Guardian {
  /** Of a daemon that introduces itself; longer ones than those before count from its first keepalive. */
  terms(deadtimeMs: number, marginMs: number): void;
  /** What the peer was told last; 0 when nothing. */
  promisedDeadtimeMs(): number;
  /** A keepalive was sent (`AgentHost.beat`). */
  beat(sentUs: number): void;
  /** A start of a daemon that is late with its keepalives, or has sent none yet. */
  startBegins(): void;
  disconnected(): void;
  lastBeatUs(): number;
  hasActed(): boolean;
  /** The daemon knows: its starts are welcome again. */
  seen(): void;
  /** At once, without waiting for the deadline. `done`: every stop has been tried as often as it is. */
  act(done?: () => void): void;
}

/** Turns of the event loop that read the socket before silence is believed. */
const drainTurns = 3;
/** As Heartbeat's HA_STOPRETRYMAX: once a second, ten times. */
const stopAttempts = 10;
const stopRetryMs = 1000;
const longestTimerMs = 60_000;

export function createGuardian(system: GuardianSystem): Guardian {
  // Until the first keepalive, the time when the latest start began counts.
  let clockwork: GuardianClockwork = { lastBeatUs: system.clock.nowUs(), deadtimeMs: 0, marginMs: 0 };
  let reportedBeatUs = 0;
  let acted = false;
  /** The deadline has passed; the next keepalive arms it again. */
  let silent = false;
  let timer: NodeJS.Timeout | undefined;
  let operationIds = 0;
  /** Starts that were let through. */
  let starts = 0;

  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(longestTimerMs, waitMs(clockwork, system.clock.nowUs())));
  };

  const look = (): void => {
    if (isDue(clockwork, system.clock.nowUs())) drain(drainTurns, decide);
    else arm();
  };

  const decide = (): void => {
    if (!isDue(clockwork, system.clock.nowUs())) {
      arm();
      return;
    }
    silent = true;
    system.silent();
    if (system.inventory.isEmpty() && !system.executor.isBusy()) endIfIdle();
    else act();
  };

  const armAgain = (): void => {
    silent = false;
    arm();
  };

  const endIfIdle = (): void => {
    if (system.inventory.isEmpty() && !system.executor.isBusy() && !system.isConnected()) system.nothingLeft();
  };

  const act = (done: () => void = () => undefined): void => {
    acted = true;
    const entries = system.inventory.entries();
    const addresses = entries.filter(system.servesAddress);
    system.executor.release(addresses.map(stopOperation), (result) => {
      report(result, 'address-release-failed');
      if (result.outcome !== 'done') system.couldNotLetGo();
    });
    system.executor.killInFlight();
    // Releases run to their end before this callback: they do not wait for anything.
    setImmediate(() => {
      system.log('warning', { code: 'guardian-acted', fields: { held: entries.length, addresses: addresses.length } });
      system.acted(system.inventory.entries());
      void Promise.all(byGroup(system.inventory.entries()).map(stopGroup)).then(done);
    });
  };

  const stopGroup = async (group: readonly InventoryEntry[]): Promise<void> => {
    const startsBefore = starts;
    for (const entry of group.toSorted((left, right) => right.index - left.index)) await stopEntry(entry, startsBefore);
    endIfIdle();
  };

  const stopEntry = async (entry: InventoryEntry, startsBefore: number): Promise<void> => {
    for (let attempt = 1; attempt <= stopAttempts; attempt += 1) {
      // A daemon that starts anything again has stopped everything itself before: this may be what it has just started.
      if (starts !== startsBefore) return;
      const result = await new Promise<OperationResult>((resolve) =>
        system.executor.submit(stopOperation(entry), resolve),
      );
      if (result.outcome === 'done') return;
      report(result, 'guardian-stop-failed', entry);
      await new Promise((resolve) => setTimeout(resolve, stopRetryMs));
      // A daemon that came back takes over from here: it knows the entry from its inventory.
      if (!acted) return;
    }
    system.couldNotLetGo();
  };

  const stopOperation = (entry: InventoryEntry): Operation => {
    operationIds -= 1;
    const { group, index, resource } = entry;
    return { id: operationIds, group, index, resource, action: 'stop', timeoutMs: system.stopTimeoutMs() };
  };

  const report = (result: OperationResult, code: string, entry?: InventoryEntry): void => {
    if (result.outcome === 'done') return;
    const resource = entry === undefined ? {} : { group: entry.group as GroupKey, resource: entry.resource.written };
    system.log('critical', { code, fields: { ...resource, outcome: result.outcome, reason: result.reason ?? '' } });
  };

  return {
    terms(deadtimeMs, marginMs) {
      const terms = { deadtimeMs, marginMs };
      // Before the first keepalive the peer counts nothing.
      clockwork = reportedBeatUs === 0 ? { ...clockwork, ...terms } : newTerms(clockwork, terms);
      if (!silent) arm();
    },
    promisedDeadtimeMs: () => (reportedBeatUs === 0 ? 0 : clockwork.deadtimeMs),
    beat(sentUs) {
      clockwork = acceptBeat(clockwork, sentUs, system.clock.nowUs());
      reportedBeatUs = Math.max(reportedBeatUs, clockwork.lastBeatUs);
      if (silent) armAgain();
    },
    startBegins() {
      if (!acted) starts += 1;
      if (reportedBeatUs === 0) clockwork = { ...clockwork, lastBeatUs: system.clock.nowUs() };
      if (silent) armAgain();
    },
    disconnected() {
      if (silent) endIfIdle();
    },
    lastBeatUs: () => reportedBeatUs,
    hasActed: () => acted,
    seen() {
      acted = false;
    },
    act,
  };
}

function byGroup(entries: readonly InventoryEntry[]): InventoryEntry[][] {
  const groups = new Map<GroupKey, InventoryEntry[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return [...groups.values()];
}
