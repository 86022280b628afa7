/**
 * Somebody on the wire. He hears everything, also what is lost for others, and keeps some of it for ever; he says what he
 * likes to whom he likes, under any address. He does not know the key. What he makes up himself must have no effect at
 * all (S15, S17); what he plays back, none twice (S16).
 */

import { step as stepTransport, transportDeadline } from '../../../src/core/transport/machine.ts';
import { createTransport, type TransportState } from '../../../src/core/transport/state.ts';
import type { LinkId, NodeName } from '../../../src/core/types.ts';
import { Draw } from './draw.ts';
import { transportSettings } from './engine.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

/** What he does with one packet. */
export const tricks = [
  'play back',
  'play back an earlier life',
  'reflect',
  'mutate',
  'splice',
  'garbage',
  'foreign cluster',
  'clash of names',
  'cloned machine',
] as const;
export type Trick = (typeof tricks)[number];

interface Recording {
  readonly link: LinkId;
  readonly bytes: Uint8Array;
  readonly atUs: number;
}

/** The last ones of each direction, and some of each life of a daemon. */
const recentMax = 64;
const ofEachLife = 12;
const livesMax = 12;

export class Adversary {
  /** Whether he is there at all: listening costs time. */
  active = false;
  readonly #world: World;
  readonly #draw: Draw;
  readonly #recent: readonly [Recording[], Recording[]] = [[], []];
  readonly #lives: readonly [Recording[][], Recording[][]] = [[], []];
  readonly #livesOf: [unknown, unknown] = [undefined, undefined];
  readonly #others = new Map<string, Stranger>();

  constructor(world: World) {
    this.#world = world;
    this.#draw = new Draw(world.seed, 'adversary');
  }

  hear(from: number, link: LinkId, bytes: Uint8Array): void {
    const recording = { link, bytes, atUs: this.#world.nowUs };
    const recent = this.#recent[from]!;
    if (recent.length < recentMax) recent.push(recording);
    else recent[this.#draw.between(0, recentMax - 1)] = recording;
    const lives = this.#lives[from]!;
    const { daemon } = this.#world.machines[from]!;
    if (this.#livesOf[from] !== daemon) {
      this.#livesOf[from] = daemon;
      lives.push([]);
      if (lives.length > livesMax) lives.shift();
    }
    const life = lives.at(-1)!;
    if (life.length < ofEachLife) life.push(recording);
  }

  /** Something arrives at this machine that its peer has not just sent. */
  play(trick: Trick, at: number): void {
    const machine = this.#world.machines[at]!;
    this.#world.count(`adversary: ${trick}`);
    switch (trick) {
      case 'play back':
        return this.#playBack(machine, this.#pick(this.#recent[1 - at]!));
      case 'play back an earlier life':
        return this.#playBack(machine, this.#pick(this.#lives[1 - at]!.slice(0, -1).flat()));
      case 'reflect': {
        const own = this.#pick([...this.#recent[at]!, ...this.#lives[at]!.flat()]);
        if (own !== undefined) machine.receive(own.link, own.bytes, false, true);
        return;
      }
      case 'mutate':
        return this.#forge(machine, (bytes) => this.#mutated(bytes));
      case 'splice':
        return this.#forge(machine, (bytes) => this.#spliced(bytes));
      case 'garbage':
        return this.#forge(machine, () => this.#garbage());
      case 'foreign cluster':
        return this.#say(machine, { name: machine.other.name, uuid: machine.other.uuid, secret: 'of another cluster' });
      case 'clash of names':
        return this.#say(machine, { name: machine.name, uuid: machine.uuid, secret: 'guessed' });
      case 'cloned machine':
        // Only to its namesake: for the other node the two are one.
        return this.#say(machine, {
          name: machine.name,
          uuid: this.#draw.chance(0.5) ? machine.uuid : 'ab'.repeat(16),
          secret: undefined,
        });
    }
  }

