/**
 * Runs an administrator's script or a stock OCF agent for one operation: finds the file, asks `status` before an R1 or
 * LSB start (as Heartbeat does), judges the answer. Everything within one deadline.
 */
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '../../core/result.ts';
import type { Operation, OperationOutcome } from '../../ports/agents.ts';
import { agentEnvironment, ocfEnvironment } from './agent-environment.ts';
import { type AgentEnd, type AgentProcess, runAgentProcess } from './agent-process.ts';
import { whyNotCallable } from './agent-reasons.ts';
import type { HostSettings } from './host-messages.ts';
import { lastWords } from './last-words.ts';
import { readOcfParameters } from './ocf-parameters.ts';
import { type AgentFile, findAgentFile } from './script-lookup.ts';
import { judgeStatus, type StatusVerdict } from './script-status.ts';
import { createSystemctl } from './systemctl.ts';
import { runUnit } from './unit-runner.ts';

export interface ScriptResult {
  readonly outcome: OperationOutcome;
  readonly exitCode?: number;
  readonly reason?: string;
  /** There is no agent to call, or it may not be called: it was not run. */
  readonly notCalled?: true;
}

export interface ScriptRun {
  readonly result: Promise<ScriptResult>;
  /** Ends it now, with its process group. */
  kill(): void;
}

const againAfterMs = 100;

interface Agent {
  readonly found: AgentFile;
  readonly environment: Readonly<Record<string, string>>;
  readonly operation: Operation;
}

export function runScript(
  operation: Operation,
  settings: HostSettings,
  token: string,
  statusSeenRunning: boolean,
  started: (pid: number) => void,
): ScriptRun {
  let current: AgentProcess | undefined;
  let killed = false;
  const deadline = performance.now() + operation.timeoutMs;

  /** A machine that cannot make a process now can do so later: neither a start nor a stop is given up before its time. */
  const call: Call = async (agent, action) => {
    for (;;) {
      const end = await callOnce(agent, action);
      const isLast = killed || deadline - performance.now() < againAfterMs;
      if (end.kind !== 'not-started' || !end.passing || operation.action === 'status' || isLast) return end;
      await delay(againAfterMs);
    }
  };

  const callOnce: Call = async (agent, action) => {
    if (killed) return { kind: 'timeout', output: '', errorOutput: '' };
    current = runAgentProcess({
      // `systemctl` is looked for in the PATH of the agents.
      file: agent.found.convention === 'unit' ? 'systemctl' : agent.found.file,
      args: typeof action === 'string' ? argumentsFor(agent, action) : action,
      environment: agent.environment,
      timeoutMs: Math.max(1, deadline - performance.now()),
      started,
    });
    return current.ended;
  };

  return {
    result: perform(operation, settings, token, statusSeenRunning, call),
    kill() {
      killed = true;
      current?.kill();
    },
  };
}

/** `action`: an agent's, or the arguments of another command. */
type Call = (agent: Agent, action: string | readonly string[]) => Promise<AgentEnd>;

async function perform(
  operation: Operation,
  settings: HostSettings,
  token: string,
  statusSeenRunning: boolean,
  call: Call,
): Promise<ScriptResult> {
  const found = findAgentFile(operation.resource, settings);
  if (!found.ok) return notCallable(operation, found.problem);
  const environment = environmentFor(found.value, operation, settings, token);
  if ('problem' in environment) return notCallable(operation, environment.problem);
  const agent: Agent = { found: found.value, environment: environment.variables, operation };
  const { convention } = agent.found;
  if (convention === 'unit')
    return runUnit(
      operation,
      found.value.file,
      createSystemctl((args) => call(agent, args)),
    );
  if (operation.action === 'status') return statusOf(agent, call);
  if (operation.action === 'start' && convention !== 'ocf') {
    const before = await statusOf(agent, call);
    if (before.outcome === 'running') return { outcome: 'done', reason: 'it was running already' };
    if (before.outcome === 'timeout')
      return { ...before, reason: `its status did not answer in time. ${before.reason ?? ''}`.trim() };
  }
  const result = changeOf(operation, await call(agent, operation.action));
  const mayAsk = operation.action === 'stop' && convention !== 'ocf' && statusSeenRunning;
  return mayAsk && result.outcome === 'failed' ? stoppedAllTheSame(agent, result, call) : result;
}

/**
 * Many a script fails to stop what has died already. Heartbeat lets its status decide then; here only a status that has
 * been seen to say "running" while it ran (S9).
 */
async function stoppedAllTheSame(agent: Agent, failed: ScriptResult, call: Call): Promise<ScriptResult> {
  const status = await statusOf(agent, call);
  if (status.outcome !== 'not-running') return failed;
  const said = failed.reason === undefined ? '' : `: ${failed.reason}`;
  return { ...failed, outcome: 'done', reason: `its stop failed, but its status says that it is stopped${said}` };
}

async function statusOf(agent: Agent, call: Call): Promise<ScriptResult> {
  const { convention } = agent.found;
  const end = await call(agent, convention === 'ocf' ? 'monitor' : 'status');
  if (end.kind === 'not-started') return { outcome: 'unknown', reason: end.reason };
  const reason = lastWords(end.output, end.errorOutput);
  if (end.kind === 'timeout') return withReason({ outcome: 'timeout' }, reason);
  if (end.kind === 'signalled') return { outcome: 'unknown', reason: `ended by ${end.signal}` };
  const verdict: StatusVerdict = judgeStatus(convention, end.exitCode, end.output);
  return withReason({ outcome: verdict, exitCode: end.exitCode }, reason);
}

function changeOf(operation: Operation, end: AgentEnd): ScriptResult {
  if (end.kind === 'not-started') return { outcome: 'failed', reason: `it could not be run: ${end.reason}` };
  const reason = lastWords(end.output, end.errorOutput);
  if (end.kind === 'signalled') return { outcome: 'failed', reason: `ended by ${end.signal}` };
  if (end.kind === 'timeout') {
    const said = reason === undefined ? '' : ` Last words: ${reason}`;
    return { outcome: 'timeout', reason: `no end of ${operation.action} within ${operation.timeoutMs} ms.${said}` };
  }
  return withReason({ outcome: end.exitCode === 0 ? 'done' : 'failed', exitCode: end.exitCode }, reason);
}

/** An agent that cannot be called: only a start is certain not to have happened. */
function notCallable(operation: Operation, problem: Problem): ScriptResult {
  const outcome = operation.action === 'status' ? 'unknown' : 'failed';
  return { outcome, reason: whyNotCallable(problem), notCalled: true };
}

function argumentsFor({ found, operation }: Agent, action: string): string[] {
  return found.convention === 'r1' ? [...operation.resource.args, action] : [action];
}

function environmentFor(
  found: AgentFile,
  operation: Operation,
  settings: HostSettings,
  token: string,
): { readonly variables: Record<string, string> } | { readonly problem: Problem } {
  if (found.convention !== 'ocf') return { variables: agentEnvironment(settings, token) };
  const parameters = readOcfParameters(settings.haDir, basename(found.file), operation.resource.args[0] ?? '');
  if (!parameters.ok) return { problem: parameters.problem };
  return { variables: ocfEnvironment(settings, token, operation, parameters.value) };
}

function withReason(result: ScriptResult, reason: string | undefined): ScriptResult {
  return reason === undefined ? result : { ...result, reason };
}
