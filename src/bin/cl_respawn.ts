#!/usr/bin/env node
/** `cl_respawn`. */
import { runClRespawn } from '../tools/cl-respawn.ts';
import { processTerminal } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
process.exit(await runClRespawn(process.argv.slice(2), processTerminal()));
