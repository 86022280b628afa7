/** `pairbeat replay`: makes every step of a journal again with the core of this version and compares. */
import type { Command } from 'commander';
import type { JournalEntry } from '../../core/journal-records.ts';
import { createReplay, isDecision, type ReplayedStep, type ReplayReport } from '../../core/recording/replay.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import { fail, succeed } from '../report.ts';
import { parseWhen } from '../when.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { type Decision, decisionOf, decisionText, replayText } from './replay-text.ts';

interface ReplayCommandOptions extends CommonOptions {
  readonly until?: string;
  readonly decisions?: boolean;
}

export function addReplay(program: Command, session: Session): void {
  const command = program
    .command('replay')
    .description('make every decision in a journal again and compare: 0 identical, 104 different')
    .argument('[path]', 'a file or directory of a journal (default: the journal of this node)')
    .option('--until <when>', 'only what happened until then: 14:30, "2026-11-25 14:30:05", 10m (ago)')
    .option('--decisions', 'print each decision with its reason')
    .option('--state-dir <dir>', 'state directory of the daemon (PAIRBEAT_STATE_DIR, /var/lib/heartbeat)');
  withCommonOptions(command).action(async (path: string | undefined, options: ReplayCommandOptions) => {
    session.finish(await runReplay(path, options, session));
  });
}

async function runReplay(path: string | undefined, options: ReplayCommandOptions, session: Session): Promise<number> {
  const invocation = invocationOf(session, 'replay', options);
  const { terminal, services } = session;
  const place = path ?? directoriesOf(session, options).stateDir;
  const until = options.until === undefined ? undefined : parseWhen(options.until, Date.now() / 1000);
  if (until !== undefined && !until.ok) return fail(invocation, until.problem, exitCodes.usage);
  const opened = await services.openJournal(place);
  if (!opened.ok) return fail(invocation, opened.problem);
  const decisions: Decision[] = [];
  const decided = (step: ReplayedStep): void => {
    if (!step.effects.some(isDecision)) return;
    const decision = decisionOf(step);
    if (invocation.json) decisions.push(decision);
    else terminal.out(decisionText(terminal, decision));
  };
  const report = await replayed(opened.value, {
    ...(until === undefined ? {} : { untilWallSeconds: until.value }),
    ...(options.decisions === true ? { onStep: decided } : {}),
  });
  const { version } = services;
  if (report.events === 0) {
    const versions = report.versions.filter((each) => each !== '').join(', ') || 'not named';
    return fail(invocation, { code: 'journal-without-steps', fields: { path: place, versions, version } });
  }
  const data = { replay: { path: place, version, ...report }, ...(options.decisions ? { decisions } : {}) };
  const code = report.divergence === undefined ? exitCodes.ok : exitCodes.digest;
  return succeed(invocation, data, () => replayText(terminal, report, version), code);
}

async function replayed(
  entries: AsyncIterable<JournalEntry>,
  options: Parameters<typeof createReplay>[0],
): Promise<ReplayReport> {
  const replay = createReplay(options);
  for await (const entry of entries) {
    if (entry.type === 'record') replay.take(entry.record);
    // A line without an end is where the writer was killed, or is writing right now: nothing after it is missing.
    else replay.damage(entry.what === 'torn');
    if (replay.done) break;
  }
  return replay.report();
}
