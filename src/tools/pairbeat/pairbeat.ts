/**
 * `pairbeat`: the umbrella over what Heartbeat has no command for. Each subcommand is a file beside this one; this one
 * knows their names, and that every way to fail ends in the same texts, codes and JSON envelope.
 */
import { Command, CommanderError } from 'commander';
import { nearestWord } from '../../core/config/nearest.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import { fail } from '../report.ts';
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
  let code: number = exitCodes.ok;
  const session: Session = {
    terminal,
    services,
    finish: (result) => {
      code = result;
    },
  };
  const program = programFor(session);
  if (argv.length === 0) {
    program.outputHelp();
    return exitCodes.ok;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    const reason =
      error.code === 'commander.help' ? unknownSubject(program, argv) : error.message.replace(/^error: /, '');
    const request = `pairbeat ${argv.find((word) => !word.startsWith('-')) ?? ''}`.trim();
    return fail(
      { request, json: argv.includes('--json'), terminal },
      { code: 'usage', fields: { reason: sentence(reason) } },
    );
  }
}

/** `pairbeat help WORD` for a word that is no command. */
function unknownSubject(program: Command, argv: readonly string[]): string {
  const words = program.commands.map((command) => command.name());
  const subject = argv[1] ?? '';
  const nearest = nearestWord(subject, words);
  return `Unknown command '${subject}'${nearest === undefined ? '' : ` (Did you mean ${nearest}?)`}`;
}

function programFor(session: Session): Command {
  const { terminal, services } = session;
  const program = new Command('pairbeat')
    .description('Two nodes, one service: watch it, check it, operate it.')
    .version(services.version, '-V, --version')
    .showSuggestionAfterError(true);
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
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      // Errors are printed by `fail`, in the words of the catalogue.
      writeErr: () => {},
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    });
  }
  return program;
}

const helpTail = `
Other commands: heartbeat (the daemon), hb_standby and hb_takeover (hand groups
over), cl_status (answers for scripts), ResourceManager (single groups), hb_setweight
and hb_setsite. All of them: docs/reference/commands.md. Exit codes: exit-codes.md there.
`;

function sentence(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const capital = `${flat.charAt(0).toUpperCase()}${flat.slice(1)}`;
  return /[.?!)]$/.test(capital) ? capital : `${capital}.`;
}
