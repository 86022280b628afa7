/**
 * Who holds what, since when, and when two nodes did at once. Pure: the watcher feeds it with what the kernel says, and
 * the same class counts in the unit test.
 *
 * A node holds a resource from the instant at which the kernel has it (an address configured, a process that exists)
 * until the instant at which the kernel has it no more. A frozen process still exists, and a frozen machine still
 * answers for its address: both are holders. Only power that is off ends a holding by itself.
 */
export interface HoldingSpell {
  readonly resource: string;
  readonly node: string;
  readonly fromUs: number;
  /** Absent while it lasts. */
  readonly toUs?: number;
}

export interface OverlapSpell {
  readonly resource: string;
  readonly nodes: readonly string[];
  readonly fromUs: number;
  readonly toUs: number;
  /** The part of it in which no holder was stopped by a signal, as the watcher's polls saw it. */
  readonly awakeMs: number;
}

type Open = { fromUs: number; nodes: string[]; awakeUs: number };

/** More spells than a round can have; the oldest go. */
const spellsMax = 50_000;

export class Holdings {
  private readonly held = new Map<string, Map<string, { fromUs: number; count: number }>>();
  private readonly open = new Map<string, Open>();
  private readonly spells: HoldingSpell[] = [];
  private readonly overlaps: OverlapSpell[] = [];

  /** One more holder (an address on a device, a process) of a node. */
  begin(resource: string, node: string, atUs: number): void {
    const holders = this.holders(resource);
    const known = holders.get(node);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    holders.set(node, { fromUs: atUs, count: 1 });
    if (holders.size < 2) return;
    const open = this.open.get(resource);
    if (open === undefined) this.open.set(resource, { fromUs: atUs, nodes: [...holders.keys()].sort(), awakeUs: 0 });
    else open.nodes = [...new Set([...open.nodes, node])].sort();
  }

  end(resource: string, node: string, atUs: number): void {
    const holders = this.holders(resource);
    const known = holders.get(node);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    holders.delete(node);
    this.spells.push({ resource, node, fromUs: known.fromUs, toUs: atUs });
    if (this.spells.length > spellsMax) this.spells.shift();
    if (holders.size < 2) this.close(resource, atUs);
  }

  /** The power of a node is off: it holds nothing any more. */
  endAll(node: string, atUs: number): void {
    for (const [resource, holders] of this.held) {
      const known = holders.get(node);
      if (known === undefined) continue;
      known.count = 1;
      this.end(resource, node, atUs);
    }
  }

  /** Overlaps that go on; a poll that finds every holder awake says so with `addAwake`. */
  openOverlaps(): readonly { readonly resource: string; readonly nodes: readonly string[] }[] {
    return [...this.open.keys()].map((resource) => ({ resource, nodes: [...this.holders(resource).keys()] }));
  }

  addAwake(resource: string, durationUs: number): void {
    const open = this.open.get(resource);
    if (open !== undefined) open.awakeUs += durationUs;
  }

  nodesOf(resource: string): string[] {
    return [...this.holders(resource).keys()].sort();
  }

  /** Ended ones, then those that still last. */
  holdingSpells(): HoldingSpell[] {
    const lasting = [...this.held].flatMap(([resource, holders]) =>
      [...holders].map(([node, { fromUs }]) => ({ resource, node, fromUs })),
    );
    return [...this.spells, ...lasting];
  }

  overlapSpells(nowUs: number): OverlapSpell[] {
    const lasting = [...this.open].map(([resource, open]) => overlapOf(resource, open, nowUs));
    return [...this.overlaps, ...lasting];
  }

  private close(resource: string, atUs: number): void {
    const open = this.open.get(resource);
    if (open === undefined) return;
    this.open.delete(resource);
    this.overlaps.push(overlapOf(resource, open, atUs));
    if (this.overlaps.length > spellsMax) this.overlaps.shift();
  }

  private holders(resource: string): Map<string, { fromUs: number; count: number }> {
    let holders = this.held.get(resource);
    if (holders === undefined) {
      holders = new Map();
      this.held.set(resource, holders);
    }
    return holders;
  }
}

function overlapOf(resource: string, open: Open, toUs: number): OverlapSpell {
  const awakeMs = Math.min(open.awakeUs, toUs - open.fromUs) / 1000;
  return { resource, nodes: open.nodes, fromUs: open.fromUs, toUs, awakeMs };
}
