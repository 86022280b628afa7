/**
 * Runs own agents in this process. An operation can be cancelled at any moment (a release overtakes it, the deadline
 * passes): from then on everything it touches refuses, so that a start that was waiting cannot configure an address
 * after the release.
 */

import {
  type AgentAnswer,
  type AgentContext,
  type NetworkTools,
  type OwnAgent,
  ocf,
} from '../../../resource-agents/context.ts';
import { ownAgent } from '../../../resource-agents/registry.ts';
import type { Problem, Result } from '../../core/result.ts';
import type { AddressConflict, Operation, OperationOutcome, OperationResult } from '../../ports/agents.ts';
import type { LogLevel } from '../../ports/log.ts';
import { inventoryKey } from './inventory.ts';
import { readOcfParameters } from './ocf-parameters.ts';

export interface OwnRunnerSystem {
  readonly net: NetworkTools;
  nowUs(): number;
  haDir(): string;
  conflictCheck(): boolean;
  log(level: LogLevel, message: Problem): void;
  conflict(conflict: AddressConflict): void;
}

export type OwnResult = Pick<OperationResult, 'outcome' | 'reason' | 'exitCode' | 'announcedUs' | 'conflictWith'> & {
  /** A failed start left nothing behind. */
  readonly gone: boolean;
};

export interface OwnRunner {
  serves(operation: Pick<Operation, 'resource'>): boolean;
  run(operation: Operation): Promise<OwnResult>;
  /** Ends what an operation on the resource left to do later, and what is under way. */
  cancel(operation: Pick<Operation, 'group' | 'resource'>): void;
}

/** Thrown into an agent that is no longer wanted. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

interface Attempt {
  cancelled: boolean;
  readonly timers: Set<NodeJS.Timeout>;
  readonly wake: Set<() => void>;
}

export function createOwnRunner(system: OwnRunnerSystem): OwnRunner {
  const attempts = new Map<string, Attempt>();
  const turns = createTurns();

  const cancel = (operation: Pick<Operation, 'group' | 'resource'>): void => {
    const attempt = attempts.get(inventoryKey(operation));
    if (attempt === undefined) return;
    attempt.cancelled = true;
    for (const timer of attempt.timers) clearTimeout(timer);
    for (const wake of attempt.wake) wake();
    attempts.delete(inventoryKey(operation));
  };

  return {
    serves: (operation) => ownAgent(operation.resource.type) !== undefined,
    cancel,
    async run(operation) {
      const agent = ownAgent(operation.resource.type);
      const parameters = agent === undefined ? undefined : parametersOf(agent, operation, system.haDir());
      if (agent === undefined || parameters === undefined || !parameters.ok)
        return refusedParameters(agent, operation, parameters);
      // Asking and announcing again leave the second and third announcement of a start alone.
      const changes = operation.action === 'start' || operation.action === 'stop';
      if (changes) cancel(operation);
      const attempt: Attempt = { cancelled: false, timers: new Set(), wake: new Set() };
      if (changes) attempts.set(inventoryKey(operation), attempt);
      const context = contextFor(system, operation, parameters.value, attempt, turns);
      return withDeadline(attempt, operation, context, agent);
    },
  };
}

async function withDeadline(
  attempt: Attempt,
  operation: Operation,
  context: AgentContext,
  agent: OwnAgent,
): Promise<OwnResult> {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    attempt.cancelled = true;
    for (const wake of attempt.wake) wake();
  }, operation.timeoutMs);
  try {
    const answer = await invoke(agent, operation, context);
    const gone = operation.action === 'start' && answer.exitCode !== ocf.success && (await leftNothing(agent, context));
    return { ...resultOf(operation, answer), gone };
  } catch (error) {
    // A fault of the agent, not of the resource: its caller may be a release, which must come to its end.
    if (!(error instanceof Cancelled))
      return { outcome: 'failed', reason: `fault in the agent: ${error}`, gone: false };
    return { outcome: timedOut ? 'timeout' : 'failed', reason: 'cancelled', gone: false };
  } finally {
    clearTimeout(timer);
  }
}

function invoke(agent: OwnAgent, operation: Operation, context: AgentContext): Promise<AgentAnswer> {
  return operation.action === 'status' ? agent.monitor(context) : agent[operation.action](context);
}

async function leftNothing(agent: OwnAgent, context: AgentContext): Promise<boolean> {
  return (await agent.monitor(context)).exitCode === ocf.notRunning;
}

function resultOf(operation: Operation, answer: AgentAnswer): Omit<OwnResult, 'gone'> {
  const { exitCode, reason, announcedUs, conflictWith } = answer;
  return {
    outcome: outcomeOf(operation, exitCode),
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    ...(announcedUs === undefined ? {} : { announcedUs }),
    ...(conflictWith === undefined ? {} : { conflictWith }),
  };
}

function outcomeOf(operation: Operation, exitCode: number): OperationOutcome {
  if (neverStarted(operation, exitCode)) return 'done';
  if (operation.action !== 'status') return exitCode === ocf.success ? 'done' : 'failed';
  if (exitCode === ocf.success) return 'running';
  return exitCode === ocf.notRunning ? 'not-running' : 'failed';
}

/**
 * A stop that is refused for the words of the resource, `300.1.1.1` say: no start can have succeeded with the same words,
 * and a failed stop would keep the whole group where it is. OCF parameters are read from a file each time, which may
 * have said something else at the start.
 */
