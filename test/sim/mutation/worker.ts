/**
 * The process in which mutants live: bundled anew with changed sources (bundle.ts), it runs seeds and scenarios for
 * whoever started it, and says what was objected. One job at a time; a mutant that never ends is killed from outside.
 */
import { runSeed } from '../run-seed.ts';
import { parseScenario, runScenario } from '../scenario.ts';
import { switchboard } from './instrument.ts';

export interface Job {
  /** Id of a generated mutant; 0: the sources as they were bundled. */
  readonly awake: number;
  readonly seed?: number;
  /** The whole text of a scenario file. */
  readonly scenario?: string;
}

export interface JobResult {
  /** Who objected; `trace` when a scenario does not come out as written. */
  readonly objection?: string;
  readonly text?: string;
  /** Ids of the sites that were reached. */
  readonly reached: readonly number[];
}

const board = switchboard();

process.on('message', (job: Job) => process.send?.(perform(job)));
process.on('disconnect', () => process.exit(0));

function perform(job: Job): JobResult {
  board.awake = job.awake;
  board.reached.fill(0);
  const found = attempt(job);
  const reached = [...board.reached.keys()].filter((id) => board.reached[id] === 1);
  return { ...found, reached: job.awake === 0 ? reached : [] };
}

function attempt({ seed, scenario }: Job): { readonly objection?: string; readonly text?: string } {
  try {
    if (seed !== undefined) return objectionOf(runSeed(seed).violation);
    const parsed = parseScenario(scenario!);
    const { trace, violation } = runScenario(parsed);
    if (violation !== undefined) return objectionOf(violation);
    return trace === parsed.expected ? {} : { objection: 'trace', text: firstDifference(trace, parsed.expected) };
  } catch (error) {
    // What a mutant throws outside the engine, say in a checker that reads what it left behind.
    return { objection: 'no exception', text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function objectionOf(violation: { readonly checker: string; readonly text: string } | undefined): {
  readonly objection?: string;
  readonly text?: string;
} {
  return violation === undefined ? {} : { objection: violation.checker, text: violation.text };
}

function firstDifference(actual: string, expected: string): string {
  const [ours, theirs] = [actual.split('\n'), expected.split('\n')];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  return at < 0 ? `ends before: ${theirs[ours.length]}` : `${ours[at]} (expected: ${theirs[at]})`;
}
