#!/usr/bin/env node
/**
 * `pairbeat`. A simulation is over before Node has found and read a hundred modules one by one, so `simulate` has a bundle
 * of its own (scripts/bundle-simulate.mjs); everything else, and a build without the bundle, goes the usual way.
 */
import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

const bundle = new URL('./simulate-process.bundle.mjs', import.meta.url);
if (process.argv[2] === 'simulate' && existsSync(bundle)) {
  // It runs each function a few thousand times and ends: optimizing early costs twice what the whole simulation does.
  setFlagsFromString('--interrupt-budget=2000000');
  await import(bundle.href);
} else await import('./pairbeat-main.ts');
