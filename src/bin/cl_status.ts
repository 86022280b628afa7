#!/usr/bin/env node
/** `cl_status`. */
import { runClStatus } from '../tools/cl-status.ts';
import { runAsProcess } from '../tools/terminal.ts';

await runAsProcess(runClStatus);
