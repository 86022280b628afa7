#!/usr/bin/env node
/** `req_resource`. */
import { runReqResource } from '../tools/resource-manager.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';
import { resourceServices } from './resource-services.ts';

quietPipes('go on');
await runAsProcess(async (argv, terminal) => runReqResource(argv, terminal, await resourceServices()));
