/** `warm-bundle.mjs NAME ARGUMENT...`: runs a bundle once and writes beside it what V8 compiled meanwhile. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiledBundle } from '../dist/src/bin/cached-bundle.js';

const [name, ...argv] = process.argv.slice(2);
const cache = fileURLToPath(new URL(`../dist/src/bin/${name}.bundle.cjs.cache`, import.meta.url));
rmSync(cache, { force: true });
process.argv.splice(1, process.argv.length - 1, name, ...argv);
const compiled = await compiledBundle(name);
if (process.exitCode !== undefined && process.exitCode !== 0) throw new Error(`${name} ends with ${process.exitCode}`);
writeFileSync(cache, compiled);
