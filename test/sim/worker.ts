/** A process that runs seeds for the pool, one after the other, and says what came of each. */
import { nodeHashes as realHashes } from '../../src/io/hashes.ts';
import { runSeed } from './run-seed.ts';
import type { Result } from './totals.ts';

export interface Job {
  readonly seed: number;
  readonly realMac: boolean;
}

export interface Done {
  readonly seed: number;
  readonly result: Result;
  /** Of this process so far. */
  readonly processorS: number;
}

process.on('message', ({ seed, realMac }: Job) => {
  const { sometimes, ending: _, ...rest } = runSeed(seed, realMac ? { hashes: realHashes } : {});
  const { user, system } = process.cpuUsage();
  const done: Done = {
    seed,
    result: { ...rest, sometimes: Object.fromEntries(sometimes.counts) },
    processorS: (user + system) / 1e6,
  };
  process.send!(done);
});

// Whoever has started it is gone.
process.on('disconnect', () => process.exit());
