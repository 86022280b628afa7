/**
 * An agent host in memory, with the truth about what runs. Time is virtual and driven from outside, so that a deadline
 * of thirty seconds costs nothing. Behaves as the real host in everything the port promises; the contract in
 * test/contract/agent-host-contract.ts runs on both.
 */

import {
  acceptBeat,
  type GuardianClockwork,
  guardianDeadlineUs,
  isDue,
  newTerms,
} from '../../src/io/agent-host/guardian-timing.ts';
import type {
  AgentHost,
  AgentHostHandlers,
  FenceCall,
  FenceProbe,
  FenceResult,
  GuardianTerms,
  HostHello,
  InventoryEntry,
  Operation,
  OperationOutcome,
  OperationResult,
} from '../../src/ports/agents.ts';

export interface VirtualTime {
  nowUs(): number;
  /** Runs the task when virtual time has passed; the answer takes it back. */
  after(delayUs: number, task: () => void): () => void;
}

/** How an agent behaves. `start-lies`: says that it started and did not (F9). */
export type Behaviour =
  | 'normal'
  | 'start-fails'
  | 'start-hangs'
  | 'stop-fails'
  | 'stop-hangs'
  | 'start-lies'
  | 'stop-lies';

/**
 * How a fence device behaves. `fails`: says that it failed and did nothing; `hangs`: no answer, and it may have worked;
 * `lies`: says that it switched off, and its status says ON.
 */
export type FenceBehaviour = 'works' | 'fails' | 'hangs' | 'lies';

export interface AgentHostTwin {
  /** What one daemon holds in its hand; a second one supersedes it. */
  createHost(): AgentHost;
  behave(type: string, behaviour: Behaviour): void;
  /** The truth, whatever agents and host say. */
  runs(written: string): boolean;
  running(): readonly string[];
  /** Every fence device behaves so from now on; at first they work. */
  behaveFence(behaviour: FenceBehaviour): void;
  /** Who was switched off in truth, in order. */
  switchedOff(): readonly string[];
  /** The host process dies; a connected daemon starts another one. */
  killHost(): void;
  /** How long one operation takes. */
  setDuration(durationUs: number): void;
}

interface Flight {
  readonly operation: Operation;
  readonly cancel: () => void;
  readonly startedUs: number;
}

interface Daemon {
  readonly terms: GuardianTerms;
  readonly handlers: AgentHostHandlers;
}

