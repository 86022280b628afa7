/** `pairbeat timeline`: where the time of the last failovers went; with a journal, who did what, when and why. */
import { type Command, InvalidArgumentError } from 'commander';
import { ask } from '../../client/connection.ts';
import { type Result, success } from '../../core/result.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import { fail, type Invocation, succeed } from '../report.ts';
import { parseWhen } from '../when.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { mergedText, withWords } from './incident-text.ts';
import { timelineOf } from './timeline-journal.ts';
import { timelineText } from './timeline-text.ts';

interface TimelineOptions extends CommonOptions {
  readonly count?: number;
  readonly last?: boolean;
  readonly since?: string;
  readonly peer?: string;
  readonly journal?: string;
  readonly export?: string;
}

export function addTimeline(program: Command, session: Session): void {
  const command = program
    .command('timeline')
    .description('the last failovers, phase by phase; with one of the options below: who did what, when and why')
    .option('--count <n>', 'how many entries of the running daemon', wholeNumber(1, 1000))
    .option('--last', 'the last incident, from the journal of this node')
    .option('--since <when>', 'all incidents since then: 14:30, "2026-11-25 14:30:05", 10m (ago)')
    .option('--peer <path>', "the other node's journal (a copy of the directory, or what --export wrote there)")
    .option('--journal <path>', 'another journal than that of this node')
    .option('--export <file>', 'write what happened since --since (1h) into a file, for --peer on the other node')
    .option('--state-dir <dir>', 'state directory of the daemon (PAIRBEAT_STATE_DIR, /var/lib/heartbeat)');
  withCommonOptions(command).action(async (options: TimelineOptions) => {
    const invocation = invocationOf(session, 'timeline', options);
    const { last, since, peer, journal, export: file } = options;
    const fromFiles = last === true || [since, peer, journal, file].some((option) => option !== undefined);
    session.finish(fromFiles ? await tell(invocation, session, options) : await ofDaemon(invocation, session, options));
  });
}

async function ofDaemon(invocation: Invocation, session: Session, options: TimelineOptions): Promise<number> {
  const { runDir } = directoriesOf(session, options);
  const answer = await ask(runDir, 'timeline', options.count === undefined ? {} : { count: options.count });
  if (!answer.ok) return fail(invocation, answer.problem);
  const report = answer.value;
  return succeed(invocation, { ...report }, () => timelineText(session.terminal, report));
}

async function tell(invocation: Invocation, session: Session, options: TimelineOptions): Promise<number> {
  const { terminal, services } = session;
  const { since: sinceText, peer, export: file } = options;
  const journal = options.journal ?? directoriesOf(session, options).stateDir;
  const since: Result<number | undefined> =
    sinceText === undefined ? success(undefined) : parseWhen(sinceText, Date.now() / 1000);
  if (!since.ok) return fail(invocation, since.problem, exitCodes.usage);
  if (file !== undefined) {
    const written = await services.exportJournal(journal, file, since.value ?? Date.now() / 1000 - 3600);
    if (!written.ok) return fail(invocation, written.problem);
    const records = written.value;
    const text = `${records} records written to ${file}. Copy it to the other node; there: pairbeat timeline --last --peer ${file}\n`;
    return succeed(invocation, { export: { file, records } }, () => text);
  }
  const told = await timelineOf(services, {
    journal,
    ...(peer === undefined ? {} : { peer }),
    ...(since.value === undefined ? {} : { sinceSeconds: since.value }),
  });
  if (!told.ok) return fail(invocation, told.problem);
  return succeed(invocation, { timeline: withWords(told.value) }, () => mergedText(terminal, told.value));
}

/** For commander: a whole number within bounds, or a usage error that names them. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}
