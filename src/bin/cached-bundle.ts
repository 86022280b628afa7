/**
 * Runs a program that the build has made one file of (scripts/bundle-simulate.mjs), with what V8 compiled of it during the
 * build beside it: a simulation runs most of its functions a few times only, and reading and compiling them is a good
 * part of that. Code compiled by another version of Node is not used; then everything is compiled as always.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** @returns false when the build has made no bundle: the program is to be loaded module by module. */
export async function runBundle(name: string): Promise<boolean> {
  const path = pathOf(name);
  if (!existsSync(path)) return false;
  await execute(compile(path), path);
  return true;
}

/** For the build: runs the bundle once, and returns what was compiled of it. */
export async function compiledBundle(name: string): Promise<Buffer> {
  const path = pathOf(name);
  const script = compile(path);
  await execute(script, path);
  return script.createCachedData();
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`./${name}.bundle.cjs`, import.meta.url));
}

function compile(path: string): Script {
  // Each function runs a few thousand times and never again: optimizing them costs more than the whole simulation.
  setFlagsFromString('--interrupt-budget=2000000');
  const source = `(function (exports, require, module, __filename) {${readFileSync(path, 'utf8')}\n})`;
  const cache = `${path}.cache`;
  return new Script(source, { filename: path, ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}) });
}

async function execute(script: Script, path: string): Promise<void> {
  const module = { exports: {} as { readonly finished?: Promise<void> } };
  script.runInThisContext()(module.exports, createRequire(path), module, path);
  await module.exports.finished;
}
