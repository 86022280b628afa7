/**
 * The last step of a build: `pairbeat simulate` and `crm_simulate` as one file each, so that a simulation from a script does not wait for the loading
 * of modules. Its parts are those of the build; nothing is compiled in another way.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(`../dist/src/bin/${path}`, import.meta.url));
for (const name of ['simulate-process', 'crm-simulate-process']) {
  await build({
    entryPoints: [at(`${name}.js`)],
    outfile: at(`${name}.bundle.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
