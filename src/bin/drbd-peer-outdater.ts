#!/usr/bin/env node
/** `drbd-peer-outdater`. */
import { runDrbdPeerOutdater } from '../tools/drbd-peer-outdater.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
await runAsProcess(runDrbdPeerOutdater);
