/**
 * The disk of one simulated node under the product's own file procedures (src/io/plain-files.ts): the same steps in the same order,
 * each in its own time, on the pessimistic platter of the simulator. The plug can be pulled, and the process killed, between any two.
 */
import type { Result } from '../../src/core/result.ts';
import type { FileAnswer, FileProcedure, FileStep } from '../../src/io/file-procedure.ts';
import type { Draw } from '../sim/world/draw.ts';
import { fileError, Platter } from '../sim/world/platter.ts';

export const failures = ['ENOSPC', 'EIO at fsync', 'EIO at the directory', 'EROFS'] as const;
export type Failing = (typeof failures)[number];

export class StoreDisk {
  readonly platter = new Platter();
  /** Probability that one operation fails, and factor on its time. */
  fails = 0;
  slowness = 1;
  /** The next so many operations fail in this way. */
  failNext: { readonly how: Failing; count: number } | undefined;
  /** Called before each step; `true` stops everything there. */
  isCut: () => boolean = () => false;
  readonly #draw: Draw;
  readonly #plan: (delayUs: number, run: () => void) => void;

  constructor(draw: Draw, plan: (delayUs: number, run: () => void) => void) {
    this.#draw = draw;
    this.#plan = plan;
  }

  /** Takes the steps; `isOver`: whoever wanted it is gone. */
  run<Value>(
    procedure: FileProcedure<Result<Value>>,
    isOver: () => boolean,
    then: (result: Result<Value>) => void,
  ): void {
    const failing = this.#failing();
    const go = (resume: () => IteratorResult<FileStep, Result<Value>>): void => {
      const next = resume();
      if (next.done === true) return then(next.value);
      const step = next.value;
      if (this.isCut()) return;
      if (step.do === 'writeSynced' && failing !== 'EROFS') this.platter.write(step.path, step.bytes);
      this.#plan(this.#timeOf(step), () => {
        if (isOver() || this.isCut()) return;
        go(() => this.#resume(procedure, step, failing));
      });
    };
    go(() => procedure.next());
  }

  #failing(): Failing | undefined {
    const planned = this.failNext;
    if (planned !== undefined && planned.count > 0) {
      planned.count -= 1;
      return planned.how;
    }
    return this.#draw.chance(this.fails) ? this.#draw.pick(failures) : undefined;
  }

  #timeOf(step: FileStep): number {
    const [low, high] = step.do === 'writeSynced' ? [500, 8000] : step.do === 'syncDirectory' ? [300, 4000] : [5, 50];
    return Math.round(this.#draw.between(low!, high!) * this.slowness);
  }

  #resume<Value>(
    procedure: FileProcedure<Value>,
    step: FileStep,
    failing: Failing | undefined,
  ): IteratorResult<FileStep, Value> {
    let answer: FileAnswer;
    try {
      answer = this.#take(step, failing);
    } catch (error) {
      return procedure.throw(error);
    }
    return procedure.next(answer);
  }

  #take(step: FileStep, failing: Failing | undefined): FileAnswer {
    const { platter } = this;
    if (failing === 'EROFS' && step.do !== 'read') throw fileError('EROFS');
    switch (step.do) {
      case 'read':
        return platter.read(step.path, step.limitBytes);
      case 'writeSynced':
        if (failing === 'ENOSPC') {
          platter.write(step.path, step.bytes.slice(0, step.bytes.length >> 1));
          throw fileError('ENOSPC');
        }
        if (failing === 'EIO at fsync') {
          platter.loseUnsynced(step.path, this.#draw);
          throw fileError('EIO');
        }
        platter.sync(step.path);
        return undefined;
      case 'rename':
        platter.rename(step.from, step.to);
        return undefined;
      case 'remove':
        platter.remove(step.path);
        return undefined;
      case 'syncDirectory':
        if (failing === 'EIO at the directory') throw fileError('EIO');
        platter.syncDirectory(step.path);
        return undefined;
    }
  }
}
