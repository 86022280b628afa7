/**
 * Runs the administrator's hooks (rc.d) one after another, beside whatever agents do: a hook that takes its time holds
 * up other hooks and nothing else. What becomes of a hook is logged; it never has a consequence for a resource.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '../../core/result.ts';
import type { HookCall } from '../../ports/agents.ts';
import type { LogLevel } from '../../ports/log.ts';
import { agentEnvironment } from './agent-environment.ts';
import { type AgentEnd, runAgentProcess } from './agent-process.ts';
import type { HostSettings } from './host-messages.ts';
import { lastWords } from './last-words.ts';
import { normalOutOfMemoryScore } from './oom-score.ts';

export interface HookRunner {
  submit(call: HookCall, ended?: () => void): void;
  /** Resolves when nothing runs and nothing waits, or when the time is over. At once if there is nothing. */
  idleWithin(milliseconds: number): Promise<void>;
}

/** Hooks that may wait. A takeover is told in less than ten events. */
export const hooksWaitingMax = 64;
const idlePollMs = 20;

export function createHookRunner(
  settings: () => HostSettings,
  log: (level: LogLevel, message: Problem) => void,
): HookRunner {
  const waiting: { readonly call: HookCall; readonly ended: (() => void) | undefined }[] = [];
  let running = false;

  const advance = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      report(next.call, await runHook(next.call, settings()), log);
      next.ended?.();
    }
    running = false;
  };

  return {
    submit(call, ended) {
      if (waiting.length >= hooksWaitingMax) {
        log('warning', { code: 'hook-dropped', fields: { hook: call.file, limit: hooksWaitingMax } });
        ended?.();
        return;
      }
      waiting.push({ call, ended });
      void advance();
    },
    async idleWithin(milliseconds) {
      for (let waitedMs = 0; running && waitedMs < milliseconds; waitedMs += idlePollMs) await delay(idlePollMs);
    },
  };
}

function runHook(call: HookCall, settings: HostSettings): Promise<AgentEnd> {
  return runAgentProcess({
    file: call.file,
    args: call.args,
    environment: { ...agentEnvironment(settings, 'hook'), ...call.environment },
    timeoutMs: call.timeoutMs,
    started: normalOutOfMemoryScore,
  }).ended;
}

function report(call: HookCall, end: AgentEnd, log: (level: LogLevel, message: Problem) => void): void {
  const hook = call.file;
  if (end.kind === 'exited' && end.exitCode === 0) return log('debug', { code: 'hook-done', fields: { hook } });
  const said = end.kind === 'not-started' ? end.reason : (lastWords(end.output, end.errorOutput) ?? '');
  const how =
    end.kind === 'exited'
      ? `exit code ${end.exitCode}`
      : end.kind === 'signalled'
        ? `ended by ${end.signal}`
        : end.kind === 'timeout'
          ? `no end within ${call.timeoutMs} ms, killed`
          : 'it could not be run';
  log('warning', { code: 'hook-failed', fields: { hook, how, said } });
}