export function createAgentHostTwin(time: VirtualTime): AgentHostTwin {
  const truth = new Set<string>();
  const behaviours = new Map<string, Behaviour>();
  let host = newHost(time, []);
  let daemon: Daemon | undefined;
  let durationUs = 1000;
  let fenceBehaviour: FenceBehaviour = 'works';
  const switchedOff: string[] = [];

  const isAddress = (operation: Pick<Operation, 'resource'>): boolean =>
    /^IP(v6)?addr2?$/.test(operation.resource.type);
  const answer = (
    operation: Operation,
    outcome: OperationOutcome,
    startedUs: number,
    more: Partial<OperationResult> = {},
  ): void => {
    daemon?.handlers.result({ id: operation.id, outcome, startedUs, finishedUs: time.nowUs(), ...more });
  };

  /** What happens in the world, and what the agent says about it. */
  const act = (
    operation: Operation,
  ): { readonly outcome: OperationOutcome; readonly exitCode?: number; readonly reason?: string } => {
    const { written, type } = operation.resource;
    const behaviour = behaviours.get(type) ?? 'normal';
    if (operation.action === 'announce') return { outcome: 'done' };
    if (operation.action === 'status') return { outcome: truth.has(written) ? 'running' : 'not-running' };
    if (operation.action === 'start') {
      if (behaviour === 'start-fails') return { outcome: 'failed', exitCode: 3, reason: 'start refused' };
      if (behaviour !== 'start-lies') truth.add(written);
      return behaviour === 'start-hangs' ? { outcome: 'timeout' } : { outcome: 'done', exitCode: 0 };
    }
    if (behaviour === 'stop-fails') return { outcome: 'failed', exitCode: 1, reason: 'stop refused' };
    if (behaviour === 'stop-hangs') return { outcome: 'timeout' };
    if (behaviour !== 'stop-lies') truth.delete(written);
    return { outcome: 'done', exitCode: 0 };
  };

  const hangs = (operation: Operation): boolean =>
    behaviours.get(operation.resource.type) === `${operation.action}-hangs`;

  const begin = (operation: Operation): void => {
    const startedUs = time.nowUs();
    if (operation.action === 'start') host.inventory.set(keyOf(operation), entryOf(operation, 'unknown'));
    // A hanging start may have done its work already: the effect comes at once, the answer at the deadline.
    const result = hangs(operation) ? act(operation) : undefined;
    const cancel = time.after(result === undefined ? durationUs : operation.timeoutMs * 1000, () =>
      finish(operation, result ?? act(operation), startedUs),
    );
    host.flights.set(keyOf(operation), { operation, cancel, startedUs });
  };

  const finish = (operation: Operation, result: ReturnType<typeof act>, startedUs: number): void => {
    const key = keyOf(operation);
    host.flights.delete(key);
    note(host.inventory, operation, result.outcome);
    const announced = isAddress(operation) && result.outcome === 'done' && operation.action !== 'stop';
    answer(operation, result.outcome, startedUs, { ...result, ...(announced ? { announcedUs: time.nowUs() } : {}) });
    const waiting = host.lanes.get(key);
    const next = waiting?.shift();
    if (next === undefined) host.lanes.delete(key);
    else begin(next);
  };

  const submit = (operation: Operation): void => {
    const key = keyOf(operation);
    if (operation.action === 'start' && host.acted) {
      answer(operation, 'failed', time.nowUs(), { reason: 'the guardian has stopped everything' });
    } else if (host.flights.has(key)) {
      host.lanes.set(key, [...(host.lanes.get(key) ?? []), operation]);
    } else {
      begin(operation);
    }
  };

  const release = (operations: readonly Operation[]): void => {
    for (const operation of operations) {
      const key = keyOf(operation);
      for (const waiting of host.lanes.get(key) ?? [])
        answer(waiting, 'failed', time.nowUs(), { reason: 'overtaken by a release' });
      host.lanes.delete(key);
      const flight = host.flights.get(key);
      flight?.cancel();
      host.flights.delete(key);
      if (flight !== undefined) answer(flight.operation, 'failed', flight.startedUs, { reason: 'cancelled' });
      const result = act(operation);
      note(host.inventory, operation, result.outcome);
      answer(operation, result.outcome, time.nowUs(), result);
    }
  };

  const fence = (call: FenceCall): void => {
    const { attempt, target, timeoutMs } = call;
    const here = host;
    const behaviour = fenceBehaviour;
    const answer = (result: Omit<FenceResult, 'attempt'>): void => {
      if (!here.attempts.delete(attempt)) return;
      if (behaviour === 'works') switchedOff.push(target);
      daemon?.handlers.fenced?.({ attempt, ...result });
    };
    host.attempts.add(attempt);
    time.after(behaviour === 'hangs' ? timeoutMs * 1000 : durationUs, () => answer(fenceAnswers[behaviour]));
  };

  const probeFence = ({ device }: FenceProbe): void => {
    const here = host;
    time.after(durationUs, () => {
      if (here !== host) return;
      const ok = fenceBehaviour !== 'fails';
      daemon?.handlers.fenceDeviceProbed?.({ device, ok, detail: ok ? '' : 'power switch refused' });
    });
  };

  const guard = (): void => {
    host.disarm?.();
    const terms = host.clockwork;
    const here = host;
    host.disarm = time.after(Math.max(0, guardianDeadlineUs(terms) - time.nowUs()), () => {
      if (here !== host || !isDue(host.clockwork, time.nowUs())) return guard();
      host.silent = true;
      if (host.inventory.size > 0) guardianActs();
    });
  };

  const guardianActs = (): void => {
    host.acted = true;
    const stops = [...host.inventory.values()].toSorted((left, right) => right.index - left.index).map(stopOf);
    for (const flight of host.flights.values()) flight.cancel();
    host.flights.clear();
    host.lanes.clear();
    for (const stop of [...stops.filter(isAddress), ...stops.filter((stop) => !isAddress(stop))]) {
      note(host.inventory, stop, act(stop).outcome);
    }
    daemon?.handlers.guardianActed([...host.inventory.values()]);
    if (daemon !== undefined) host.acted = false;
  };

  const greet = (): HostHello => {
    const hello = {
      hostPid: host.pid,
      adopted: host.spokenTo,
      inventory: [...host.inventory.values()].map((entry) =>
        host.flights.has(keyOf(entry)) ? { ...entry, state: 'unknown' as const } : entry,
      ),
      guardianActed: host.acted,
      lastBeatUs: host.beaten ? host.clockwork.lastBeatUs : 0,
    };
    host.spokenTo = true;
    host.acted = false;
    return hello;
  };

  const killHost = (): void => {
    const dead = host;
    dead.disarm?.();
    for (const flight of dead.flights.values()) flight.cancel();
    const left = [...dead.inventory.values()].map((entry) => ({
      ...entry,
      state: entry.state === 'stop-failed' ? ('stop-failed' as const) : ('unknown' as const),
    }));
    host = newHost(time, left);
    if (daemon === undefined) return;
    for (const flight of dead.flights.values())
      answer(flight.operation, 'unknown', flight.startedUs, { reason: 'the agent host ended' });
    for (const operation of [...dead.lanes.values()].flat())
      answer(operation, 'unknown', time.nowUs(), { reason: 'the agent host ended' });
    const { terms, handlers } = daemon;
    for (const attempt of dead.attempts)
      handlers.fenced?.({ attempt, outcome: 'unknown', verified: false, detail: 'the agent host ended' });
    dead.attempts.clear();
    handlers.lost('the agent host ended');
    host.clockwork = { ...host.clockwork, deadtimeMs: terms.deadtimeMs, marginMs: terms.marginMs };
    guard();
    handlers.ready(greet());
  };

  return {
    createHost() {
      let mine: Daemon | undefined;
      const isCurrent = (): boolean => mine !== undefined && daemon === mine;
      return {
        async connect(terms, handlers) {
          daemon = mine = { terms, handlers };
          host.clockwork = { ...host.clockwork, deadtimeMs: terms.deadtimeMs, marginMs: terms.marginMs };
          const hello = greet();
          if (!host.silent) guard();
          return hello;
        },
        run(operation) {
          if (isCurrent()) submit(operation);
        },
        runHook: () => undefined,
        outdate: () => undefined,
        fence(call) {
          if (isCurrent()) fence(call);
        },
        probeFenceDevice(probe) {
          if (isCurrent()) probeFence(probe);
        },
        runServices: () => undefined,
        retryServices: () => undefined,
        releaseAddresses(operations) {
          if (isCurrent()) release(operations);
        },
        reconfigure({ terms }) {
          if (!isCurrent() || mine === undefined || terms === undefined) return;
          daemon = mine = { ...mine, terms };
          host.clockwork = newTerms(host.clockwork, terms);
          if (!host.silent) guard();
        },
        reorder(group, resources) {
          for (const [key, entry] of host.inventory) {
            const index = resources.findIndex(({ written }) => written === entry.resource.written);
            if (isCurrent() && entry.group === group && index >= 0) host.inventory.set(key, { ...entry, index });
          }
        },
        beat(sentUs) {
          if (!isCurrent()) return;
          host.clockwork = acceptBeat(host.clockwork, sentUs, time.nowUs());
          host.beaten = true;
          if (host.silent) guard();
          host.silent = false;
        },
        dismiss(keep) {
          if (!isCurrent()) return;
          daemon = undefined;
          if (keep || host.inventory.size > 0) return;
          host.disarm?.();
          host = newHost(time, []);
        },
      };
    },
    behave: (type, behaviour) => void behaviours.set(type, behaviour),
    runs: (written) => truth.has(written),
    running: () => [...truth].sort(),
    behaveFence(behaviour) {
      fenceBehaviour = behaviour;
    },
    switchedOff: () => switchedOff,
    killHost,
    setDuration(value) {
      durationUs = value;
    },
  };
}

