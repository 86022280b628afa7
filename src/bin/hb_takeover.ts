#!/usr/bin/env node
/** `hb_takeover`. */
import { runHandover } from '../tools/handover.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess((argv, terminal) => runHandover('hb_takeover', argv, terminal));
