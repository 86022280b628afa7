#!/usr/bin/env node
/** `ResourceManager`. */
import { runResourceManager } from '../tools/resource-manager.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';
import { resourceServices } from './resource-services.ts';

quietPipes('go on');
await runAsProcess(async (argv, terminal) => runResourceManager(argv, terminal, await resourceServices()));