const fenceAnswers: Readonly<Record<FenceBehaviour, Omit<FenceResult, 'attempt'>>> = {
  works: { outcome: 'confirmed', verified: true, detail: '' },
  fails: { outcome: 'failed', verified: false, detail: 'power switch refused' },
  hangs: { outcome: 'unknown', verified: false, detail: 'no end in time' },
  lies: { outcome: 'failed', verified: false, detail: 'its status says ON' },
};

interface TwinHost {
  readonly pid: number;
  readonly inventory: Map<string, InventoryEntry>;
  readonly flights: Map<string, Flight>;
  readonly lanes: Map<string, Operation[]>;
  /** Attempts to fence that have not been answered. */
  readonly attempts: Set<number>;
  clockwork: GuardianClockwork;
  acted: boolean;
  silent: boolean;
  spokenTo: boolean;
  beaten: boolean;
  disarm?: () => void;
}

let pids = 0;

function newHost(time: VirtualTime, inventory: readonly InventoryEntry[]): TwinHost {
  pids += 1;
  return {
    pid: pids,
    inventory: new Map(inventory.map((entry) => [keyOf(entry), entry])),
    flights: new Map(),
    lanes: new Map(),
    attempts: new Set(),
    clockwork: { lastBeatUs: time.nowUs(), deadtimeMs: 0, marginMs: 0 },
    acted: false,
    silent: false,
    spokenTo: false,
    beaten: false,
  };
}

function note(inventory: Map<string, InventoryEntry>, operation: Operation, outcome: OperationOutcome): void {
  if (operation.action !== 'start' && operation.action !== 'stop') return;
  if (operation.action === 'stop' && outcome === 'done') return void inventory.delete(keyOf(operation));
  const state = operation.action === 'stop' ? 'stop-failed' : outcome === 'done' ? 'running' : 'unknown';
  inventory.set(keyOf(operation), entryOf(operation, state));
}

function entryOf(operation: Operation, state: InventoryEntry['state']): InventoryEntry {
  return { group: operation.group, index: operation.index, resource: operation.resource, state };
}

function stopOf({ group, index, resource }: InventoryEntry): Operation {
  return { id: -1, group, index, resource, action: 'stop', timeoutMs: 20_000 };
}

function keyOf(item: Pick<Operation, 'group' | 'resource'>): string {
  return `${item.group} ${item.resource.written}`;
}
