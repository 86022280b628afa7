/** A worker process: jobs go in one by one; one that does not end, or dies, is replaced by a fresh process. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Job, JobResult } from './worker.ts';

/** No seed takes a tenth of this, also on a machine that is busy with other things. */
const jobTimeoutMs = 60_000;

export class Worker {
  readonly #file: string;
  #child: ChildProcess | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** `hangs` and `dies` are objections like those of a checker. */
  run(job: Job): Promise<JobResult> {
    const child = this.#started();
    return new Promise((resolve) => {
      const timer = setTimeout(() => end({ objection: 'hangs', reached: [] }), jobTimeoutMs);
      const onMessage = (result: unknown): void => end(result as JobResult);
      const onExit = (): void => end({ objection: 'dies', reached: [] });
      const end = (result: JobResult): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        if (result.objection === 'hangs' || result.objection === 'dies') this.end();
        resolve(result);
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(job);
    });
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  #started(): ChildProcess {
    this.#child ??= fork(this.#file, {
      execArgv: ['--max-old-space-size=1024'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return this.#child;
  }
}

/** Runs `work` on each item, `width` at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item, lane: number) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
