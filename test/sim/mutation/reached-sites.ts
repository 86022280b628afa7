/** After each test file: which sites it reached, for whoever asked (unit-tests.ts). */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';
import { switchboardName } from './instrument.ts';
import { root } from './root.ts';
import { reachedVariable } from './unit-tests.ts';

afterAll(() => {
  const directory = process.env[reachedVariable];
  const board = (globalThis as unknown as Record<string, { readonly reached: Uint8Array } | undefined>)[
    switchboardName
  ];
  if (directory === undefined || board === undefined) return;
  const test = relative(root, expect.getState().testPath ?? '');
  const reached = [...board.reached.keys()].filter((id) => board.reached[id] === 1);
  writeFileSync(join(directory, `${randomUUID()}.json`), JSON.stringify({ test, reached }));
});
