#!/usr/bin/env node
/** `crm_simulate`: one bundled file where the build has made it, like `pairbeat simulate`. */
import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

const bundle = new URL('./crm-simulate-process.bundle.mjs', import.meta.url);
if (existsSync(bundle)) {
  // As for `pairbeat simulate`: everything runs once.
  setFlagsFromString('--interrupt-budget=2000000');
  await import(bundle.href);
} else await import('./crm-simulate-process.ts');
