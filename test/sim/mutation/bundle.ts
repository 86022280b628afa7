/** Makes one file of a simulator and the core under it, with some of the sources changed on the way. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './root.ts';

/** From a path below the root to what is compiled instead of it. */
export type ChangedSources = ReadonlyMap<string, string>;

export async function bundleWorker(
  outfile: string,
  changed: ChangedSources,
  entry = 'test/sim/mutation/worker.ts',
): Promise<void> {
  const used = new Set<string>();
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Packages that are not modules ask for `require` of what Node.js brings.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
    plugins: [
      {
        name: 'changed sources',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const name = relative(root, path);
            const text = changed.get(name);
            if (text !== undefined) used.add(name);
            return { contents: text ?? (await readFile(path, 'utf8')), loader: 'ts' };
          });
        },
      },
    ],
  });
  const unused = [...changed.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no part of the simulator: ${unused.join(' ')}`);
}
