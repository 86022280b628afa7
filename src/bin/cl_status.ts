#!/usr/bin/env node
/** `cl_status`. */
import { runClStatus } from '../tools/cl-status.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess(runClStatus);
