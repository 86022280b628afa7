/** The flight recorder of real daemons: what they wrote down is enough to make every decision again. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MergedTimeline } from '../../src/core/timeline/merged.ts';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sleep } from './machine.ts';
import type { Pair } from './pair.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';

interface ReplayAnswer {
  readonly replay: {
    readonly events: number;
    readonly daemons: number;
    readonly decisions: number;
    readonly statesCompared: number;
    readonly gaps: readonly { readonly what: string }[];
    readonly divergence?: unknown;
  };
  readonly status: { readonly code: number };
}

export const recorderTests: readonly LabTest[] = [
  labTest(
    'kill -9, a pause, a reload, a handover and a crash: both journals are replayed to the same states',
    async (context) => {
      const { pair, node1, node2, probe } = await openScene(context);
      await eventually(
        'the journal of node2 is on its disk',
        () => replay(pair, node1, node2).catch(() => undefined),
        (answer) => (answer?.replay.events ?? 0) > 3,
      );
      pair.daemon(node2).kill('SIGKILL');
      await pair.daemon(node2).exited;
      await pair.start(node2);
      await pair.settled();
      expectEqual((await pair.run(node1, 'pairbeat', 'reload')).code, 0, 'exit code of a reload');
      expectEqual((await pair.run(node1, 'hb_standby')).code, 0, 'exit code of hb_standby');
      await probe.steady({ owner: 'node2' });
      await pair.settled();
      node1.pause(pair.daemon(node1).pid);
      await eventually(
        'node2 takes node1 for dead',
        () => pair.status(node2),
        (status) => status?.nodes.find(({ name }) => name === 'node1')?.status === 'dead',
      );
      node1.resume(pair.daemon(node1).pid);
      await pair.settled();
      node2.crash();
      await probe.steady({ owner: 'node1' });
      keep(node1, node2);
      const [first, second] = [await replay(pair, node1, node1), await replay(pair, node1, node2)];
      context.note(
        `${first.replay.events} and ${second.replay.events} events, ${first.replay.decisions} and ${second.replay.decisions} decisions`,
      );
      for (const { replay: report, status } of [first, second]) {
        expectEqual([status.code, report.divergence], [0, undefined], `the replay (${JSON.stringify(report)}) is`);
        expectTrue(report.statesCompared > 1, 'whole states were compared', report);
        expectTrue(report.decisions > 1, 'there were decisions', report);
        expectEqual(
          report.gaps.filter(({ what }) => what !== 'ended'),
          [],
          'nothing is missing',
        );
      }
      expectEqual([first.replay.daemons, second.replay.daemons], [1, 2], 'lives of the daemons');
    },
  ),

  labTest(
    'a split that heals: the timeline of both journals says what both owned, and for how long',
    async (context) => {
      const { lab, pair, node1, node2, observer } = await openScene(context, { links: ['bcast eth1'] });
      await node2.cut({ device: 'eth1' });
      await eventually(
        'both run the web server',
        () => [pair.httpdRuns(node1), pair.httpdRuns(node2)],
        ([one, two]) => one === true && two === true,
      );
      await node2.heal({ device: 'eth1' });
      await eventually(
        'one owner',
        () => observer.doubleOwners(lab.nowUs() - 200_000),
        (spells) => spells.length === 0,
      );
      await pair.settled();
      const seenMs = (await observer.doubleOwners()).reduce(
        (sum, spell) => sum + (spell.toUs - spell.fromUs) / 1000,
        0,
      );
      // A second or so of quiet steps is held back.
      await sleep(1500);
      keep(node1, node2);
      const file = join(lab.host('node2').stateDirectory, 'for-the-other.ndjson');
      const exported = await pair.run(node2, 'pairbeat', 'timeline', '--export', file);
      expectEqual(exported.code, 0, `exit code of the export (${exported.stderr})`);
      const { stdout, stderr } = await pair.run(node1, 'pairbeat', 'timeline', '--last', '--peer', file, '--json');
      const { timeline } = JSON.parse(stdout || stderr) as { timeline: MergedTimeline };
      const address = timeline.both.filter(({ resource }) => resource.includes('192.168.1.100'));
      const toldMs = address.reduce((sum, { ms: each }) => sum + each, 0);
      const { uncertaintyUs = 0, offsetUs = 0, by } = timeline.clocks ?? {};
      context.note(
        `both owned the address for ${toldMs.toFixed(1)} ms, the observer saw ${seenMs.toFixed(1)} ms; clocks within ${uncertaintyUs} us`,
      );
      expectEqual([address.length, by], [1, 'messages'], 'times that both owned the address, clocks compared by');
      expectTrue(Math.abs(toldMs - seenMs) < 60, 'journal and observer agree', toldMs, seenMs);
      // Both hosts of the lab have one clock.
      expectTrue(
        Math.abs(offsetUs) <= uncertaintyUs,
        'the true difference of the clocks lies within what is stated',
        timeline.clocks,
      );
      expectTrue(
        timeline.both.some(({ resource }) => resource === 'httpd'),
        'and both ran the web server',
        timeline.both,
      );
    },
  ),
];

/** The journal of a host, replayed on another one, which may be reading while it is written. */
async function replay(pair: Pair, on: Host, of: Host): Promise<ReplayAnswer> {
  const { stdout, stderr } = await pair.run(on, 'pairbeat', 'replay', join(of.stateDirectory, 'journal'), '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ReplayAnswer;
}

/** For eyes: `PAIRBEAT_LAB_KEEP=dir` keeps the journals. */
function keep(...hosts: readonly Host[]): void {
  const directory = process.env['PAIRBEAT_LAB_KEEP'];
  if (directory === undefined) return;
  for (const host of hosts) {
    const to = join(directory, host.name);
    mkdirSync(to, { recursive: true });
    cpSync(join(host.stateDirectory, 'journal'), to, { recursive: true });
  }
}
