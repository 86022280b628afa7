/** Agents that fail: a failed start moves the group, a failed stop pins it. */
import { ask } from '../../src/client/connection.ts';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import { sleep } from './machine.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';
import { failHttpd } from './seed.ts';

export const failureTests: readonly LabTest[] = [
  labTest('a service that cannot start: its group is stopped and the peer takes it', async (context) => {
    const scene = await openScene(context, { start: false });
    const { lab, pair, node1, node2, probe } = scene;
    failHttpd(node1, 'start', true);
    await Promise.all(lab.hosts.map((host) => pair.start(host)));
    await probe.steady({ owner: 'node2', timeoutMs: 40_000 });
    await eventually('the web server runs on node2', () => pair.httpdRuns(node2), Boolean);
    await pair.settled();
    await sleep(1500);
    expectTrue(
      pair.httpdActions(node1).some(({ action }) => action === 'start-failed'),
      'node1 tried',
    );
    expectEqual(await probe.steady({}), 'node2', 'and the group does not wander: owner');
    const address = await node1.exec(['ip', '-brief', 'address', 'show', 'eth0']);
    expectTrue(!address.stdout.includes('192.168.1.100'), 'the address is gone from node1', address.stdout);
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
  }),

  labTest(
    'a service that cannot stop is never started on the peer, until an operator has dealt with it',
    async (context) => {
      const scene = await openScene(context);
      const { pair, node1, node2, probe } = scene;
      failHttpd(node1, 'stop', true);
      await pair.run(node1, 'hb_standby');
      const report = await eventually(
        'node1 says that the stop failed',
        () => pair.status(node1),
        (status) => status?.groups.some((group) => group.holdings['node1'] === 'stop-failed') === true,
        40_000,
      );
      await sleep(2000);
      expectTrue(
        !pair.httpdActions(node2).some(({ action }) => action === 'start'),
        'node2 did not start the web server',
        report,
      );
      expectTrue(pair.httpdRuns(node1), 'it still runs on node1');
      failHttpd(node1, 'stop', false);
      const answer = await ask(node1.path('/run/heartbeat'), 'cleanup', {}, { timeoutMs: 5000 });
      expectTrue(answer.ok, 'cleanup is accepted', answer);
      await pair.settled();
      await eventually(
        'the web server runs on exactly one node',
        () => pair.httpdRuns(node1) !== pair.httpdRuns(node2),
        Boolean,
      );
      await probe.steady();
      expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
    },
    90_000,
  ),
];
