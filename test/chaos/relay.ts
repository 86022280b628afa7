/** The round's handle on the UDP relay (relay-main.ts). */
import type { Machine } from '../lab/machine.ts';
import { type JsonChild, startJsonChild } from './json-child.ts';

/** What the relay does to packets from now on. */
export interface RelayMood {
  readonly delayMs: number;
  /** A random delay up to this comes on top: packets overtake each other. */
  readonly jitterMs: number;
  readonly lossPercent: number;
  readonly repeatPercent: number;
  readonly damagePercent: number;
  readonly cutShortPercent: number;
  /** So often a packet from long ago comes along, perhaps of an earlier life of its sender. */
  readonly oldPercent: number;
}

export interface RelayCount {
  received: number;
  sent: number;
  lost: number;
  delayed: number;
  repeated: number;
  damaged: number;
  cutShort: number;
  old: number;
}

export type RelayOrder = { readonly do: 'mood'; readonly mood: RelayMood } | { readonly do: 'count' };

export const calmRelay: RelayMood = {
  delayMs: 0,
  jitterMs: 0,
  lossPercent: 0,
  repeatPercent: 0,
  damagePercent: 0,
  cutShortPercent: 0,
  oldPercent: 0,
};

export interface RelayPlace {
  readonly address: string;
  readonly port: number;
  readonly between: readonly [string, string];
  readonly seed: number;
}

export class Relay {
  private readonly child: JsonChild;

  private constructor(child: JsonChild) {
    this.child = child;
  }

  static async start(machine: Machine, { address, port, between, seed }: RelayPlace): Promise<Relay> {
    const enter = ['nsenter', '--target', String(machine.pid), '--net', '--'];
    const args = [address, String(port), ...between, String(seed)];
    return new Relay(await startJsonChild('relay-main', args, enter));
  }

  /** Changes what is named; the rest is as in a calm relay. */
  be(mood: Partial<RelayMood>): Promise<RelayCount> {
    return this.child.ask<RelayCount>({ do: 'mood', mood: { ...calmRelay, ...mood } } satisfies RelayOrder);
  }

  count(): Promise<RelayCount> {
    return this.child.ask<RelayCount>({ do: 'count' } satisfies RelayOrder);
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
