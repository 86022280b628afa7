/** `crm_simulate` itself: what scripts/bundle-simulate.mjs makes one file of. */
import { productVersion } from '../daemon/version.ts';
import { runCrmSimulate } from '../tools/crm-simulate/crm-simulate.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('end');
export const finished = runAsProcess((argv, terminal) => runCrmSimulate(argv, terminal, productVersion));
