/** Cables and packets: cuts and heals, several links, IPv6, and datagrams that nobody should have sent. */
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import { startHostile } from './hostile.ts';
import { sleep } from './machine.ts';
import { program } from './pair.ts';
import { neighbourOf } from './probe.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene } from './scene.ts';
import { seedAddress } from './seed.ts';

export const networkTests: readonly LabTest[] = [
  labTest(
    'links cut for three seconds and healed: one owner within a second, the owner never interrupted',
    async (context) => {
      // The keepalive link is a network of its own, so that the client sees both hosts all the time.
      const scene = await openScene(context, { links: ['bcast eth1'] });
      const { lab, pair, node1, node2, probe, observer } = scene;
      await node2.cut({ device: 'eth1' });
      await eventually(
        'both own the address during the cut',
        () => observer.doubleOwners(),
        (spells) => spells.length > 0,
        5000,
      );
      await sleep(2500);
      const actions = pair.httpdActions(node1).length;
      const healedUs = await node2.heal({ device: 'eth1' });
      await sleep(2000);
      const doubles = await observer.doubleOwners(healedUs);
      const oneOwnerAfterMs = ((doubles.at(-1)?.toUs ?? healedUs) - healedUs) / 1000;
      context.note(`one owner ${ms(oneOwnerAfterMs)} after the heal`);
      expectAtMost(oneOwnerAfterMs, 1000, 'milliseconds from the heal to one owner');
      await pair.settled();
      expectEqual(
        await probe.steady({ steadyMs: 500 }),
        'node1',
        'the owner before the split keeps the address: owner',
      );
      expectTrue(pair.httpdRuns(node1) && !pair.httpdRuns(node2), 'the web server runs on node1 only');
      expectEqual(pair.httpdActions(node1).slice(actions), [], 'nothing was stopped or started on node1');
      expectEqual(await neighbourOf(lab, seedAddress), 'node1', 'the neighbour table of the client points to');
      const stale = await probe.outage(healedUs + oneOwnerAfterMs * 1000 + 50_000);
      expectAtMost(stale.ms, 20, 'gap for the client once there is one owner');
      const status = await pair.status(node1);
      expectTrue(status?.split !== undefined, 'the split is on record, for the web server ran twice', status);
    },
    90_000,
  ),

  labTest(
    'a client that learned the wrong owner during a cut reaches the right one at once',
    async (context) => {
      const scene = await openScene(context, {
        links: ['bcast eth0'],
        haresources: `node1 IPaddr::${seedAddress}/24/eth0\n`,
      });
      const { lab, pair, node1, probe } = scene;
      // The owner loses its only cable: the client's table now names node2, which took over.
      await node1.cut({ device: 'eth0' });
      await probe.steady({ owner: 'node2' });
      await sleep(2500);
      const healedUs = await node1.heal({ device: 'eth0' });
      await eventually(
        'one owner',
        () => scene.observer.doubleOwners(lab.nowUs() - 200_000),
        (spells) => spells.length === 0,
      );
      await pair.settled();
      const owner = await probe.steady({ steadyMs: 300 });
      const outage = await probe.outage(healedUs);
      context.note(`${owner} owns; longest gap after the heal ${ms(outage.ms)}`);
      expectEqual(await neighbourOf(lab, seedAddress), owner, 'the neighbour table of the client points to');
      expectAtMost(outage.ms, 1000, 'longest gap for the client after the heal');
    },
    90_000,
  ),

  labTest('two links, one of them cut: no resource moves, and the status says which link is down', async (context) => {
    const scene = await openScene(context, { links: ['bcast eth0', 'bcast eth1'] });
    const { lab, pair, node1, node2, probe } = scene;
    const atUs = await node2.cut({ device: 'eth1' });
    const down = await eventually(
      'node1 sees the link down',
      () => pair.status(node1),
      (status) =>
        status?.nodes.some(
          (node) => node.name === 'node2' && node.links.some((link) => link.device === 'eth1' && !link.up),
        ) === true,
    );
    expectTrue(
      down!.nodes.every((node) => node.status === 'active'),
      'both nodes stay active',
      down!.nodes,
    );
    await sleep(1000);
    await node2.heal({ device: 'eth1' });
    await eventually(
      'node1 sees the link up again',
      () => pair.status(node1),
      (status) => status?.nodes.every((node) => node.links.every((link) => link.up)) === true,
    );
    expectEqual(
      (await probe.owners(atUs)).map((spell) => spell.owner),
      ['node1'],
      'owners',
    );
    expectAtMost((await probe.outage(atUs)).ms, 20, 'outage');
    expectEqual(pair.httpdActions(node2), [], 'node2 started nothing');
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
    expectTrue(lab.nowUs() > atUs, 'time passed');
  }),

  labTest(
    'one direction of the only link cut: the owner is not disturbed after the heal',
    async (context) => {
      const scene = await openScene(context, { links: ['bcast eth1'] });
      const { pair, node1, node2, probe, observer } = scene;
      await node2.cut({ device: 'eth1', direction: 'in' });
      await sleep(1500);
      const healedUs = await node2.heal({ device: 'eth1' });
      await sleep(1500);
      await pair.settled();
      const doubles = await observer.doubleOwners(healedUs);
      expectAtMost(((doubles.at(-1)?.toUs ?? healedUs) - healedUs) / 1000, 1000, 'milliseconds to one owner');
      await probe.steady({ steadyMs: 300 });
      expectTrue(pair.httpdRuns(node1) !== pair.httpdRuns(node2), 'the web server runs on exactly one node');
    },
    90_000,
  ),

  labTest(
    'wrong key, replayed, truncated and oversized datagrams: counted, hardly logged, no effect',
    async (context) => {
      const scene = await openScene(context, { authkeys: 'auth 1\n1 sha256 lab-key-of-thirty-two-characters\n' });
      const { lab, pair, node1, node2, probe } = scene;
      const before = await pair.status(node2);
      const atUs = lab.nowUs();
      const sent = await startHostile(lab.client, { seconds: 4 });
      context.note(`${sent.datagrams} hostile datagrams`);
      expectTrue(sent.captured > 0 && sent.datagrams > 2000, 'the attack took place', sent);
      await sleep(500);
      const after = await pair.status(node2);
      expectTrue(
        after!.nodes.every((node) => node.status === 'active'),
        'both nodes are active',
        after?.nodes,
      );
      expectEqual(
        after!.nodes.map((node) => node.generation),
        before!.nodes.map((node) => node.generation),
        'generations',
      );
      expectEqual(
        (await probe.owners(atUs)).map((spell) => spell.owner),
        ['node1'],
        'owners',
      );
      expectAtMost((await probe.outage(atUs)).ms, 20, 'outage');
      expectEqual(pair.httpdActions(node2), [], 'node2 started nothing');
      const counted = total(after!.counters) - total(before!.counters);
      expectTrue(counted >= sent.datagrams / 2, 'they were counted', after?.counters);
      const lines = pair.daemon(node1).output().split('\n').length + pair.daemon(node2).output().split('\n').length;
      expectAtMost(lines, 400, 'lines in the logs of both daemons');
    },
  ),

  labTest('an IPv6 address moves as well', async (context) => {
    const scene = await openScene(context, {
      address: 'fd00:1::100',
      haresources: 'node1 IPv6addr::fd00:1:0:0:0:0:0:100/64/eth0\n',
    });
    const { lab, pair, node1, probe } = scene;
    const standbyUs = lab.nowUs();
    await pair.run(node1, 'hb_standby');
    await probe.steady({ owner: 'node2' });
    const standby = await probe.outage(standbyUs);
    await pair.run(node1, 'hb_takeover');
    await probe.steady({ owner: 'node1' });
    await pair.settled();
    const atUs = node1.crash();
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`standby ${ms(standby.ms)}, crash ${ms(outage.ms)}`);
    expectAtMost(standby.ms, 60, 'outage of the handover');
    expectAtMost(outage.ms, 360, 'outage of the crash');
  }),

  labTest('ucast links work like bcast', async (context) => {
    const scene = await openScene(context, {
      links: ['ucast eth0 192.168.1.6', 'ucast eth0 192.168.1.8', 'mcast eth1 225.0.0.1 694 1 0'],
    });
    const { pair, node1, node2, probe } = scene;
    const report = await pair.status(node1);
    const peer = report?.nodes.find((node) => node.name === 'node2');
    expectTrue(
      peer?.links.some((link) => link.link.startsWith('ucast/') && link.up) === true,
      'the ucast link is up',
      peer,
    );
    expectTrue(
      peer?.links.some((link) => link.link.startsWith('mcast/') && link.up) === true,
      'the mcast link is up',
      peer,
    );
    node1.crash();
    await probe.steady({ owner: 'node2' });
    expectTrue(
      node2.processes().some(({ argv }) => argv.includes(program('heartbeat')[1]!)),
      'the daemon of node2 lives',
    );
  }),
];

const total = (counters: Readonly<Record<string, number>>): number =>
  Object.entries(counters)
    .filter(([name]) =>
      /bad|wrong|replay|rate-limited|drop|discard|reject|malformed|truncat|oversize|auth|duplicate|ignored/i.test(name),
    )
    .reduce((sum, [, value]) => sum + value, 0);
