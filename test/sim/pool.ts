/**
 * Runs seeds in several processes and gives the results in the order of the seeds, so that what comes of them does not
 * depend on which process was faster. Some seeds are run twice, the second time in another process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { brokenRun, type Result } from './totals.ts';
import type { Done, Job } from './worker.ts';

/** A run that takes longer does not end by itself: something in one step of it goes round and round. */
const stuckMs = 300_000;

export interface PoolOptions {
  readonly jobs: number;
  readonly first: number;
  readonly realMac: boolean;
  readonly repeatEvery: number;
  /** Asked before every seed. */
  readonly goesOn: (seed: number) => boolean;
  /** Called in the order of the seeds; `false`: the rest is not wanted. */
  readonly take: (result: Result) => boolean;
}

export interface PoolOutcome {
  readonly processorS: number;
  readonly repeated: number;
  readonly notRepeatable: readonly number[];
}

export async function runPool(options: PoolOptions): Promise<PoolOutcome> {
  const pool = new Pool(options);
  const lanes = Array.from({ length: options.jobs }, (_, lane) => pool.work(lane));
  await Promise.all(lanes);
  await pool.repeatTheRest(options.jobs);
  return pool.outcome();
}

class Pool {
  readonly #options: PoolOptions;
  #next: number;
  #nextTaken: number;
  #ended = false;
  readonly #ahead = new Map<number, Result>();
  readonly #repeats: { readonly seed: number; readonly lane: number; readonly hash: string }[] = [];
  readonly #notRepeatable: number[] = [];
  #repeated = 0;
  #processorS = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#next = options.first;
    this.#nextTaken = options.first;
  }

  async work(lane: number): Promise<void> {
    const worker = new Worker(this.#options.realMac);
    try {
      for (let seed = this.#nextSeed(); seed !== undefined; seed = this.#nextSeed()) {
        const result = await worker.run(seed);
        if (seed % this.#options.repeatEvery === 0) this.#repeats.push({ seed, lane, hash: hashOf(result) });
        this.#deliver(result);
        await this.#repeatWith(worker, lane);
      }
    } finally {
      this.#processorS += worker.end();
    }
  }

  /** What no other lane was there for. */
  async repeatTheRest(lane: number): Promise<void> {
    if (this.#repeats.length === 0) return;
    const worker = new Worker(this.#options.realMac);
    try {
      await this.#repeatWith(worker, lane);
    } finally {
      this.#processorS += worker.end();
    }
  }

  outcome(): PoolOutcome {
    const notRepeatable = this.#notRepeatable.toSorted((left, right) => left - right);
    return { processorS: this.#processorS, repeated: this.#repeated, notRepeatable };
  }

  async #repeatWith(worker: Worker, lane: number): Promise<void> {
    for (;;) {
      const repeat = this.#repeats.find((candidate) => candidate.lane !== lane);
      if (repeat === undefined) return;
      this.#repeats.splice(this.#repeats.indexOf(repeat), 1);
      const { seed, hash } = repeat;
      this.#repeated++;
      if (hashOf(await worker.run(seed)) !== hash) this.#notRepeatable.push(seed);
    }
  }

  #nextSeed(): number | undefined {
    if (this.#ended || !this.#options.goesOn(this.#next)) return undefined;
    return this.#next++;
  }

  #deliver(result: Result): void {
    this.#ahead.set(result.seed, result);
    for (let next = this.#ahead.get(this.#nextTaken); next !== undefined; next = this.#ahead.get(this.#nextTaken)) {
      this.#ahead.delete(this.#nextTaken++);
      if (!this.#ended && !this.#options.take(next)) this.#ended = true;
    }
  }
}

/** One process; begun anew after it had to be ended. */
class Worker {
  readonly #realMac: boolean;
  #child: ChildProcess | undefined;
  #processorS = 0;
  #ofChildS = 0;

  constructor(realMac: boolean) {
    this.#realMac = realMac;
  }

  run(seed: number): Promise<Result> {
    this.#child ??= startWorker();
    const child = this.#child;
    return new Promise((resolve) => {
      const settle = (result: Result): void => {
        clearTimeout(timer);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        resolve(result);
      };
      const fail = (text: string): void => {
        this.#child = undefined;
        this.#processorS += this.#ofChildS;
        this.#ofChildS = 0;
        settle(brokenRun(seed, 'livelock', text));
      };
      const timer = setTimeout(() => {
        child.removeAllListeners('exit');
        child.kill('SIGKILL');
        fail(`the run has not ended after ${stuckMs / 1000} s`);
      }, stuckMs);
      child.on('message', ({ result, processorS }: Done) => {
        this.#ofChildS = processorS;
        settle(result);
      });
      child.on('exit', (code, signal) => fail(`the simulator's own process ended (${signal ?? code})`));
      const job: Job = { seed, realMac: this.#realMac };
      child.send(job);
    });
  }

  /** Seconds of processor time that it has used. */
  end(): number {
    this.#child?.removeAllListeners();
    this.#child?.disconnect();
    return this.#processorS + this.#ofChildS;
  }
}

function startWorker(): ChildProcess {
  const extension = extname(import.meta.filename);
  return fork(join(import.meta.dirname, `worker${extension}`), {
    // Events and packets are short-lived: a larger nursery spares their being moved about.
    execArgv: [
      '--max-semi-space-size=32',
      '--min-semi-space-size=32',
      ...(extension === '.ts' ? ['--import', 'tsx'] : []),
    ],
  });
}

/** Of everything that a run has come to. */
function hashOf({ hash, hashes, steps }: Result): string {
  return `${hash} ${steps} ${hashes.join(' ')}`;
}
