/**
 * Takes operations in, gives results out. Operations on one resource run one after another, resources run beside each
 * other, and no more than a few processes at a time. Own agents run in this process and wait for nobody.
 */

import type { Operation, OperationResult } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HostSettings } from './host-messages.ts';
import { type Inventory, inventoryKey } from './inventory.ts';
import { normalOutOfMemoryScore } from './oom-score.ts';
import type { OwnResult, OwnRunner } from './own-runner.ts';
import { processRecord } from './process-identity.ts';
import { runScript, type ScriptResult, type ScriptRun } from './script-runner.ts';

export interface ExecutorSystem {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly own: OwnRunner;
  settings(): HostSettings;
  /** Prefix that makes operation tokens unique beyond this process. */
  readonly tokenPrefix: string;
}

export type Answer = (result: OperationResult) => void;

export interface Executor {
  submit(operation: Operation, answer: Answer): void;
  /** Overtakes everything else on these resources; own agents only. */
  release(operations: readonly Operation[], answer: Answer): void;
  /** Drops what waits and kills what runs (`releaseAll` of own agents goes first, it is quicker). */
  killInFlight(): void;
  isBusy(): boolean;
}

interface Waiting {
  readonly operation: Operation;
  readonly answer: Answer;
}

interface Lane {
  readonly waiting: Waiting[];
  current?: Current;
}

interface Current {
  readonly operation: Operation;
  /** The resource was held already as this operation began. */
  readonly heldBefore: boolean;
  script?: ScriptRun;
  /** A release has overtaken it. */
  superseded: boolean;
  /** Why what still waits for a process must not run any more: the guardian has acted (S2), or a change goes first. */
  cancelled: string | undefined;
}

const maximumProcesses = 8;
/** Bounds a mad caller; a real daemon has at most one operation a resource outstanding. */
const maximumWaiting = 64;
const byGuardian = 'stopped by the guardian';
const byChange = 'overtaken by a start or a stop';

