/** The main job: the address and the service move when they should, once, and quickly. */
import { accountOf } from '../demo/failover-account.ts';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import { sleep } from './machine.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, quickTimers } from './scene.ts';

/** What scheduling on two shared cores may add; the benchmark holds the real aims. */
const slackMs = 60;

export const takeoverTests: readonly LabTest[] = [
  labTest('a crash of the owner: the peer has the address within the deadtime, and says so', async (context) => {
    const { pair, node1, node2, probe, doubleOwnerMs } = await openScene(context);
    const atUs = node1.crash();
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}`);
    expectAtMost(outage.ms, quickTimers.deadtimeMs + slackMs, 'outage after a crash');
    await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
    expectEqual(await doubleOwnerMs(), 0, 'nobody else answered for the address');
    const report = await eventually(
      'node2 tells of the takeover',
      () => pair.status(node2),
      (status) => status?.lastFailover?.kind === 'crash',
    );
    const failover = report!.lastFailover!;
    expectEqual(failover.from, 'node1', 'the failover came from');
    expectEqual(failover.protection, 'UNPROTECTED', 'a takeover on silence alone is recorded as');
    expectEqual(report!.nodes.find((node) => node.name === 'node1')?.status, 'dead', 'node1 is seen as');
  }),

  labTest('the phases in the status agree with what the client measured', async (context) => {
    const { pair, node1, node2, probe } = await openScene(context, {
      haresources: 'node1 IPaddr::192.168.1.100/24/eth0\n',
    });
    const atUs = node1.crash();
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    const report = await eventually(
      'a failover',
      () => pair.status(node2),
      (status) => status?.lastFailover !== undefined,
    );
    const { phases, totalMs } = report!.lastFailover!;
    // The daemon counts from the last keepalive it heard, the client from the last answer it got.
    const announced = phases.find((phase) => phase.name === 'announce') ?? phases.at(-1)!;
    const account = await accountOf(node2, atUs);
    const apartMs = Math.abs(outage.toUs - account.announcedUs) / 1000;
    context.note(`client ${ms(outage.ms)}, daemon ${ms(announced.endMs)} of ${ms(totalMs)}, ends ${ms(apartMs)} apart`);
    expectAtMost(apartMs, 5, 'milliseconds between the announcement in the journal and the first answer to the client');
    expectTrue(
      phases.some((phase) => phase.name === 'detect'),
      'there is a phase named detect',
      phases,
    );
    expectTrue(announced.endMs >= quickTimers.deadtimeMs - 1, 'the address moved no earlier than the deadtime', phases);
    expectTrue(outage.ms <= announced.endMs + 10, 'the client was not without the address for longer', phases, outage);
    expectTrue(outage.ms >= announced.endMs - quickTimers.keepaliveMs - 10, 'nor for less', phases, outage);
  }),

  labTest('hb_standby hands the resources over and keeps the node in the cluster', async (context) => {
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = await openScene(context);
    const atUs = lab.nowUs();
    expectEqual((await pair.run(node1, 'hb_standby')).code, 0, 'exit code of hb_standby');
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}`);
    expectAtMost(outage.ms, slackMs, 'outage of a handover');
    await eventually(
      'the web server runs on node2 only',
      () => [pair.httpdRuns(node1), pair.httpdRuns(node2)],
      ([one, two]) => !one && two === true,
    );
    await pair.settled();
    const [group] = (await pair.status(node2))!.groups;
    expectEqual(group?.holdings, { node1: 'stopped', node2: 'running' }, 'who holds the group, by node2');
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('hb_takeover fetches them back', async (context) => {
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = await openScene(context);
    expectEqual((await pair.run(node2, 'hb_takeover')).code, 0, 'exit code of hb_takeover');
    await probe.steady({ owner: 'node2' });
    await pair.settled();
    const atUs = lab.nowUs();
    expectEqual((await pair.run(node1, 'hb_takeover', 'local')).code, 0, 'exit code of hb_takeover local');
    await probe.steady({ owner: 'node1' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}`);
    expectAtMost(outage.ms, slackMs, 'outage of a takeover on request');
    await eventually('the web server came along', () => pair.httpdRuns(node1) && !pair.httpdRuns(node2), Boolean);
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('a graceful stop hands over before the daemon ends', async (context) => {
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = await openScene(context);
    const atUs = lab.nowUs();
    expectEqual(await pair.stop(node1), 0, 'exit code of the daemon');
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}`);
    expectAtMost(outage.ms, slackMs, 'outage of a graceful stop');
    await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
    expectTrue(!pair.httpdRuns(node1), 'nothing is left running on node1');
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
    const left = node1.processes().map((process) => process.argv.join(' '));
    expectEqual(left, [], 'no process is left on node1');
  }),

  labTest('auto_failback on: a node that returns gets its resources back', async (context) => {
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = await openScene(context);
    node1.crash();
    await probe.steady({ owner: 'node2' });
    await node1.boot();
    const atUs = lab.nowUs();
    await pair.start(node1);
    await probe.steady({ owner: 'node1' });
    const outage = await probe.outage(atUs);
    context.note(`outage ${ms(outage.ms)}`);
    expectAtMost(outage.ms, slackMs, 'outage of a failback');
    await eventually('the web server came home', () => pair.httpdRuns(node1) && !pair.httpdRuns(node2), Boolean);
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('auto_failback off: a node that returns stays passive', async (context) => {
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = await openScene(context, { autoFailback: 'off' });
    node1.crash();
    await probe.steady({ owner: 'node2' });
    await node1.boot();
    const atUs = lab.nowUs();
    await pair.start(node1);
    await pair.settled();
    await sleep(1000);
    expectEqual(
      (await probe.owners(atUs)).map((spell) => spell.owner),
      ['node2'],
      'owners since the return',
    );
    expectAtMost((await probe.outage(atUs)).ms, 20, 'outage while node1 returns');
    expectTrue(pair.httpdRuns(node2) && !pair.httpdRuns(node1), 'the web server stays on node2');
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('two nodes that start together do not wait ten seconds', async (context) => {
    const { lab, pair, probe, doubleOwnerMs } = await openScene(context, { start: false, initdeadMs: 10_000 });
    const startedUs = lab.nowUs();
    await Promise.all(lab.hosts.map((host) => pair.start(host)));
    await probe.steady({ owner: 'node1' });
    const [first] = await probe.owners(startedUs);
    const seconds = (first!.fromUs - startedUs) / 1e6;
    context.note(`address after ${seconds.toFixed(2)} s`);
    expectAtMost(seconds, 3, 'seconds from the start of both daemons to the address');
    expectEqual(first!.owner, 'node1', 'first owner');
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('a node that boots alone starts after initdead, not before', async (context) => {
    const { lab, pair, node2, probe } = await openScene(context, { start: false, initdeadMs: 2000 });
    lab.host('node1').crash();
    const startedUs = lab.nowUs();
    await pair.start(node2);
    await probe.steady({ owner: 'node2' });
    const [first] = await probe.owners(startedUs);
    const seconds = (first!.fromUs - startedUs) / 1e6;
    context.note(`address after ${seconds.toFixed(2)} s`);
    expectTrue(seconds >= 2, 'at least initdead has passed', seconds);
    expectAtMost(seconds, 5, 'seconds to the address');
    const report = await pair.status(node2);
    const group = report?.groups[0];
    expectTrue(
      group?.because?.toLowerCase().includes('unprotected') === true,
      'the start says that it is UNPROTECTED',
      report?.groups,
    );
  }),
];
