/** Unit tests while some sources are wrong versions; see unit-tests.ts. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../../..');
const changed = JSON.parse(readFileSync(process.env['PAIRBEAT_CHANGED_SOURCES'] ?? '', 'utf8')) as Record<
  string,
  string
>;

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
    testTimeout: 30_000,
    maxWorkers: 1,
    setupFiles: [join(import.meta.dirname, 'reached-sites.ts')],
  },
});
