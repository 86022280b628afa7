/** Fencing through IPMI, end to end: the boards of boards.ts, driven by the stock fence_ipmilan and external/ipmi. */
import { eventually, expectEqual, expectTrue } from '../lab/expect.ts';
import { sleep } from '../lab/machine.ts';
import { installPowerSwitch, type PowerSwitch } from '../lab/power-switch.ts';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import { ms, openScene, type Scene } from '../lab/scene.ts';
import { seedConfiguration } from '../lab/seed.ts';
import { type Board, boardAddresses, boardPassword, boardUser, clientWithBoards, startBoards } from './boards.ts';

type IpmiScene = Scene & { readonly power: PowerSwitch; readonly boards: Readonly<Record<string, Board>> };

/** Who has the board of the other one. */
const others = [
  ['node1', 'node2'],
  ['node2', 'node1'],
] as const;

const agentLines = (password: string): string[] =>
  others.map(
    ([user, target]) =>
      `stonith_host ${user} fence_ipmilan ip=${boardAddresses[target]} username=${boardUser} password=${password} lanplus=1 cipher=3 power_timeout=4 login_timeout=2`,
  );

const scriptLines = others.map(
  ([user, target]) =>
    `stonith_host ${user} external/ipmi ${target} ${boardAddresses[target]} ${boardUser} ${boardPassword} lan`,
);

const pairbeatConf = 'fence_timeout 12\nfence_delay 1\n';
const timers = { keepaliveMs: 200, deadtimeMs: 1000 };
const seedOf = (extra: readonly string[]) => ({ ...timers, links: ['bcast eth0', 'bcast eth1'], extra, pairbeatConf });

async function openIpmi(context: LabTestContext, extra: readonly string[], ready = 'PROTECTED'): Promise<IpmiScene> {
  const lab = { client: clientWithBoards };
  const scene = await openScene(context, { ...seedOf(extra), lab, start: false });
  for (const host of scene.lab.hosts) host.writeFile('ha.cf', seedConfiguration(seedOf(extra)).haCf, 0o600);
  const power = installPowerSwitch(scene.lab);
  const boards = await startBoards(scene.lab, power);
  await scene.pair.startBoth();
  await scene.probe.steady({ owner: 'node1' });
  await eventually(
    `both nodes have asked their device and say ${ready}`,
    () => Promise.all(scene.lab.hosts.map((host) => scene.pair.status(host))),
    (reports) =>
      reports.every(
        (report) =>
          report?.protection.state === ready && report.fencing?.devices.every(({ state }) => state !== 'unknown'),
      ),
  );
  return { ...scene, power, boards };
}

/** Nothing of the machine answers any more, and it is not off: only its board can end it. */
function freeze({ node1 }: IpmiScene): number {
  const atUs = node1.isolate(false);
  node1.pause();
  return atUs;
}

async function expectTakeover(context: LabTestContext, scene: IpmiScene, sinceUs: number): Promise<void> {
  const { probe, power, node1, node2, pair } = scene;
  await probe.steady({ owner: 'node2', timeoutMs: 40_000 });
  const outage = await probe.outage(sinceUs);
  const cut = power.requests.find(({ doneUs, action }) => doneUs !== undefined && action !== 'on')!;
  expectTrue(outage.toUs > cut.doneUs!, 'nobody answered before node1 was dark', outage, power.requests);
  expectTrue(!node1.running, 'node1 is dark');
  await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
  const report = await pair.status(node2);
  expectEqual(report?.lastFailover?.protection, 'PROTECTED', 'the takeover is recorded as');
  const fenced = report!.lastFailover!.phases.map(({ name, startMs, endMs }) => `${name} ${ms(endMs - startMs)}`);
  context.note(`outage ${ms(outage.ms)}: ${fenced.join(', ')}`);
}

async function expectNothing(scene: IpmiScene, attempts: number, what: string): Promise<void> {
  const { pair, node2 } = scene;
  await eventually(
    `${what}: ${attempts} attempts have failed`,
    () => pair.status(node2),
    (report) => report?.alarms.some(({ code }) => code === 'fencing-failed') === true,
    40_000,
  );
  expectTrue(!pair.httpdRuns(node2), `${what}: nothing is started`);
}

