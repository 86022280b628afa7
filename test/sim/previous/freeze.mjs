/**
 * Freezes the core of a release, so that the simulator can run it beside the present one:
 *
 *   node test/sim/previous/freeze.mjs COMMIT
 *
 * writes core.ts: src/core of that commit, as one file. It is data, not code to be read or changed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const commit = process.argv[2];
if (commit === undefined) throw new Error('usage: node test/sim/previous/freeze.mjs COMMIT');

const what = `
export { stepEngine, stepTimers, engineDeadline } from './src/core/engine.ts';
export { createNode } from './src/core/node-state.ts';
export { createTransport } from './src/core/transport/state.ts';
`;

const directory = mkdtempSync(join(tmpdir(), 'pairbeat-previous-'));
try {
  const archive = execFileSync('git', ['archive', commit, 'src/core'], { cwd: root, maxBuffer: 64 << 20 });
  execFileSync('tar', ['x', '-C', directory], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'entry.ts'), what);
  const full = execFileSync('git', ['rev-parse', '--short', commit], { cwd: root, encoding: 'utf8' }).trim();
  await build({
    entryPoints: [join(directory, 'entry.ts')],
    outfile: join(root, 'test/sim/previous/core.ts'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['xstate'],
    minifyWhitespace: true,
    lineLimit: 120,
    legalComments: 'none',
    banner: {
      js: `// @ts-nocheck\n// The core of the previous release (commit ${full}), frozen by freeze.mjs: data for the simulator, never edited.`,
    },
  });
} finally {
  rmSync(directory, { recursive: true, force: true });
}
