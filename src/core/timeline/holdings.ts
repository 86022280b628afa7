/** From when to when a resource ran on a node, by the answers of its agents. */
import type { InventoryEntry } from '../agents.ts';
import type { Microseconds } from '../types.ts';

export interface HeldSpan {
  readonly resource: string;
  readonly fromUs: Microseconds;
  readonly toUs: Microseconds;
  /**
   * `stopped`: its agent said so. `guardian`: the guardian let go of it, at the latest then. `ends`: the journal knows no
   * more (the daemon or the machine died, or it runs now).
   */
  readonly end: 'stopped' | 'guardian' | 'ends';
}

export class Holdings {
  readonly #open = new Map<string, Microseconds>();
  readonly #spans: HeldSpan[] = [];

  /** Serves from then on: a resource that announces itself from its announcement, any other when its agent says so. */
  started(resource: string, us: Microseconds): void {
    if (!this.#open.has(resource)) this.#open.set(resource, us);
  }

  stopped(resource: string, us: Microseconds): void {
    this.#close(resource, us, 'stopped');
  }

  /** A daemon begins and finds these running. What it does not find has been let go of at some time before. */
  adopt(running: readonly string[], us: Microseconds): void {
    for (const resource of [...this.#open.keys()])
      if (!running.includes(resource)) this.#close(resource, us, 'guardian');
    for (const resource of running) this.started(resource, us);
  }

  guardian(left: readonly InventoryEntry[], us: Microseconds): void {
    const kept = left.filter(({ state }) => state !== 'unknown').map(({ resource }) => resource.written);
    for (const resource of [...this.#open.keys()]) if (!kept.includes(resource)) this.#close(resource, us, 'guardian');
  }

  exit(us: Microseconds, keepHost: boolean): void {
    if (!keepHost) for (const resource of [...this.#open.keys()]) this.#close(resource, us, 'stopped');
  }

  end(us: Microseconds): HeldSpan[] {
    for (const resource of [...this.#open.keys()]) this.#close(resource, us, 'ends');
    return this.#spans;
  }

  #close(resource: string, toUs: Microseconds, end: HeldSpan['end']): void {
    const fromUs = this.#open.get(resource);
    if (fromUs === undefined) return;
    this.#open.delete(resource);
    this.#spans.push({ resource, fromUs, toUs: Math.max(fromUs, toUs), end });
  }
}
