/**
 * The rolling migration: two real nodes serve an address; each is replaced by Pairbeat with the same files, and then
 * back again. What a client of the address lost at each step is the result, besides that nothing ever ran twice.
 */
import { expectEqual } from '../lab/expect.ts';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import type { PeerNode } from './node.ts';
import { setupOf } from './performance.ts';
import { realPair } from './scenario.ts';
import type { Kind } from './software.ts';
import { Stage } from './stage.ts';

interface Step {
  readonly what: string;
  readonly outageMs: number;
}

/** Runs one after another with `PEERS_RUNS` in the environment; the figures are medians then. */
const runs = Number(process.env['PEERS_RUNS'] ?? 1);

const timeoutMs = 600_000;

export const migrationTests: readonly LabTest[] = [
  labTest('rolling migration to Pairbeat and back', (context) => migrateOften(context), timeoutMs * runs),
];

async function migrateOften(context: LabTestContext): Promise<void> {
  const outages = new Map<string, number[]>();
  for (let run = 0; run < runs; run += 1) {
    for (const { what, outageMs } of await migrate(context)) {
      outages.set(what, [...(outages.get(what) ?? []), outageMs]);
    }
  }
  for (const [what, ms] of outages) context.note(`${what}: ${figures(ms)}`);
}

/** One time through; answers the client's longest outage of each step, in order. */
async function migrate(context: LabTestContext): Promise<Step[]> {
  const stage = await Stage.open(context, realPair, setupOf({ groups: 'one' }, 'bcast', 'sha1'));
  const steps: Step[] = [];
  const step = async (what: string, change: () => Promise<void>): Promise<void> => {
    const fromUs = stage.lab.nowUs();
    await change();
    await stage.rest();
    steps.push({ what, outageMs: (await stage.probe.outage(fromUs)).ms });
    await stage.expectNothingTwice();
  };
  try {
    await stage.startBoth();
    await stage.holding('local', 'local');
    await stage.rest();
    for (const kind of ['pairbeat', 'real'] as const) {
      const old = stage.node1.kind;
      await step(`node2 ${old} to ${kind}`, () => replace(stage, stage.node2, kind));
      await step(`node1 ${old} to standby`, () => giveUp(stage));
      await step(`node1 ${old} to ${kind}, failback`, () => replace(stage, stage.node1, kind));
    }
    return steps;
  } catch (error) {
    if (error instanceof Error) error.stack = `${error.stack}\non the wire:\n${stage.wire.transcript().join('\n')}`;
    throw error;
  } finally {
    stage.wire.close();
  }
}

/** A planned handover of everything to node2, so that the stop that follows has nothing left to stop. */
async function giveUp(stage: Stage): Promise<void> {
  await stage.node1.standby('all');
  await stage.holding('none', 'all');
}

async function replace(stage: Stage, node: PeerNode, kind: Kind): Promise<void> {
  expectEqual(await node.stop(), 0, `exit code of ${node.kind} on ${node.name}`);
  node.replace(kind);
  await stage.start(node);
  await stage.holding('local', 'local');
}

function figures(ms: readonly number[]): string {
  const ordered = [...ms].sort((left, right) => left - right);
  const median = ordered[Math.floor((ordered.length - 1) / 2)]!.toFixed(0);
  if (ordered.length === 1) return `${median} ms`;
  return `${median} ms (${ordered[0]!.toFixed(0)} to ${ordered.at(-1)!.toFixed(0)}, ${ordered.length} runs)`;
}
