/**
 * `hb_standby` and `hb_takeover`: give groups to the other node, or fetch them. As the originals do, they return once
 * the daemon has begun; `--wait` stays until it is done and says how long it took.
 */
import { ask } from '../client/connection.ts';
import type { StandbyScope } from '../core/events.ts';
import { exitCodeOf } from '../protocol/exit-codes.ts';
import { readClassicOptions } from './classic-options.ts';
import { printProblem } from './report.ts';
import type { Terminal } from './terminal.ts';
import { span } from './text.ts';

export type HandoverCommand = 'hb_standby' | 'hb_takeover';

export async function runHandover(
  command: HandoverCommand,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const options = readClassicOptions(argv, { letters: 'h', longs: ['wait', 'help'] }, terminal.environment);
  if (!options.ok) return usage(command, terminal, String(options.problem.fields['reason']));
  const { words, longs, letters, directories } = options.value;
  if (longs.has('help') || letters.has('h')) return usage(command, terminal);
  if (words.length > 1) return usage(command, terminal, 'too many arguments');
  const word = words[0] ?? 'all';
  const scope = scopeOf(command, word);
  if (scope === undefined) return usage(command, terminal, `"${word}" is none of all, foreign, local, failback`);

  const wait = longs.has('wait');
  const began = performance.now();
  const verb = command === 'hb_standby' ? 'standby' : 'takeover';
  // Stopping a service may take as long as it takes: with --wait the daemon's own timeouts are the only ones.
  const answer = await ask(directories.runDir, verb, { scope, wait }, wait ? { timeoutMs: 0 } : {});
  if (!answer.ok) {
    printProblem(terminal, command, answer.problem);
    return Math.min(exitCodeOf(answer.problem), 1);
  }
  if (!wait) terminal.out(command === 'hb_standby' ? `Going standby [${word}].\n` : `Taking over [${word}].\n`);
  else terminal.out(`Done [${word}] in ${span(answer.value.durationMs ?? performance.now() - began)}.\n`);
  return 0;
}

/** `failback` gives each group back to the node its line names: the giver's foreign ones, the taker's local ones. */
function scopeOf(command: HandoverCommand, word: string): StandbyScope | undefined {
  if (word === 'failback') return command === 'hb_standby' ? 'foreign' : 'local';
  return word === 'all' || word === 'local' || word === 'foreign' ? word : undefined;
}

/** Exit code 1, also for --help, as the originals. */
function usage(command: HandoverCommand, terminal: Terminal, complaint?: string): number {
  const gives = command === 'hb_standby';
  if (complaint !== undefined) terminal.error(`${command}: ${complaint}\n`);
  terminal.error(`usage: ${command} [all|foreign|local|failback] [--wait] [--run-dir DIR]
  ${gives ? 'Gives resource groups of this node to the other one.' : 'Fetches resource groups of the other node to this one.'}
  all       ${gives ? 'every group that runs here' : 'every group that runs there'} (default)
  local     groups whose haresources line names this node
  foreign   groups whose haresources line names the other node
  failback  groups that are not on the node their line names: back to it
  --wait    return when it is done, and say how long it took
`);
  return 1;
}
