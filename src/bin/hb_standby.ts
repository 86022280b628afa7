#!/usr/bin/env node
/** `hb_standby`. */
import { runHandover } from '../tools/handover.ts';
import { runAsProcess } from '../tools/terminal.ts';

await runAsProcess((argv, terminal) => runHandover('hb_standby', argv, terminal));