export function createExecutor(system: ExecutorSystem): Executor {
  const lanes = new Map<string, Lane>();
  const slots = createSlots(maximumProcesses);
  let tokens = 0;

  const laneOf = (operation: Operation): Lane => {
    const key = inventoryKey(operation);
    const lane = lanes.get(key) ?? { waiting: [] };
    lanes.set(key, lane);
    return lane;
  };

  const advance = async (lane: Lane, key: string): Promise<void> => {
    if (lane.current !== undefined) return;
    for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) {
      await perform(lane, next);
    }
    lanes.delete(key);
  };

  const perform = async (lane: Lane, { operation, answer }: Waiting): Promise<void> => {
    const heldBefore = system.inventory.holds(operation);
    const current: Current = { operation, heldBefore, superseded: false, cancelled: undefined };
    lane.current = current;
    const startedUs = system.clock.nowUs();
    tokens += 1;
    const token = `${system.tokenPrefix}.${tokens}`;
    const records = operation.action !== 'announce' && !(operation.action === 'status' && system.own.serves(operation));
    if (records) system.inventory.begin(operation, token);
    const { gone, ...result } = await answered(operation, () => carryOut(current, operation, token));
    if (records && !current.superseded) system.inventory.end(operation, result.outcome, gone);
    delete lane.current;
    answer({ id: operation.id, ...result, startedUs, finishedUs: system.clock.nowUs() });
  };

  const carryOut = async (current: Current, operation: Operation, token: string): Promise<OwnResult> => {
    if (system.own.serves(operation)) return system.own.run(operation);
    if (operation.action === 'announce') return { outcome: 'done', gone: false } as const;
    await slots.take();
    try {
      if (current.superseded) return { outcome: 'failed', reason: 'superseded', gone: false } as const;
      if (current.cancelled !== undefined)
        return { ...notRun(operation, current.cancelled), gone: !current.heldBefore };
      const proven = system.inventory.statusSeenRunning(operation);
      current.script = runScript(operation, system.settings(), token, proven, (pid) => {
        const startTime = processRecord(pid)?.startTime ?? 0;
        normalOutOfMemoryScore(pid);
        system.inventory.processStarted(operation, token, { pid, startTime });
      });
      return withoutAgent(current, await current.script.result);
    } finally {
      slots.give();
    }
  };

  const refuseWaiting = (lane: Lane, reason: string): void => {
    for (const { operation, answer } of lane.waiting.splice(0)) answer(refusal(system.clock, operation, reason));
  };

  /** Nobody waits for a script's status that is asked now and then: what changes the resource goes first. */
  const overtakeStatus = (lane: Lane): void => {
    const statuses = lane.waiting.filter(({ operation }) => operation.action === 'status');
    lane.waiting.splice(0, lane.waiting.length, ...lane.waiting.filter((each) => !statuses.includes(each)));
    for (const { operation, answer } of statuses) answer(refusal(system.clock, operation, byChange));
    if (lane.current?.operation.action === 'status') cancel(lane.current, byChange);
  };

  const cancel = (current: Current, reason: string): void => {
    current.cancelled = reason;
    current.script?.kill();
  };

  return {
    submit(operation, answer) {
      const lane = laneOf(operation);
      const changes = operation.action === 'start' || operation.action === 'stop';
      if (changes && !system.own.serves(operation)) overtakeStatus(lane);
      if (lane.waiting.length >= maximumWaiting)
        return answer(refusal(system.clock, operation, 'too many operations are waiting'));
      lane.waiting.push({ operation, answer });
      void advance(lane, inventoryKey(operation));
    },

    release(operations, answer) {
      for (const operation of operations) {
        const lane = laneOf(operation);
        refuseWaiting(lane, 'overtaken by a release');
        // What is under way can no longer touch the network, and must not write its end over that of the release.
        if (lane.current !== undefined) lane.current.superseded = true;
        system.own.cancel(operation);
        void releaseOne(lane, operation, answer);
      }
    },

    killInFlight() {
      for (const lane of lanes.values()) {
        refuseWaiting(lane, byGuardian);
        if (lane.current === undefined) continue;
        cancel(lane.current, byGuardian);
      }
    },

    isBusy: () => lanes.size > 0,
  };

  async function releaseOne(lane: Lane, operation: Operation, answer: Answer): Promise<void> {
    const startedUs = system.clock.nowUs();
    const overtook = lane.current !== undefined;
    const { gone, ...result } = await answered(operation, () => system.own.run(operation));
    system.inventory.end(operation, result.outcome, gone);
    answer({ id: operation.id, ...result, startedUs, finishedUs: system.clock.nowUs() });
    // A command that was already running (fallback without netlink) may have configured the address after all.
    if (overtook) lane.waiting.unshift({ operation, answer: () => undefined });
    void advance(lane, inventoryKey(operation));
  }
}

function refusal(clock: Clock, operation: Operation, reason: string): OperationResult {
  const nowUs = clock.nowUs();
  return { id: operation.id, ...notRun(operation, reason), startedUs: nowUs, finishedUs: nowUs };
}

function notRun(operation: Operation, reason: string): Pick<OperationResult, 'outcome' | 'reason'> {
  return { outcome: operation.action === 'status' ? 'unknown' : 'failed', reason };
}

/** A fault in one operation is that operation's failure: everything else here must go on, above all releases. */
async function answered(operation: Operation, work: () => Promise<OwnResult>): Promise<OwnResult> {
  try {
    return await work();
  } catch (error) {
    return { ...notRun(operation, `fault in the agent host: ${String(error)}`), gone: false };
  }
}

interface Slots {
  take(): Promise<void> | undefined;
  give(): void;
}

function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    take() {
      if (free > 0) {
        free -= 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    give() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

/**
 * An agent that could not be called started nothing: the resource is not held, and a stop of what is not held has
 * nothing to do. A missing agent of something that runs is another matter: that stop has failed (S9).
 */
function withoutAgent(
  { operation, heldBefore }: Current,
  { notCalled, ...result }: ScriptResult,
): Omit<ScriptResult, 'notCalled'> & { readonly gone: boolean } {
  if (notCalled === undefined || heldBefore) return { ...result, gone: false };
  return { ...result, outcome: operation.action === 'stop' ? 'done' : result.outcome, gone: true };
}
