/** Fencing with a switch that really cuts the power of a lab host: what is started, and above all what is not, and when. */
import type { StatusReport } from '../../src/protocol/status.ts';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sleep } from './machine.ts';
import { installPowerSwitch, type PowerSwitch } from './power-switch.ts';
import { type LabTest, type LabTestContext, labTest } from './runner.ts';
import { ms, openScene, quickTimers, type Scene } from './scene.ts';

type FencedScene = Scene & { readonly power: PowerSwitch };

const delayMs = 500;

/** Both nodes on two networks, the switch beside them, the group on node1. */
async function openFenced(
  context: LabTestContext,
  kind: 'agent' | 'external',
  pairbeatConf = '',
): Promise<FencedScene> {
  const line =
    kind === 'agent' ? 'stonith_host * fence_lab password=secret' : 'stonith_host * external/lab node1 node2';
  const scene = await openScene(context, {
    links: ['bcast eth0', 'bcast eth1'],
    extra: [line],
    pairbeatConf: `fence_timeout 5\nfence_delay ${delayMs}ms\n${pairbeatConf}`,
    start: false,
  });
  const power = installPowerSwitch(scene.lab);
  await scene.pair.startBoth();
  await scene.probe.steady({ owner: 'node1' });
  await eventually(
    'both nodes are PROTECTED',
    () => Promise.all([scene.pair.status(scene.node1), scene.pair.status(scene.node2)]),
    (reports) => reports.every((report) => report?.protection.state === 'PROTECTED'),
  );
  return { ...scene, power };
}

const strikes = ({ power }: FencedScene): string[] =>
  power.requests.filter(({ action }) => action !== 'on').map(({ from, target }) => `${from} ${target}`);

export const fencingTests: readonly LabTest[] = [
  labTest('fencing: a crashed node is switched off, and only then taken over (fence agent)', async (context) => {
    const scene = await openFenced(context, 'agent');
    const { pair, node1, node2, probe, power } = scene;
    const atUs = node1.crash();
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}, of it ${delayMs} ms delay`);
    expectEqual(strikes(scene), ['node2 node1'], 'who struck whom');
    expectTrue(
      outage.toUs >= power.requests[0]!.doneUs!,
      'nobody answered before the outlet was off',
      outage,
      power.requests,
    );
    expectAtMost(outage.ms, quickTimers.deadtimeMs + delayMs + 3000, 'outage');
    const report = await failoverOf(pair, node2);
    expectEqual(report.lastFailover?.protection, 'PROTECTED', 'the takeover is recorded as');
    expectTrue(report.groups[0]?.because?.includes('fence_lab') === true, 'the start names the device', report.groups);
    await eventually(
      'node1 is given its power back',
      () => power.requests.map(({ action }) => action),
      (actions) => actions.at(-1) === 'on',
    );
    const asked = await pair.run(node2, 'pairbeat', 'fence-status');
    expectEqual(asked.code, 0, 'exit code of fence-status');
    expectTrue(/fence_lab +works/.test(asked.stdout), 'fence-status says that the device works', asked.stdout);
    await expectNoSecret(scene, node2);
  }),

  labTest(
    'fencing: while the device fails, or is seen not to have done it, nothing is taken over; mended, it happens (L6)',
    async (context) => {
      const scene = await openFenced(context, 'agent');
      const { pair, node1, node2, probe, power, lab } = scene;
      power.behave('half');
      pair.daemon(node1).kill('SIGSTOP');
      node1.isolate(false);
      const failure = async (): Promise<string> => (await pair.status(node2))?.fencing?.lastFailure ?? '';
      await eventually('the half success is no success', failure, (words) => words.includes('status says ON'));
      power.behave('fails');
      await eventually('the next failure', failure, (words) => words.includes('the switch refused'), 40_000);
      const report = await pair.status(node2);
      expectTrue(!pair.httpdRuns(node2) && node1.running, 'nothing is started on node2, node1 has power');
      expectEqual(report?.protection.state, 'CANNOT FAIL OVER', 'node2 says');
      expectTrue(
        report?.alarms.some(({ code }) => code === 'fencing-failed') === true,
        'the alarm tells that the device failed',
        report?.alarms,
      );
      const mendedUs = lab.nowUs();
      power.behave('works');
      await probe.steady({ owner: 'node2', timeoutMs: 40_000 });
      context.note(`taken over ${ms((lab.nowUs() - mendedUs) / 1000)} after the device was mended`);
      await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
      expectEqual(await scene.doubleOwnerMs(), 0, 'milliseconds with two owners');
    },
    90_000,
  ),

  labTest(
    'fencing: only the links are cut: exactly one node survives, the one that held the group',
    async (context) => {
      const scene = await openFenced(context, 'agent');
      const { node1, node2, probe, power, lab } = scene;
      const atUs = lab.nowUs();
      node2.isolate(false);
      await eventually(
        'one node is dark',
        () => [node1.running, node2.running],
        ([one, two]) => one !== two,
      );
      await sleep(delayMs + 1000);
      expectTrue(node1.running && !node2.running, 'node1 lives, node2 is dark', power.requests);
      expectEqual(strikes(scene), ['node1 node2'], 'who struck whom');
      expectAtMost((await probe.outage(atUs)).ms, 20, 'outage of the address');
      expectEqual(await scene.doubleOwnerMs(), 0, 'milliseconds with two owners');
    },
  ),

  labTest('fencing: a false success is seen when the node that should be off is heard again', async (context) => {
    const scene = await openFenced(context, 'external');
    const { pair, node1, node2, power } = scene;
    power.behave('fails', node1);
    power.behave('lies', node2);
    node1.isolate(false);
    await eventually('node2 takes over', () => pair.httpdRuns(node2), Boolean);
    node1.isolate(true);
    const codes = (report: StatusReport | undefined): readonly string[] => report?.alarms.map(({ code }) => code) ?? [];
    await eventually(
      'one of the nodes raises the alarm',
      () => Promise.all([pair.status(node1), pair.status(node2)]),
      (reports) => reports.flatMap(codes).some((code) => code === 'fenced-but-alive' || code === 'fenced-peer-heard'),
    );
    await eventually(
      'only one of them still runs the web server',
      () => [node1, node2].filter((host) => pair.httpdRuns(host)).length,
      (count) => count === 1,
    );
  }),
];

async function failoverOf(pair: Scene['pair'], host: Host): Promise<StatusReport> {
  const report = await eventually(
    `${host.name} tells of the takeover`,
    () => pair.status(host),
    (status) => status?.lastFailover !== undefined && status.groups[0]?.holdings[host.name] === 'running',
  );
  return report!;
}

/** Nor in any file that the node has written. */
async function expectNoSecret({ pair }: Scene, host: Host): Promise<void> {
  const status = JSON.stringify(await pair.status(host));
  expectTrue(!status.includes('password=') && !/\bsecret\b/.test(status), 'the status shows no parameter', status);
  const found = await host.exec(['grep', '-rlw', 'secret', '/var/lib/heartbeat', '/var/log', '/run/heartbeat']);
  expectEqual(found.stdout, '', 'files of the node with the password of the device');
}
