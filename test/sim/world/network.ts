/** The wires: one path per direction and link, each with its own faults. */
import type { LinkId } from '../../../src/core/types.ts';
import { Draw } from './draw.ts';
import type { World } from './world.ts';

export interface PathFaults {
  cut: boolean;
  loss: number;
  duplicate: number;
  corrupt: number;
  reorder: number;
  /** How much later a packet comes that is overtaken. */
  reorderUs: number;
  /** Larger packets vanish. */
  largestBytes: number;
}

/** What an adversary has recorded of one direction. */
const recordedMax = 64;

export class SimNetwork {
  readonly #world: World;
  readonly paths: readonly [PathFaults[], PathFaults[]];
  readonly #recorded: readonly [Recording[], Recording[]] = [[], []];
  recording = false;
  /** Of each direction: what is always drawn, and what only faults draw. */
  readonly #streams: readonly { readonly latency: Draw; readonly draw: Draw }[];
  readonly #recorder: Draw;
  /** Whether each machine is cut off from the ping nodes: it may still hear the other one. */
  readonly outsideCut: [boolean, boolean] = [false, false];

  constructor(world: World) {
    this.#world = world;
    this.#streams = [0, 1].map((from) => ({
      latency: new Draw(world.seed, `latency from ${from}`),
      draw: new Draw(world.seed, `wire from ${from}`),
    }));
    this.#recorder = new Draw(world.seed, 'recorder');
    const make = () => world.setup.links.map(() => perfectPath());
    this.paths = [make(), make()];
  }

  transmit(from: number, link: LinkId, bytes: Uint8Array): void {
    const world = this.#world;
    const { setup } = world;
    const { latency, draw } = this.#streams[from]!;
    const linkIndex = setup.links.indexOf(link);
    const path = this.paths[from]![linkIndex]!;
    if (this.recording) this.#record(from, link, bytes);
    if (world.adversary.active) world.adversary.hear(from, link, bytes);
    if (path.cut) return;
    if (bytes.length > path.largestBytes) return world.count('datagram lost for its size');
    if (draw.chance(path.loss)) {
      world.sometimes.count('datagram lost');
      return;
    }
    const copies = draw.chance(path.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      let delayUs = setup.latencyUs + (setup.latencyJitterUs > 0 ? latency.between(0, setup.latencyJitterUs) : 0);
      if (draw.chance(path.reorder)) {
        delayUs += draw.between(0, path.reorderUs);
        world.sometimes.count('datagram delayed');
      }
      const damaged = draw.chance(path.corrupt);
      if (damaged) world.sometimes.count('datagram damaged');
      const arriving = damaged ? damage(bytes, draw.between(0, bytes.length * 8 - 1)) : bytes;
      world.plan(delayUs, () => world.machines[1 - from]!.receive(link, arriving, !damaged));
    }
  }

  /** Somebody plays back what was said earlier. */
  replay(from: number): void {
    const recordings = this.#recorded[from]!;
    if (recordings.length === 0) return;
    const { link, bytes } = this.#recorder.pick(recordings);
    this.#world.sometimes.count('datagram replayed');
    this.#world.machines[1 - from]!.receive(link, bytes, false);
  }

  reachesOutside(from: number): boolean {
    return !this.outsideCut[from];
  }

  /** All faults off. */
  heal(): void {
    this.outsideCut.fill(false);
    for (const direction of this.paths) for (const path of direction) Object.assign(path, perfectPath());
  }

  #record(from: number, link: LinkId, bytes: Uint8Array): void {
    const recordings = this.#recorded[from]!;
    const recording = { link, bytes };
    if (recordings.length < recordedMax) recordings.push(recording);
    else if (this.#recorder.chance(0.05)) recordings[this.#recorder.between(0, recordedMax - 1)] = recording;
  }
}

interface Recording {
  readonly link: LinkId;
  readonly bytes: Uint8Array;
}

function perfectPath(): PathFaults {
  return {
    cut: false,
    loss: 0,
    duplicate: 0,
    corrupt: 0,
    reorder: 0,
    reorderUs: 0,
    largestBytes: Number.POSITIVE_INFINITY,
  };
}

function damage(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = copy[bit >> 3]! ^ (1 << (bit & 7));
  return copy;
}
