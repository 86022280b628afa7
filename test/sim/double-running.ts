/** For how long something has really run on both nodes, whatever was promised. Objects to nothing. */
import type { Checker } from './checkers/checker.ts';
import type { World } from './world/world.ts';

export interface Overlap {
  readonly us: number;
  /** The part of it that began after a device or an operator had said of one of them that it is off, which was not true. */
  readonly onFalseWordUs: number;
}

export class DoubleRunning {
  readonly observer: Checker = {
    started: (world, node, { written }) => {
      if (world.truth.find(1 - node, written) === undefined) return;
      this.#now.add(written);
      this.#since ??= { us: world.nowUs, onFalseWord: world.machines.some((each) => world.fences.isLiedAbout(each)) };
    },
    stopped: (world, _node, { written }) => {
      if (!this.#now.delete(written) || this.#now.size > 0) return;
      this.#total = this.total(world);
      this.#since = undefined;
    },
  };
  readonly #now = new Set<string>();
  #since: { readonly us: number; readonly onFalseWord: boolean } | undefined;
  #total: Overlap = { us: 0, onFalseWordUs: 0 };

  total({ nowUs }: World): Overlap {
    if (this.#since === undefined) return this.#total;
    const { us, onFalseWordUs } = this.#total;
    const lastUs = nowUs - this.#since.us;
    return { us: us + lastUs, onFalseWordUs: onFalseWordUs + (this.#since.onFalseWord ? lastUs : 0) };
  }
}
