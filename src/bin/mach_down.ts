#!/usr/bin/env node
/** `mach_down`. */
import { runMachDown } from '../tools/resource-manager.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess(runMachDown);