function neverStarted({ action, resource }: Operation, exitCode: number): boolean {
  return action === 'stop' && resource.kind === 'script' && exitCode === ocf.configured;
}

export function parametersOf(
  agent: OwnAgent,
  operation: Operation,
  haDir: string,
): Result<Readonly<Record<string, string>>> {
  const { resource } = operation;
  if (resource.kind === 'script') return agent.parametersFromArguments(resource.args);
  return readOcfParameters(haDir, resource.type, resource.args[0] ?? '');
}

function refusedParameters(
  agent: OwnAgent | undefined,
  operation: Operation,
  parameters: Result<unknown> | undefined,
): OwnResult {
  const problem = parameters?.ok === false ? parameters.problem : undefined;
  const reason = problem === undefined ? 'no such agent' : (agent?.explain(problem) ?? problem.code);
  return { outcome: outcomeOf(operation, ocf.configured), exitCode: ocf.configured, reason, gone: true };
}

function contextFor(
  system: OwnRunnerSystem,
  operation: Operation,
  parameters: Readonly<Record<string, string>>,
  attempt: Attempt,
  turns: Turns,
): AgentContext {
  return {
    parameters,
    careful: operation.careful === true,
    conflictCheck: system.conflictCheck(),
    net: refusingWhenCancelled(system.net, attempt),
    exclusive: turns,
    nowUs: system.nowUs,
    sleep: (milliseconds) => sleep(milliseconds, attempt),
    background(delayMs, task) {
      const timer = setTimeout(() => void runLater(attempt, task, system), delayMs);
      attempt.timers.add(timer);
    },
    log: (level, problem) => system.log(level, problem),
    conflict(hardwareAddress) {
      const { id, group, resource } = operation;
      system.conflict({ operationId: id, group, resource, hardwareAddress });
    },
  };
}

async function runLater(attempt: Attempt, task: () => void | Promise<void>, system: OwnRunnerSystem): Promise<void> {
  if (attempt.cancelled) return;
  try {
    await task();
  } catch (error) {
    if (!(error instanceof Cancelled))
      system.log('error', { code: 'agent-background-failed', fields: { reason: String(error) } });
  }
}

type Turns = AgentContext['exclusive'];

/** One after another, in the order of asking; a failure of one does not stop the next. */
function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function sleep(milliseconds: number, attempt: Attempt): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      attempt.wake.delete(finish);
      if (attempt.cancelled) reject(new Cancelled());
      else resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    attempt.wake.add(finish);
  });
}

function refusingWhenCancelled(net: NetworkTools, attempt: Attempt): NetworkTools {
  const guarded =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Value) =>
    (...args: Args): Value => {
      if (attempt.cancelled) throw new Cancelled();
      return call(...args);
    };
  return {
    links: guarded(net.links),
    addresses: guarded(net.addresses),
    routes: guarded(net.routes),
    addAddress: guarded(net.addAddress),
    deleteAddress: guarded(net.deleteAddress),
    setLinkUp: guarded(net.setLinkUp),
    announce: guarded(net.announce),
    probe: guarded(net.probe),
  };
}
