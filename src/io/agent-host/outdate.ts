/**
 * `drbdadm outdate RESOURCE` for the other node's dopd. The core has checked the name; it is an argument of its own and
 * no shell sees it.
 */
import type { OutdateCall } from '../../ports/agents.ts';
import { agentEnvironment } from './agent-environment.ts';
import { runAgentProcess } from './agent-process.ts';
import type { HostSettings } from './host-messages.ts';
import { normalOutOfMemoryScore } from './oom-score.ts';

/** DRBD's own patience with its handlers is about as long. */
const timeoutMs = 60_000;

/** The exit code; undefined when it did not run to its end. */
export async function runOutdate({ resource }: OutdateCall, settings: HostSettings): Promise<number | undefined> {
  const end = await runAgentProcess({
    file: 'drbdadm',
    args: ['outdate', resource],
    environment: agentEnvironment(settings, 'outdate'),
    timeoutMs,
    started: normalOutOfMemoryScore,
  }).ended;
  return end.kind === 'exited' ? end.exitCode : undefined;
}
