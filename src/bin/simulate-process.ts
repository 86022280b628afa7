/** `pairbeat simulate` alone: what scripts/bundle-simulate.mjs makes one file of. */

import { runProgram } from '../tools/pairbeat/program.ts';
import { addSimulate } from '../tools/pairbeat/simulate.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('end');
export const finished = runAsProcess((argv, terminal) =>
  runProgram(argv, terminal, (program, finish) => addSimulate(program, { terminal, finish })),
);
