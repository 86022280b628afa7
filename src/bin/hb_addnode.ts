#!/usr/bin/env node
/** `hb_addnode`. */
import { runNodeCommand } from '../tools/node-tools.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess((argv, terminal) => runNodeCommand('hb_addnode', argv, terminal));
