/** Every medium beside the IPv4 ones: IPv6, link-local and multicast, and serial lines, also to a real Heartbeat. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import type { LinkTestReport } from '../../src/protocol/link-test.ts';
import type { StatusReport } from '../../src/protocol/status.ts';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import type { Pair } from './pair.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, quickTimers, type SceneOptions } from './scene.ts';
import { installSeed } from './seed.ts';
import { createSerialLine, type SerialLine } from './serial-line.ts';

const heartbeat3 = '/usr/libexec/heartbeat/heartbeat';

export const linkTests: readonly LabTest[] = [
  labTest(
    'link-test names the link that loses one direction, beside the running pair and without it',
    async (context) => {
      const { pair, node1, node2, probe, lab } = await openScene(context, { links: ['bcast eth0', 'bcast eth1'] });
      await node2.cut({ device: 'eth1', direction: 'in' });
      const atUs = lab.nowUs();
      const tested = await linkTest(pair, node1);
      expectEqual(tested.code, 1, 'exit code');
      expectEqual(wordsOf(tested.stdout), { 'bcast/eth0': 'good', 'bcast/eth1': 'one way in' }, 'verdicts');
      expectAtMost((await probe.outage(atUs)).ms, 20, 'outage meanwhile');
      await node2.heal({ device: 'eth1' });
      await Promise.all([pair.stop(node1), pair.stop(node2)]);
      const alone = await Promise.all([node1, node2].map((host) => linkTest(pair, host)));
      for (const { code, stdout } of alone) {
        expectTrue(code === 0 || code === 1, 'the test took place', stdout);
        const { links } = (JSON.parse(stdout) as { linkTest: LinkTestReport }).linkTest;
        // On a busy machine an answer may be late; none may be lost.
        for (const { link, sent, reached, answered } of links)
          expectEqual([sent > 10, reached, answered], [true, sent, sent], link);
      }
    },
  ),

  labTest('IPv6 carries the pair: ucast6 to global and link-local addresses, mcast6', async (context) => {
    const scene = await openScene(context, { start: false });
    const { pair, node1, node2, probe } = scene;
    for (const [host, last] of [
      [node1, 6],
      [node2, 8],
    ] as const) {
      await host.exec(['ip', 'address', 'add', `fe80::${last}/64`, 'dev', 'eth1', 'nodad']);
      const to = (prefix: string) => [`${prefix}6`, `${prefix}8`];
      const links = [
        ...to('fd00:1::').map((address) => `ucast6 eth0 ${address}`),
        ...to('fe80::').map((address) => `ucast6 eth1 ${address}%eth1`),
        'mcast6 eth1 ff12::694 694 1 0',
      ];
      installSeed(host, { ...quickTimers, links });
    }
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
    await eventually('all three links are up on node1', () => pair.status(node1), linksUp(3));
    await eventually('all three links are up on node2', () => pair.status(node2), linksUp(3));
    await node2.cut({ device: 'eth1' });
    await eventually('two links are down', () => pair.status(node1), linksUp(1));
    await node2.heal({ device: 'eth1' });
    await eventually('they are up again', () => pair.status(node1), linksUp(3));
    const atUs = node1.crash();
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    context.note(`crash ${ms(outage.ms)}`);
    expectAtMost(outage.ms, 500, 'outage of the crash');
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
  }),

  labTest(
    'a serial line alone carries the pair, through noise, and its loss is the loss of the peer',
    async (context) => {
      const line = createSerialLine();
      try {
        const { pair, node1, node2, probe } = await serialScene(context, line, {});
        await pair.startBoth();
        await probe.steady({ owner: 'node1' });
        const before = await pair.status(node1);
        for (const end of [0, 1] as const) line.disturb(end, Buffer.from('\xff\x00>>>\nnoise\n<<<\n>>', 'latin1'));
        await eventually(
          'the noise was counted',
          () => pair.status(node1),
          (status) => refusals(status) > refusals(before),
        );
        expectTrue(linksUp(1)(await pair.status(node2)), 'the line is still up');
        const atUs = node1.crash();
        await probe.steady({ owner: 'node2' });
        context.note(`crash ${ms((await probe.outage(atUs)).ms)}, ${line.carried.join(' and ')} bytes carried`);
        expectTrue(line.carried[0] > 2000 && line.carried[1] > 2000, 'both nodes spoke', line.carried);
      } finally {
        line.close();
      }
    },
  ),

  labTest('a real Heartbeat at the other end of the serial line, and a compressed message to it', async (context) => {
    if (!existsSync(heartbeat3)) context.skip('the package heartbeat is not installed');
    const line = createSerialLine();
    try {
      const { pair, node1, node2, lab } = await openScene(context, { start: false });
      for (const [index, host] of lab.hosts.entries()) {
        host.writeConfiguration({
          haCf: `${besideHeartbeat}serial ${line.ends[index]}\nbcast eth0\n`,
          authkeys: 'auth 1\n1 sha1 labsecret\n',
          haresources: 'node1 192.168.1.100/24/eth0\n',
        });
      }
      node2.writeFile('rc.d/large', '#!/bin/sh\nprintenv HA_words9 > /var/log/large\n', 0o755);
      cpSync('/etc/ha.d/harc', `${node2.configurationDirectory}/harc`);
      cpSync('/etc/ha.d/shellfuncs', `${node2.configurationDirectory}/shellfuncs`);
      cpSync('/var/lib/heartbeat/cores', `${node2.stateDirectory}/cores`, { recursive: true });
      await node2.exec(['mkdir', '-p', '/run/heartbeat', '/run/resource-agents', '/run/lock']);
      await node2.spawn([heartbeat3, '-f']);
      await pair.start(node1);
      const report = await eventually('node1 hears it', () => pair.status(node1), linksUp(2), 20_000);
      expectEqual(report!.nodes[1]!.product, 'heartbeat', 'the peer is a');
      await eventually(
        'it hears node1',
        () => Promise.resolve(readFileSync(`${node2.logDirectory}/ha-log`, 'utf8')),
        (log) => log.includes(`Link node1:${line.ends[1]} up`),
        20_000,
      );
      // Before it is active, a real node does not run hooks.
      await eventually(
        'it is active',
        () => pair.status(node1),
        (status) => peerOf(status)?.status === 'active',
        20_000,
      );
      const lines = Array.from({ length: 20 }, (_, index) => `words${index}=${String(index).padStart(200, '0')}\n`);
      node1.writeFile('message', `>>>\nt=large\n${lines.join('')}<<<\n`);
      await node1.exec(['sh', '-c', 'cat /etc/ha.d/message > /var/lib/heartbeat/fifo']);
      await eventually(
        'its hook is given the whole message',
        () => node2.exec(['cat', '/var/log/large']),
        ({ stdout }) => stdout.trim() === '9'.padStart(200, '0'),
        15_000,
      );
    } finally {
      line.close();
    }
  }),
];

/** Without ping nodes: the real one would wait for them, and hears no messages of scripts before. */
const besideHeartbeat = `logfile /var/log/ha-log
keepalive 500ms
deadtime 5
initdead 12
auto_failback on
node node1 node2
compression zlib
compression_threshold 1
traditional_compression on
baud 115200
`;

