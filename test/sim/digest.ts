/**
 * A digest of everything that decides how a run goes on: what both nodes know, what their hosts hold, what really runs,
 * the wires. Two runs that agree in it at one minute and not at the next have parted in between.
 */
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

/** 16 hexadecimal digits. */
export function digestOf(world: World): string {
  const mixer = new Mixer();
  mixer.value(world.nowUs);
  mixer.value(world.steps);
  for (const machine of world.machines) {
    mixMachine(mixer, machine);
    for (const instance of world.truth.all(machine.index)) mixer.value(instance);
  }
  mixer.value(world.network.paths);
  mixer.value(world.network.outsideCut);
  return mixer.text();
}

function mixMachine(mixer: Mixer, machine: Machine): void {
  const { powered, frozen, boots, files, daemon, host } = machine;
  mixer.value([powered, frozen, boots, machine.clock(), files.deadtimeMs, files.groups]);
  mixer.value(daemon?.stopped);
  mixer.value(daemon?.engine.node);
  mixer.value(daemon?.engine.transport);
  mixer.value([host?.alive, host?.acted, host?.lastBeatUs]);
  mixer.value(host?.inventory);
}

/** Settings are the same all the time, and long; sent messages are told by their number. */
const leftOut: ReadonlySet<string> = new Set(['options', 'history']);

class Mixer {
  #low = 0x811c9dc5;
  #high = 0x1b873593;

  text(): string {
    return hex(this.#low) + hex(this.#high);
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.#number(value);
        return;
      case 'string':
        this.#string(value);
        return;
      case 'boolean':
        this.#mix(value ? 3 : 2);
        return;
      case 'object':
        this.#object(value);
        return;
      default:
        this.#mix(1);
    }
  }

  #object(value: object | null): void {
    if (value === null) return this.#mix(5);
    if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
      this.#mix(7);
      for (const each of value) this.value(each);
      return this.#mix(8);
    }
    if (value instanceof Uint8Array) {
      for (const byte of value) this.#mix(byte);
      return this.#mix(9);
    }
    for (const [name, each] of Object.entries(value)) {
      if (leftOut.has(name) || each === undefined || typeof each === 'function') continue;
      this.#string(name);
      this.value(each);
    }
    this.#mix(10);
  }

  #number(value: number): void {
    this.#mix(value | 0);
    this.#mix(Math.trunc(value / 4294967296) ^ Math.trunc((value % 1) * 1e6));
  }

  #string(value: string): void {
    this.#mix(value.length);
    for (let index = 0; index < value.length; index++) this.#mix(value.charCodeAt(index));
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(((this.#high << 13) | (this.#high >>> 19)) ^ value, 0x85ebca6b) + (this.#low >>> 15);
    this.#high |= 0;
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
