/** A process that runs seeds for the pool, one after the other, and says what came of each. */
import { nodeHashes as realHashes } from '../../src/io/hashes.ts';
import { runSeed } from './run-seed.ts';
import { brokenRun, type Result } from './totals.ts';

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
  const result = run(seed, realMac);
  const { user, system } = process.cpuUsage();
  const done: Done = { seed, result, processorS: (user + system) / 1e6 };
  process.send!(done, (error: Error | null) => {
    // Whoever has asked is gone.
    if (error !== null) process.exit();
  });
});

/** A mistake of the simulator itself counts as much as one of the nodes. */
function run(seed: number, realMac: boolean): Result {
  try {
    const { sometimes, ending: _, ...rest } = runSeed(seed, realMac ? { hashes: realHashes } : {});
    return { ...rest, sometimes: Object.fromEntries(sometimes.counts) };
  } catch (error) {
    return brokenRun(seed, 'simulator', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

// Whoever has started it is gone.
process.on('disconnect', () => process.exit());
