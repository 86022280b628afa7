/** What nearly every lab test begins with: the seed configuration on two hosts, a probe and an observer, all running. */

import type { Host } from './host.ts';
import type { Lab, LabOptions } from './lab.ts';
import { Pair } from './pair.ts';
import type { Observer, Probe } from './probe.ts';
import type { LabTestContext } from './runner.ts';
import { type SeedOptions, seedAddress } from './seed.ts';

export interface Scene {
  readonly lab: Lab;
  readonly pair: Pair;
  readonly node1: Host;
  readonly node2: Host;
  readonly probe: Probe;
  readonly observer: Observer;
  /** Milliseconds during which two hosts answered for the address, since the scene began. */
  readonly doubleOwnerMs: () => Promise<number>;
}

/** Timers that leave room for the noise of a busy machine and still make a test short. */
export const quickTimers = { keepaliveMs: 100, deadtimeMs: 300 } as const;

export interface SceneOptions extends Partial<SeedOptions> {
  readonly address?: string;
  readonly lab?: LabOptions;
  /** The test starts the daemons itself. */
  readonly start?: boolean;
}

export async function openScene(context: LabTestContext, options: SceneOptions = {}): Promise<Scene> {
  const { address = seedAddress, lab: labOptions, start = true, ...seed } = options;
  const lab = await context.lab(labOptions);
  const pair = new Pair(lab, { ...quickTimers, ...seed });
  const probe = await lab.probe(address);
  const observer = await lab.observe(address.includes(':') ? seedAddress : address);
  const scene: Scene = {
    lab,
    pair,
    node1: lab.host('node1'),
    node2: lab.host('node2'),
    probe,
    observer,
    doubleOwnerMs: async () => {
      const spells = await observer.doubleOwners();
      return spells.reduce((sum, spell) => sum + (spell.toUs - spell.fromUs) / 1000 + 2, 0);
    },
  };
  if (start) {
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
  }
  return scene;
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