  /** What was lost until now has been under way for that long. */
  #playBack(machine: Machine, recording: Recording | undefined): void {
    const world = this.#world;
    if (recording === undefined) return;
    world.longestDelayUs = Math.max(world.longestDelayUs, world.nowUs - recording.atUs);
    machine.receive(recording.link, recording.bytes, true);
  }

  #forge(machine: Machine, make: (bytes: Uint8Array) => Uint8Array): void {
    const recording = this.#pick([...this.#recent[1 - machine.index]!, ...this.#recent[machine.index]!]);
    const link = recording?.link ?? this.#world.setup.links[0]!;
    const bytes = make(recording?.bytes ?? new Uint8Array());
    // The end of nothing and the whole of another packet is no forgery.
    const heard = [...this.#recent.flat(), ...this.#lives.flat(2)];
    if (!heard.some((each) => isSame(each.bytes, bytes))) machine.receive(link, bytes, false, true);
  }

  #mutated(bytes: Uint8Array): Uint8Array {
    const draw = this.#draw;
    const copy = bytes.slice();
    if (copy.length === 0) return copy;
    switch (draw.between(0, 3)) {
      case 0:
        return copy.slice(0, draw.between(0, copy.length - 1));
      case 1:
        for (let flips = draw.between(1, 8); flips > 0; flips--) {
          const bit = draw.between(0, copy.length * 8 - 1);
          copy[bit >> 3] = copy[bit >> 3]! ^ (1 << (bit & 7));
        }
        return copy;
      case 2: {
        // Digits: lengths, numbers of keys, generations, sequence numbers.
        const digits = [...copy.keys()].filter((at) => copy[at]! >= 0x30 && copy[at]! <= 0x39);
        if (digits.length > 0) copy[draw.pick(digits)] = 0x30 + draw.between(0, 9);
        return copy;
      }
      default: {
        const at = draw.between(0, copy.length);
        return new Uint8Array([...copy.slice(0, at), ...this.#noise(draw.between(1, 40)), ...copy.slice(at)]);
      }
    }
  }

  /** The beginning of one packet and the end of another. */
  #spliced(bytes: Uint8Array): Uint8Array {
    const draw = this.#draw;
    const other = this.#pick(this.#recent.flat())?.bytes ?? bytes;
    return new Uint8Array([
      ...bytes.slice(0, draw.between(0, bytes.length)),
      ...other.slice(draw.between(0, other.length)),
    ]);
  }

  #garbage(): Uint8Array {
    const draw = this.#draw;
    const start = draw.pick(['', '', '###\n', '>>>\n', '$$$\n', '###\n14:', '###\n99999:']);
    return new Uint8Array([...new TextEncoder().encode(start), ...this.#noise(draw.between(0, 600))]);
  }

  #noise(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#draw.between(0, 255));
  }

  #say(
    machine: Machine,
    who: { readonly name: NodeName; readonly uuid: string; readonly secret: string | undefined },
  ): void {
    const id = `${who.name} ${who.uuid} ${who.secret} to ${machine.name}`;
    const stranger = this.#others.get(id) ?? new Stranger(this.#world, machine, who);
    this.#others.set(id, stranger);
    const bytes = this.#draw.pick(stranger.speak());
    if (bytes !== undefined) machine.receive(this.#draw.pick(this.#world.setup.links), bytes, false, true);
  }

  #pick(recordings: readonly Recording[]): Recording | undefined {
    return recordings.length === 0 ? undefined : this.#draw.pick(recordings);
  }
}

/** A transport of the real kind, with a key of its own or (a cloned machine) with ours. */
class Stranger {
  readonly #transport: TransportState;
  #nowUs = 1_000_000;

  constructor(
    world: World,
    machine: Machine,
    { name, uuid, secret }: { readonly name: NodeName; readonly uuid: string; readonly secret: string | undefined },
  ) {
    const authentication = machine.other.keys;
    const [key] = authentication.keys;
    this.#transport = createTransport({
      localNode: name,
      localUuid: uuid,
      generation: machine.disk.generation + 1000,
      peer: name === machine.name ? machine.other.name : machine.name,
      ...transportSettings(machine.files),
      authentication:
        secret === undefined
          ? authentication
          : { ...authentication, sendIndex: key!.index, keys: [{ ...key!, secret }] },
      seed: world.seed,
      persistedPeers: [],
      hashes: world.hashes,
      entropy: `of a stranger who calls himself ${name}`,
      capabilities: [],
      wallSeconds: 1_700_000_000,
      loadAverage: '0.00 0.00 0.00 1/1 1',
    });
    this.speak('start');
  }

  speak(type: 'start' | 'timer' = 'timer'): Uint8Array[] {
    this.#nowUs = Math.max(this.#nowUs, transportDeadline(this.#transport) ?? 0);
    const effects = stepTransport(this.#transport, { type, nowUs: this.#nowUs });
    return effects.flatMap((effect) => (effect.type === 'transmit' ? [effect.bytes] : []));
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