async function serialScene(
  context: Parameters<LabTest['run']>[0],
  line: SerialLine,
  options: SceneOptions,
): Promise<Awaited<ReturnType<typeof openScene>>> {
  const scene = await openScene(context, { ...options, start: false });
  for (const [index, host] of scene.lab.hosts.entries()) {
    const links = [`serial ${line.ends[index]}`, ...(options.links ?? [])];
    installSeed(host, { ...scene.pair.options, baud: 460_800, links });
  }
  return scene;
}

function linkTest(pair: Pair, host: Host): Promise<{ code: number | null; stdout: string }> {
  return pair.run(host, 'pairbeat', 'link-test', '--seconds', '2', '--json');
}

function wordsOf(json: string): Record<string, string> {
  const { verdicts } = JSON.parse(json) as { verdicts: { link: string; word: string }[] };
  return Object.fromEntries(verdicts.map(({ link, word }) => [link, word]));
}

type Asked = Awaited<ReturnType<Pair['status']>>;

const linksUp =
  (count: number) =>
  (status: Asked): boolean =>
    peerOf(status)?.links.filter((link) => link.up).length === count;

function peerOf(status: Asked): StatusReport['nodes'][number] | undefined {
  return status?.nodes.find((node) => !node.self);
}

function refusals(status: Asked): number {
  return status?.counters['malformed'] ?? 0;
}
