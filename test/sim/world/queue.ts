/**
 * What will happen, ordered by time; what happens at the same instant comes in an order drawn from the seed, so that no
 * order is relied on. A binary heap.
 */
export interface Planned {
  readonly atUs: number;
  readonly tie: number;
  readonly run: () => void;
  cancelled: boolean;
}

export class EventQueue {
  readonly #heap: Planned[] = [];
  readonly #tie: () => number;

  /** `tie` decides among equal times; a constant keeps the order of planning for short heaps only. */
  constructor(tie: () => number) {
    this.#tie = tie;
  }

  plan(atUs: number, run: () => void, tie: number = this.#tie()): Planned {
    const planned: Planned = { atUs, tie, run, cancelled: false };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(planned);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(planned, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = planned;
    return planned;
  }

  /** The next event that was not cancelled, if it is due by then. */
  take(untilUs: number): Planned | undefined {
    const heap = this.#heap;
    while (heap.length > 0 && heap[0]!.atUs <= untilUs) {
      const first = this.#removeFirst();
      if (!first.cancelled) return first;
    }
    return undefined;
  }

  #removeFirst(): Planned {
    const heap = this.#heap;
    const first = heap[0]!;
    const moved = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
    return first;
  }
}

function isBefore(left: Planned, right: Planned): boolean {
  return left.atUs < right.atUs || (left.atUs === right.atUs && left.tie < right.tie);
}
