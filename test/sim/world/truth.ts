/**
 * What really runs where: the ground truth that the nodes only have opinions about. A resource counts as running from
 * the moment its start begins until its stop has succeeded, which is the worst case that an agent allows.
 */
import type { StartEvidence } from '../../../src/core/ownership.ts';

export interface Instance {
  readonly group: string;
  readonly index: number;
  /** What it is, whatever group and place it is started as. */
  readonly written: string;
  readonly isAddress: boolean;
  readonly sinceUs: number;
  /** What the start was permitted on; `undefined` for what a scenario put there by hand. */
  readonly evidence: StartEvidence['kind'] | undefined;
  /** Started on silence alone, and the two nodes have not agreed about it since: double running is not ruled out. */
  unprotected: boolean;
}

export class Truth {
  readonly #running: readonly [Map<string, Instance>, Map<string, Instance>] = [new Map(), new Map()];
  /** The last of each, also when it has ended: a part that is restarted in place is what it was. */
  readonly #last: readonly [Map<string, Instance>, Map<string, Instance>] = [new Map(), new Map()];
  /** Called for every change, before anything else happens. */
  onStarted: (node: number, instance: Instance) => void = () => {};
  onStopped: (node: number, instance: Instance) => void = () => {};

  start(node: number, instance: Instance): void {
    const key = instance.written;
    if (this.#running[node]!.has(key)) return;
    this.#running[node]!.set(key, instance);
    this.#last[node]!.set(key, instance);
    this.onStarted(node, instance);
  }

  stop(node: number, written: string): void {
    const instance = this.#running[node]!.get(written);
    if (instance === undefined) return;
    this.#running[node]!.delete(written);
    this.onStopped(node, instance);
  }

  last(node: number, written: string): Instance | undefined {
    return this.#last[node]!.get(written);
  }

  /** Power is gone. */
  clear(node: number): void {
    for (const instance of [...this.#running[node]!.values()]) this.stop(node, instance.written);
  }

  find(node: number, written: string): Instance | undefined {
    return this.#running[node]!.get(written);
  }

  all(node: number): IterableIterator<Instance> {
    return this.#running[node]!.values();
  }

  ofGroup(node: number, group: string): Instance[] {
    return [...this.#running[node]!.values()].filter((instance) => instance.group === group);
  }
}
