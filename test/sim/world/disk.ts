/** What survives on one machine, and how long it takes to get it there. */
import type { UnmanagedGroup } from '../../../src/core/haresources/unmanage.ts';
import type { PersistedPeer } from '../../../src/core/transport/state.ts';
import type { NodeName } from '../../../src/core/types.ts';
import type { Machine } from './machine.ts';

export interface DiskFaults {
  /** Factor on the usual time. */
  slowness: number;
  fails: number;
}

export class SimDisk {
  readonly faults: DiskFaults = { slowness: 1, fails: 0 };
  generation = 0;
  peers: PersistedPeer[] = [];
  readonly files = new Map<string, string>();
  readonly #machine: Machine;
  #busyUntilUs = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A daemon that cannot write its generation does not start: here it always can. */
  nextGeneration(): number {
    return ++this.generation;
  }

  /**
   * Applies `change` once it is durable; `then` learns whether it worked. One write at a time. A power cut or the death
   * of the daemon before that loses it.
   */
  write(change: () => void, then: (ok: boolean) => void): void {
    const machine = this.#machine;
    const { setup, diskDraw } = machine.world;
    const { boots, daemon } = machine;
    const [low, high] = setup.diskUs;
    const tookUs = Math.round(diskDraw.between(low, high) * this.faults.slowness);
    const fails = diskDraw.chance(this.faults.fails);
    if (fails) machine.world.sometimes.count('disk write failed');
    const { nowUs } = machine.world;
    this.#busyUntilUs = Math.max(this.#busyUntilUs, nowUs) + tookUs;
    machine.world.plan(this.#busyUntilUs - nowUs, () =>
      machine.runUnlessFrozen(() => {
        if (machine.boots !== boots || machine.daemon !== daemon) return;
        if (!fails) change();
        then(!fails);
      }),
    );
  }

  /** A new process: what the old one still wanted to write is nobody's business any more. */
  reopen(): void {
    this.#busyUntilUs = 0;
  }

  savePeer(node: NodeName, uuid: string, generation: number): void {
    this.peers = [...this.peers.filter((peer) => peer.uuid !== uuid), { node, uuid, generation }];
  }

  /** With the boot that it belongs to: what some records say of running groups ends with it. */
  save(name: string, content: string): void {
    this.files.set(name, JSON.stringify({ boots: this.#machine.boots, ...(JSON.parse(content) as object) }));
  }

  /** The groups that a record names, if it was written since the machine was switched on. */
  listOfThisBoot(name: string): readonly string[] {
    const record = this.#read(name);
    return record.boots === this.#machine.boots ? record.groups : [];
  }

  unmanagedOfThisBoot(): readonly UnmanagedGroup[] {
    const text = this.files.get('unmanaged.json');
    if (text === undefined) return [];
    const record = JSON.parse(text) as { boots: number; unmanaged: UnmanagedGroup[] };
    return record.boots === this.#machine.boots ? record.unmanaged : [];
  }

  list(name: string): readonly string[] {
    return this.#read(name).groups;
  }

  #read(name: string): { readonly boots: number; readonly groups: readonly string[] } {
    const text = this.files.get(name);
    return text === undefined ? { boots: 0, groups: [] } : (JSON.parse(text) as { boots: number; groups: string[] });
  }
}
