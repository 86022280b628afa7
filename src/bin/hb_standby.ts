#!/usr/bin/env node
/** `hb_standby`. */
import { runHandover } from '../tools/handover.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess((argv, terminal) => runHandover('hb_standby', argv, terminal));
