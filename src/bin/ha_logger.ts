#!/usr/bin/env node
/** `ha_logger`. */
import { writeScriptLog } from '../daemon/script-log.ts';
import { runHaLogger } from '../tools/ha-logger.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess((argv, terminal) => runHaLogger(argv, terminal, writeScriptLog));
