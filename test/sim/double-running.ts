/** For how long something has really run on both nodes, whatever was promised. Objects to nothing. */
import type { Checker } from './checkers/checker.ts';
import type { World } from './world/world.ts';

export class DoubleRunning {
  readonly observer: Checker = {
    started: (world, node, { written }) => {
      if (world.truth.find(1 - node, written) === undefined) return;
      this.#now.add(written);
      this.#sinceUs ??= world.nowUs;
    },
    stopped: (world, _node, { written }) => {
      if (this.#now.delete(written) && this.#now.size === 0) this.#end(world.nowUs);
    },
  };
  readonly #now = new Set<string>();
  #sinceUs: number | undefined;
  #totalUs = 0;

  totalUs({ nowUs }: World): number {
    return this.#totalUs + (this.#sinceUs === undefined ? 0 : nowUs - this.#sinceUs);
  }

  #end(nowUs: number): void {
    this.#totalUs += nowUs - (this.#sinceUs ?? nowUs);
    this.#sinceUs = undefined;
  }
}
