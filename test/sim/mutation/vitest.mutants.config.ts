/** Unit tests while some sources are wrong versions; see unit-tests.ts and unit-batch.ts. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { Vitest } from 'vitest/node';
import { TestOrder } from './test-order.ts';

const root = join(import.meta.dirname, '../../..');
const changed = JSON.parse(readFileSync(process.env['PAIRBEAT_CHANGED_SOURCES'] ?? '', 'utf8')) as Record<
  string,
  string
>;
const isBatch = process.env['PAIRBEAT_MUTANT_BATCH'] !== undefined;

class Order extends TestOrder {
  constructor(context: Vitest) {
    super(context, Object.keys(changed));
  }
}

export default defineConfig({
  plugins: [
    {
      name: 'changed sources',
      enforce: 'pre',
      load: (id) => changed[relative(root, id.split('?')[0] ?? id)],
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    pool: isBatch ? 'forks' : 'threads',
    maxWorkers: isBatch ? 2 : 1,
    ...(isBatch ? { runner: join(import.meta.dirname, 'mutant-runner.ts'), sequence: { sequencer: Order } } : {}),
  },
});