export const ipmiTests: readonly LabTest[] = [
  labTest('ipmi: fence_ipmilan switches a frozen node off, and its groups follow', async (context) => {
    const scene = await openIpmi(context, agentLines(boardPassword));
    await expectTakeover(context, scene, freeze(scene));
    await eventually(
      'node1 is given its power back',
      () => scene.power.requests.some(({ action, target }) => action === 'on' && target === 'node1'),
      Boolean,
    );
  }),

  labTest('ipmi: external/ipmi of cluster-glue does the same', async (context) => {
    const scene = await openIpmi(context, scriptLines);
    await expectTakeover(context, scene, freeze(scene));
  }),

  labTest(
    'ipmi: a wrong password takes nothing over; the right one, reloaded, does',
    async (context) => {
      const scene = await openIpmi(context, agentLines('wrong'), 'CANNOT FAIL OVER');
      const { lab, pair, node2 } = scene;
      freeze(scene);
      await expectNothing(scene, 1, 'wrong password');
      node2.writeFile('ha.cf', seedConfiguration(seedOf(agentLines(boardPassword))).haCf, 0o600);
      const mendedUs = lab.nowUs();
      expectEqual((await pair.run(node2, 'heartbeat', '-r')).code, 0, 'exit code of the reload');
      await expectTakeover(context, scene, mendedUs);
      const found = await node2.exec([
        'grep',
        '-rlE',
        `wrong|${boardPassword}`,
        '/var/lib/heartbeat',
        '/run/heartbeat',
      ]);
      expectEqual(found.stdout, '', 'files of node2 with a password in them');
      const logged = await node2.exec(['grep', '-c', boardPassword, '/var/log/ha-log']);
      expectEqual(logged.stdout.trim(), '0', 'lines of the log with the password');
    },
    90_000,
  ),

  labTest(
    'ipmi: a board that says yes and does not switch proves nothing',
    async (context) => {
      const scene = await openIpmi(context, agentLines(boardPassword));
      scene.power.behave('half', scene.lab.client);
      freeze(scene);
      await expectNothing(scene, 1, 'power that stays on');
      expectTrue(scene.node1.running, 'node1 has power still');
      scene.power.behave('works', scene.lab.client);
      await expectTakeover(context, scene, scene.lab.nowUs());
    },
    90_000,
  ),

  labTest(
    'ipmi: a board that does not answer takes nothing over; when it answers again, it happens',
    async (context) => {
      const scene = await openIpmi(context, agentLines(boardPassword));
      const { client } = scene.lab;
      client.pause(scene.boards['node1']!.process.pid);
      freeze(scene);
      await expectNothing(scene, 1, 'silent board');
      client.resume(scene.boards['node1']!.process.pid);
      await expectTakeover(context, scene, scene.lab.nowUs());
    },
    90_000,
  ),

  labTest('ipmi: only the links are cut, both boards work: node1 survives', async (context) => {
    const scene = await openIpmi(context, agentLines(boardPassword));
    const { node1, node2, lab, probe, power } = scene;
    const atUs = lab.nowUs();
    // The boards are on eth0's network: only what the nodes say to each other is lost.
    for (const host of lab.hosts) expectEqual((await host.exec(['nft', dropHeartbeats])).code, 0, 'exit code of nft');
    await eventually(
      'one node is dark',
      () => [node1.running, node2.running],
      ([one, two]) => one !== two,
    );
    await sleep(3000);
    expectTrue(node1.running && !node2.running, 'node1 lives, node2 is dark', power.requests);
    expectEqual(
      (await probe.owners(atUs)).map(({ owner }) => owner),
      ['node1'],
      'owners of the address',
    );
  }),
];

const dropHeartbeats = 'table inet cut {\nchain c {\ntype filter hook input priority 0\nudp dport 694 drop\n}\n}';
