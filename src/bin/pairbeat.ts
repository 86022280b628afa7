#!/usr/bin/env node
/**
 * `pairbeat`. A simulation is over before Node has found and read a hundred modules one by one, so `simulate` is one file
 * (cached-bundle.ts); everything else, and a build without that file, goes the usual way.
 */
import { runBundle } from './cached-bundle.ts';

if (process.argv[2] !== 'simulate' || !(await runBundle('simulate-process'))) await import('./pairbeat-main.ts');
