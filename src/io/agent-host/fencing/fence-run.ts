/**
 * One call of a device's program, within what is left of the attempt's time. Its environment is made anew, no shell sees
 * a word of it, and secrets go to its standard input or its environment. It runs in a process group of its own, which
 * gets TERM and then KILL when the time is over or when something more urgent must be done with the device.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentEnd, runAgentProcess } from '../agent-process.ts';
import { normalOutOfMemoryScore } from '../oom-score.ts';

export interface FenceCall {
  readonly file: string;
  readonly args: readonly string[];
  /** Beside what every device gets. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs one program after the other for one attempt; what is running when it is ended is killed. */
export interface FenceRun {
  call(call: FenceCall): Promise<AgentEnd>;
  remainingMs(): number;
  isEnded(): boolean;
  /** What runs is killed, and nothing is run any more. */
  end(): void;
}

export interface FenceSurroundings {
  /** Directory for the tools that scripts of cluster-glue expect in their PATH. */
  readonly toolsDir: string;
  /** Marks the processes of this host, so that its successor finds what it left behind. */
  readonly marker: string;
  readonly nowMs: () => number;
}

export const fenceMarker = 'PAIRBEAT_FENCING';
const killAfterMs = 1000;
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/share/cluster-glue';

export function createFenceRun(surroundings: FenceSurroundings, timeoutMs: number): FenceRun {
  const untilMs = surroundings.nowMs() + timeoutMs;
  const remainingMs = (): number => Math.max(0, untilMs - surroundings.nowMs());
  let kill = (): void => undefined;
  let ended = false;
  return {
    remainingMs,
    isEnded: () => ended,
    async call({ file, args, environment, input }) {
      if (ended || remainingMs() === 0) return { kind: 'timeout', output: '', errorOutput: '' };
      const running = runAgentProcess({
        file,
        args,
        environment: { ...environment, ...baseEnvironment(surroundings) },
        timeoutMs: remainingMs(),
        killAfterMs,
        ...(input === undefined ? {} : { input }),
        started: normalOutOfMemoryScore,
      });
      kill = running.kill;
      return running.ended;
    },
    end() {
      ended = true;
      kill();
    },
  };
}

function baseEnvironment({ toolsDir, marker }: FenceSurroundings): Record<string, string> {
  return { PATH: `${toolsDir}:${systemPath}`, LANG: 'C', LC_ALL: 'C', HOME: '/root', [fenceMarker]: marker };
}

/** Scripts of cluster-glue log through `ha_log.sh LEVEL words`: here to their standard error, from where we log. */
const logTool = '#!/bin/sh\nlevel=$1\n[ $# -gt 0 ] && shift\nprintf "%s: %s\\n" "$level" "$*" >&2\n';

export function installTools(toolsDir: string): void {
  const file = join(toolsDir, 'ha_log.sh');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return;
  mkdirSync(toolsDir, { recursive: true, mode: 0o755 });
  writeFileSync(file, logTool, { mode: 0o755 });
}
