import { defineConfig } from 'vitest/config';

/** Unit, contract, property and scenario tests. The simulator and the lab have runners of their own (`npm run sim`, `npm run test:lab`; scripts/test.mjs runs all of them). */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**/*.lab.test.ts', 'node_modules/**'],
    testTimeout: 20_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'resource-agents/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
