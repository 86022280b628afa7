/** A worker process: jobs go in one by one; one that does not end, or dies, is replaced by a fresh process. */
import { type ChildProcess, fork } from 'node:child_process';
import type { JobResult } from './worker.ts';

export interface WorkerOptions {
  /** No job takes a tenth of this, also on a machine that is busy with other things. */
  readonly timeoutMs: number;
  /** Its first message says that it can take jobs. */
  readonly saysReady?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

export class Worker<Job extends object> {
  readonly #file: string;
  readonly #options: WorkerOptions;
  #child: ChildProcess | undefined;
  #ready: Promise<void> = Promise.resolve();

  constructor(file: string, options: WorkerOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** `hangs` and `dies` are objections like those of a checker. */
  async run(job: Job): Promise<JobResult> {
    const child = this.#started();
    await this.#ready;
    return new Promise((resolve) => {
      const timer = setTimeout(() => end({ objection: 'hangs', reached: [] }), this.#options.timeoutMs);
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
    if (this.#child !== undefined) return this.#child;
    const child = fork(this.#file, {
      execArgv: ['--max-old-space-size=1024'],
      env: { ...process.env, ...this.#options.variables },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    if (this.#options.saysReady === true)
      this.#ready = new Promise((resolve, reject) => {
        child.once('message', () => resolve());
        child.once('exit', (code) => reject(new Error(`${this.#file} ends with status ${code}`)));
      });
    return child;
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
