/**
 * `pairbeat`: the umbrella over what Heartbeat has no command for. Each subcommand is a file beside this one; this one
 * knows their names, and that every way to fail ends in the same texts, codes and JSON envelope.
 */
import type { Terminal } from '../terminal.ts';
import { addAddressCommands } from './address.ts';
import { addAttributes } from './attributes.ts';
import { addCheck } from './check.ts';
import type { PairbeatServices, Session } from './command.ts';
import { addCompletion } from './completion.ts';
import { addConfirmOff } from './confirm-off.ts';
import { addDemo } from './demo.ts';
import { addFenceStatus } from './fence-status.ts';
import { addKeygen } from './keygen-command.ts';
import { addLinkTest } from './link-test.ts';
import { addManage } from './manage.ts';
import { addObserve } from './observe.ts';
import { addAcknowledgeSplit, addCleanup } from './operate.ts';
import { runProgram } from './program.ts';
import { addPushConfig } from './push-config.ts';
import { addReload } from './reload.ts';
import { addReloadKeys } from './reload-keys.ts';
import { addReplay } from './replay.ts';
import { addRotateKey } from './rotate-key.ts';
import { addSimulate } from './simulate.ts';
import { addStatus } from './status.ts';
import { addTimeline } from './timeline.ts';

export async function runPairbeat(
  argv: readonly string[],
  terminal: Terminal,
  services: PairbeatServices,
): Promise<number> {
  return runProgram(argv, terminal, (program, finish) => {
    const session: Session = { terminal, services, finish };
    program
      .description('Two nodes, one service: watch it, check it, operate it.')
      .version(services.version, '-V, --version');
    addStatus(program, session);
    addAttributes(program, session);
    addCheck(program, session);
    addTimeline(program, session);
    addReplay(program, session);
    addCleanup(program, session);
    addFenceStatus(program, session);
    addConfirmOff(program, session);
    addManage(program, session);
    addAcknowledgeSplit(program, session);
    addKeygen(program, session);
    addReload(program, session);
    addPushConfig(program, session);
    addAddressCommands(program, session);
    addReloadKeys(program, session);
    addRotateKey(program, session);
    addSimulate(program, session);
    addObserve(program, session);
    addLinkTest(program, session);
    addDemo(program, session);
    addCompletion(program, session);
    program.addHelpText('after', helpTail);
  });
}

const helpTail = `
Other commands: heartbeat (the daemon), hb_standby and hb_takeover (hand groups
over), cl_status (answers for scripts), ResourceManager (single groups), hb_setweight
and hb_setsite. All of them: docs/reference/commands.md. Exit codes: exit-codes.md there.
`;
