/** The configuration changes under a running pair: nothing is interrupted that need not be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sleep } from './machine.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, quickTimers, type Scene } from './scene.ts';
import { seedAddress, seedConfiguration } from './seed.ts';

const second = '192.168.1.101';
const line = (...resources: readonly string[]): string => `node1 ${resources.join(' ')}\n`;
const first = `IPaddr::${seedAddress}/24/eth0`;

export const reloadTests: readonly LabTest[] = [
  labTest('reload: an address is added and taken away on a running pair, the rest is not touched', async (context) => {
    const scene = await openScene(context);
    const { lab, pair, node1, node2, probe } = scene;
    const actions = pair.httpdActions(node1).length;
    const atUs = lab.nowUs();
    const added = await lab.probe(second);
    node1.writeFile('haresources', line(first, `${second}/24/eth0`, 'httpd'));
    const plan = await pair.run(node1, 'pairbeat', 'reload', '--dry-run');
    expectTrue(plan.stdout.includes(`starts ${second}/24/eth0`), 'the plan says what would be started', plan);
    const beforeUs = lab.nowUs();
    await reload(scene, node1);
    await added.steady({ owner: 'node1' });
    const tookMs = ((await added.owners(beforeUs)).at(0)!.fromUs - beforeUs) / 1000;
    context.note(`answers ${ms(tookMs)} after "heartbeat -r" was typed`);
    node2.writeFile('haresources', line(first, `${second}/24/eth0`, 'httpd'));
    await reload(scene, node2);
    await pair.settled();

    // It belongs to the group now: the other node takes both.
    expectEqual((await pair.run(node1, 'hb_standby')).code, 0, 'exit code of hb_standby');
    await added.steady({ owner: 'node2' });
    expectEqual((await pair.run(node2, 'hb_standby')).code, 0, 'exit code of hb_standby back');
    await added.steady({ owner: 'node1' });
    await probe.steady({ owner: 'node1' });
    await pair.settled();
    const movedUs = lab.nowUs();
    for (const host of [node2, node1]) {
      host.writeFile('haresources', line(first, 'httpd'));
      await reload(scene, host);
    }
    await eventually(
      'the address is gone',
      async () => (await added.owners(lab.nowUs() - 100_000)).length,
      (owners) => owners === 0,
    );
    expectAtMost((await probe.outage(movedUs)).ms, 20, 'outage of the first address while the second goes');
    const touched = pair
      .httpdActions(node1)
      .slice(actions)
      .filter(({ atUs: us }) => us > movedUs || us < beforeUs);
    expectEqual(touched, [], 'what was done to the web server by the reloads');
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
    await expectNoLateKeepalives(scene, atUs);
  }),

  labTest('reload: times and links change without a late keepalive; a bad file changes nothing', async (context) => {
    const scene = await openScene(context, { links: ['bcast eth0', 'ucast eth1 10.0.9.103', 'ucast eth1 10.0.9.121'] });
    const { lab, pair, node1, node2, probe } = scene;
    const atUs = lab.nowUs();
    for (const host of [node1, node2]) {
      host.writeConfiguration(
        seedConfiguration({
          ...quickTimers,
          deadtimeMs: 2000,
          links: ['bcast eth0', 'bcast eth1'],
          extra: ['debug 1'],
        }),
      );
      await reload(scene, host);
    }
    await eventually(
      'both nodes see both links up, and each other with the new deadtime',
      async () => (await pair.status(node1))?.nodes.find(({ name }) => name === 'node2'),
      (node) => node?.deadtimeMs === 2000 && node.links.length === 2 && node.links.every(({ up }) => up),
    );
    const before = await pair.status(node1);
    node1.writeFile('ha.cf', `${seedConfiguration(quickTimers).haCf}deadtime 10 ms\n`);
    const refused = await pair.run(node1, 'heartbeat', '-r');
    expectEqual(refused.code, 6, 'exit code of a reload with a bad file');
    expectTrue(refused.stderr.includes('^'), 'the error is shown with a caret', refused.stderr);
    expectEqual((await pair.run(node1, 'pairbeat', 'reload')).code, 6, 'exit code of pairbeat reload');
    expectEqual((await pair.status(node1))?.configuration, before?.configuration, 'what holds after a refused reload');
    expectTrue(logOf(node1).includes('deadtime'), 'the error is in the log', logOf(node1).slice(-2000));
    node1.writeConfiguration({
      ...seedConfiguration({
        ...quickTimers,
        deadtimeMs: 2000,
        links: ['bcast eth0', 'bcast eth1'],
        extra: ['debug 1'],
      }),
      haresources: '# cut short\n',
    });
    const emptied = await pair.run(node1, 'pairbeat', 'reload');
    expectEqual(emptied.code, 107, `exit code of a reload that would stop everything (${emptied.stderr})`);
    expectEqual((await pair.status(node1))?.groups.length, 1, 'groups after an empty haresources was refused');
    expectAtMost((await probe.outage(atUs)).ms, 20, 'outage while times and links change');
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
    await expectNoLateKeepalives(scene, atUs);
  }),

  labTest('heartbeat -R: the daemon is another one, and nothing was interrupted', async (context) => {
    const scene = await openScene(context);
    const { lab, pair, node1, node2, probe } = scene;
    const actions = pair.httpdActions(node1).length;
    const generation = (await pair.status(node1))!.generation;
    const atUs = lab.nowUs();
    const done = await pair.run(node1, 'heartbeat', '-R');
    expectEqual(done.code, 0, `exit code of heartbeat -R (${done.stderr})`);
    context.note(`took ${ms((lab.nowUs() - atUs) / 1000)}`);
    await pair.settled();
    expectTrue((await pair.status(node1))!.generation > generation, 'it is a new incarnation');
    await eventually(
      'node2 counts by the configured deadtime again',
      async () => (await pair.status(node2))?.nodes.find(({ name }) => name === 'node1')?.deadtimeMs,
      (deadtimeMs) => deadtimeMs === quickTimers.deadtimeMs,
    );
    await sleep(3 * quickTimers.deadtimeMs);
    const outage = await probe.outage(atUs);
    context.note(`longest gap of the client ${ms(outage.ms)}`);
    expectAtMost(outage.ms, 20, 'outage while the daemon restarts');
    expectEqual(pair.httpdActions(node1).length, actions, 'actions of the web server');
    expectTrue(!pair.httpdRuns(node2), 'node2 has taken nothing');
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
  }),
];

async function reload({ pair }: Scene, host: Host): Promise<void> {
  const done = await pair.run(host, 'heartbeat', '-r');
  expectEqual(done.code, 0, `exit code of heartbeat -r on ${host.name} (${done.stderr})`);
}

const logOf = (host: Host): string => readFileSync(join(host.logDirectory, 'ha-log'), 'utf8');

/** Both nodes note when a keepalive of the other comes later than warntime. */
async function expectNoLateKeepalives({ pair, node1, node2 }: Scene, _sinceUs: number): Promise<void> {
  for (const host of [node1, node2]) {
    const other = (await pair.status(host))!.nodes.find(({ self }) => !self)!;
    expectEqual(other.status, 'active', `${other.name} as ${host.name} sees it`);
    const late = logOf(host)
      .split('\n')
      .filter((text) => /Late heartbeat|has been silent/.test(text));
    expectEqual(late, [], `late keepalives in the log of ${host.name}`);
  }
}
