/** One of the rounds of `npm run test:store`: real processes, real files, SIGKILL. Uses the build. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { realRound } from './real/round.ts';

const built = pathToFileURL(join(import.meta.dirname, '../../dist/test/store/real/round.js')).href;

it('a real round loses nothing', async () => {
  const { realRound: round } = (await import(built)) as { readonly realRound: typeof realRound };
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-store-'));
  try {
    const { objections, counts } = await round(1, directory, 1);
    expect(objections).toEqual([]);
    expect(counts['confirmed versions looked for']).toBeGreaterThan(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 60_000);
