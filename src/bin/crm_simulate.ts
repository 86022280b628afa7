#!/usr/bin/env node
/** `crm_simulate`: one file where the build has made it, like `pairbeat simulate`. */
import { runBundle } from './cached-bundle.ts';

if (!(await runBundle('crm-simulate-process'))) await import('./crm-simulate-process.ts');
