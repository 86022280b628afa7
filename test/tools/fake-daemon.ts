/**
 * The real control server with fixed answers, in a run directory of its own: what the tools' golden tests talk to.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientAccess } from '../../src/core/client-access.ts';
import type { Problem, Result } from '../../src/core/result.ts';
import { success } from '../../src/core/result.ts';
import { type Caller, type ControlServer, createControlServer } from '../../src/daemon/control/control-server.ts';
import type { ControlLimits } from '../../src/daemon/control/limits.ts';
import type { Verb } from '../../src/protocol/verbs.ts';

export interface FakeDaemon {
  readonly runDir: string;
  readonly server: ControlServer;
  readonly asked: { readonly verb: Verb; readonly args: unknown; readonly who: string }[];
  readonly logged: Problem[];
  readonly faults: unknown[];
  end(): Promise<void>;
}

export type FakeAnswer =
  | Result<unknown>
  | ((args: unknown, caller: Caller) => Promise<Result<unknown>> | AsyncIterable<Result<unknown>>);

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-test-'));
  chmodSync(directory, 0o755);
  return directory;
}

export async function startFakeDaemon(
  answers: Partial<Record<Verb, FakeAnswer>>,
  options: {
    readonly limits?: Partial<ControlLimits>;
    readonly credentials?: (fd: number) => { pid: number; uid: number; gids?: readonly number[] } | undefined;
    readonly access?: ClientAccess;
  } = {},
): Promise<FakeDaemon> {
  const runDir = temporaryDirectory();
  const asked: FakeDaemon['asked'][number][] = [];
  const logged: Problem[] = [];
  const faults: unknown[] = [];
  const started = await createControlServer({
    runDir,
    node: 'node1',
    version: '0.1.0',
    log: { write: (_level, message) => void logged.push(message) },
    fault: (error) => void faults.push(error),
    handle: (verb, args, caller) => {
      asked.push({ verb, args, who: caller.who });
      const answer = answers[verb] ?? success({ state: 'done' });
      return typeof answer === 'function' ? answer(args, caller) : Promise.resolve(answer);
    },
    ...options,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  const end = async () => {
    await started.value.close();
    rmSync(runDir, { recursive: true, force: true });
  };
  return { runDir, server: started.value, asked, logged, faults, end };
}
