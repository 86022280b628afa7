/**
 * The last step of a build: `pairbeat simulate` and `crm_simulate` as one file each, so that a simulation from a script does not
 * wait for the loading of modules, and beside it what V8 compiles of it in one run. Its parts are those of the build.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(`../dist/src/bin/${path}`, import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sample = here('warm-up.cib.xml');
const programs = {
  'simulate-process': ['simulate', '--cib', sample, '--steps', '--json'],
  'crm-simulate-process': ['-x', sample, '-S'],
};
for (const [name, argv] of Object.entries(programs)) {
  await build({
    entryPoints: [at(`${name}.js`)],
    outfile: at(`${name}.bundle.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    alias: { 'node:child_process': here('no-child-process.cjs') },
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, [here('warm-bundle.mjs'), name, ...argv], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Without it the program only starts slower, but a bundle that cannot run must not leave the build.
  if (status !== 0) process.exit(status ?? 1);
}
