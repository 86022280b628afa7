/** How every command line of `pairbeat` is run: the same help, the same texts, codes and JSON envelope for every way to fail. */
import { Command, CommanderError } from 'commander';
import { nearestWord } from '../../core/config/nearest.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import { fail } from '../report.ts';
import type { Terminal } from '../terminal.ts';

/** Adds subcommands; `finish` takes the exit code of the one that ran. */
export type AddCommands = (program: Command, finish: (code: number) => void) => void;

export async function runProgram(argv: readonly string[], terminal: Terminal, add: AddCommands): Promise<number> {
  let code: number = exitCodes.ok;
  const program = programFor(terminal, add, (result) => {
    code = result;
  });
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

function programFor(terminal: Terminal, add: AddCommands, finish: (code: number) => void): Command {
  const program = new Command('pairbeat').showSuggestionAfterError(true);
  add(program, finish);
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

function sentence(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const capital = `${flat.charAt(0).toUpperCase()}${flat.slice(1)}`;
  return /[.?!)]$/.test(capital) ? capital : `${capital}.`;
}
