/** One performance of a scenario: who plays whom, over which medium; and what is asked when it is over. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import { type Complaints, complaintsAtWork } from './log-judge.ts';
import type { Scenario } from './scenario.ts';
import { describeSetup, type Medium, type Method, patientInitdeadMs, type Setup, shortDeadtimeMs } from './setup.ts';
import { type Cast, Stage } from './stage.ts';

export interface Performance {
  readonly scenario: Scenario;
  readonly cast: Cast;
  readonly setup: Setup;
}

const media: readonly Medium[] = ['ucast', 'bcast', 'mcast'];
const methods: readonly Method[] = ['sha1', 'md5', 'crc'];
const mixed: readonly [Cast, Cast] = [
  { node1: 'real', node2: 'pairbeat' },
  { node1: 'pairbeat', node2: 'real' },
];

/** Starting and stopping machines on a busy computer, twice what it takes on a quiet one. */
const timeoutMs = 300_000;

/**
 * Every scenario meets every medium and every method once, and both casts; over all scenarios each medium meets each
 * method and each cast.
 */
export function matrixOf(scenarios: readonly Scenario[]): Performance[] {
  return scenarios.flatMap((scenario, row) =>
    media.map((medium, column) => ({
      scenario,
      cast: mixed[(row + column) % 2]!,
      setup: setupOf(scenario.setup, medium, methods[(row + column) % 3]!),
    })),
  );
}

export function setupOf(own: Scenario['setup'], medium: Medium, method: Method): Setup {
  const timers = { deadtimeMs: shortDeadtimeMs, initdeadMs: patientInitdeadMs };
  return { medium, method, autoFailback: 'on', groups: 'two', ...timers, ...own };
}

export function nameOf({ scenario, cast, setup }: Performance): string {
  return `${scenario.name} (${describeSetup(setup)}, node1 ${cast.node1}, node2 ${cast.node2})`;
}

/** `judge` gets what the real nodes complained about, by node. */
export function testOf(performance: Performance, judge: (complaints: Complaints) => void): LabTest {
  return labTest(nameOf(performance), (context) => perform(context, performance, judge), timeoutMs);
}

async function perform(
  context: LabTestContext,
  { scenario, cast, setup }: Performance,
  judge: (complaints: Complaints) => void,
): Promise<void> {
  const stage = await Stage.open(context, cast, setup);
  try {
    await scenario.play(stage);
    if (scenario.splits !== true) await stage.expectNothingTwice();
    judge(complaintsAtWork(stage));
  } catch (error) {
    if (error instanceof Error) error.stack = `${error.stack}\non the wire:\n${stage.wire.transcript().join('\n')}`;
    throw error;
  } finally {
    keepRecords(stage, nameOf({ scenario, cast, setup }));
    stage.wire.close();
  }
}

/** With `PEERS_RECORDS=DIRECTORY` in the environment: logs and packets of every performance, to read at leisure. */
function keepRecords(stage: Stage, name: string): void {
  const root = process.env['PEERS_RECORDS'];
  if (root === undefined) return;
  const directory = join(root, name.replace(/[^a-z0-9]+/gi, '-'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'wire'), `${stage.wire.transcript(Number.POSITIVE_INFINITY).join('\n')}\n`);
  for (const { host } of stage.nodes) cpSync(host.logDirectory, join(directory, host.name), { recursive: true });
}
