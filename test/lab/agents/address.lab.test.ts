/** The address agent on real network devices: who finds the address where, and what the network says about conflicts. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { currentLabMode } from '../enter.ts';
import { eventually, expectEqual, expectTrue } from '../expect.ts';
import type { Machine } from '../machine.ts';
import { program } from '../pair.ts';
import { type LabTest, labTest } from '../runner.ts';
import type { AddressAnswer, AddressOrder } from './address-main.ts';

const address = '192.168.1.100';
const argument = `${address}/24/eth0`;

/** A daemon's hand inside a machine. */
class Hand {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.child = child;
    this.reader = createInterface({ input: child.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  static async open(machine: Machine): Promise<Hand> {
    const main = fileURLToPath(new URL('./address-main.js', import.meta.url));
    const namespaces = ['--target', String(machine.pid), '--net', '--mount', '--pid', '--uts', '--ipc'];
    const child = spawn('nsenter', [...namespaces, '--', process.execPath, main], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const hand = new Hand(child);
    expectEqual((await hand.lines.next()).value, 'ready', 'the agent host starts inside the machine');
    return hand;
  }

  async order(order: AddressOrder): Promise<AddressAnswer> {
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    return JSON.parse((await this.lines.next()).value as string) as AddressAnswer;
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    if (this.child.exitCode === null) await once(this.child, 'exit');
    this.reader.close();
  }
}

async function addressesOf(
  machine: Machine,
): Promise<{ readonly text: string; readonly label?: string; readonly broadcast?: string }[]> {
  const { stdout } = await machine.exec(['ip', '-json', 'address', 'show', 'dev', 'eth0']);
  const [device] = JSON.parse(stdout) as {
    addr_info: { local: string; prefixlen: number; label?: string; broadcast?: string }[];
  }[];
  return device!.addr_info.map(({ local, prefixlen, label, broadcast }) => ({
    text: `${local}/${prefixlen}`,
    ...(label === undefined ? {} : { label }),
    ...(broadcast === undefined ? {} : { broadcast }),
  }));
}

const has = async (machine: Machine, text: string): Promise<boolean> =>
  (await addressesOf(machine)).some((one) => one.text === text);

async function neighbour(machine: Machine, ip: string): Promise<string | undefined> {
  const { stdout } = await machine.exec(['ip', '-json', 'neighbour', 'show', 'to', ip]);
  return (JSON.parse(stdout === '' ? '[]' : stdout) as { lladdr?: string }[])[0]?.lladdr;
}

const neighbourIs = (machine: Machine, ip: string, mac: string): Promise<string | undefined> =>
  eventually(
    `${machine.name} finds ${ip} at ${mac}`,
    () => neighbour(machine, ip),
    (known) => known === mac,
    2000,
  );

/** One datagram to the discard port: enough to make the kernel look for the neighbour. */
async function sendTo(machine: Machine, ip: string): Promise<void> {
  const code = `require('node:dgram').createSocket(process.argv[1].includes(':') ? 'udp6' : 'udp4').send('x', 9, process.argv[1], function () { this.close(); })`;
  await machine.exec([process.execPath, '-e', code, ip]);
}

export const addressTests: readonly LabTest[] = [
  labTest(
    'an address that moves takes the neighbours with it: IPv4 by gratuitous ARP, IPv6 by advertisement',
    async (context) => {
      const lab = await context.lab();
      const [node1, node2] = [lab.host('node1'), lab.host('node2')];
      const hands = [await Hand.open(node1), await Hand.open(node2)] as const;
      for (const [ip, type, word] of [
        [address, 'IPaddr', argument],
        ['fd00:1::100', 'IPv6addr', 'fd00:1::100/64/eth0'],
      ] as const) {
        expectEqual((await hands[0].order({ do: 'start', address: word, type })).result?.outcome, 'done', 'start');
        await sendTo(lab.client, ip);
        await neighbourIs(lab.client, ip, node1.macAddress('eth0'));
        expectEqual((await hands[0].order({ do: 'stop', address: word, type })).result?.outcome, 'done', 'stop');
        const start = await hands[1].order({ do: 'start', address: word, type });
        expectEqual(start.result?.outcome, 'done', 'start on the other node');
        context.note(
          `${ip} started in ${((start.result!.finishedUs! - start.result!.startedUs!) / 1000).toFixed(2)} ms`,
        );
        // The client sends nothing now: only the announcement can tell it.
        await neighbourIs(lab.client, ip, node2.macAddress('eth0'));
      }
      for (const hand of hands) await hand.close();
    },
  ),

  labTest('label, netmask and broadcast are as written, else as the connected network says', async (context) => {
    const lab = await context.lab();
    const node1 = lab.host('node1');
    const hand = await Hand.open(node1);
    await hand.order({ do: 'start', address: `${address}/26/eth0:web/192.168.1.127` });
    await hand.order({ do: 'start', address: '192.168.1.150' });
    const addresses = await addressesOf(node1);
    expectTrue(
      addresses.some(
        (one) => one.text === `${address}/26` && one.label === 'eth0:web' && one.broadcast === '192.168.1.127',
      ),
      'netmask, label and broadcast as written',
      addresses,
    );
    expectTrue(
      addresses.some((one) => one.text === '192.168.1.150/24' && one.broadcast === '192.168.1.255'),
      'found by route',
      addresses,
    );
    expectEqual((await hand.order({ do: 'status', address: '192.168.1.150' })).result?.outcome, 'running', 'status');
    for (const word of [`${address}/26/eth0:web/192.168.1.127`, '192.168.1.150'])
      await hand.order({ do: 'stop', address: word });
    expectEqual(
      (await addressesOf(node1)).filter((one) => /\.1[05]0\//.test(one.text)),
      [],
      'both are gone',
    );
    await hand.close();
  }),

  labTest(
    'an address in use: a careful start refuses and names the owner, a takeover goes on and reports it',
    async (context) => {
      const lab = await context.lab();
      const [node1, node2] = [lab.host('node1'), lab.host('node2')];
      const owner = node1.macAddress('eth0');
      await node1.exec(['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);
      await node1.exec(['ip', 'address', 'add', 'fd00:1::100/64', 'dev', 'eth0', 'nodad']);
      const hand = await Hand.open(node2);
      for (const [word, type, written] of [
        [argument, 'IPaddr', `${address}/24`],
        ['fd00:1::100/64/eth0', 'IPv6addr', 'fd00:1::100/64'],
      ] as const) {
        const careful = await hand.order({ do: 'start', address: word, type, careful: true });
        expectEqual([careful.result?.outcome, careful.result?.conflictWith], ['failed', owner], 'a careful start');
        expectTrue(!(await has(node2, written)), `${written} is not configured on node2`);
        const before = (await hand.order({ do: 'events' })).conflicts.length;
        const takeover = await hand.order({ do: 'start', address: word, type });
        expectEqual(takeover.result?.outcome, 'done', 'a takeover');
        expectTrue(
          takeover.result!.finishedUs! - takeover.result!.startedUs! < 50_000,
          'a takeover does not wait for answers',
          takeover,
        );
        const after = await eventually(
          'the conflict is reported',
          () => hand.order({ do: 'events' }),
          (answer) => answer.conflicts.length > before,
          3000,
        );
        expectEqual(after.conflicts.at(-1), owner, 'reported owner');
      }
      await hand.close();
    },
  ),

  labTest('addresses are released without the agent host: it is stopped by a signal', async (context) => {
    const lab = await context.lab();
    const node1 = lab.host('node1');
    const hand = await Hand.open(node1);
    await hand.order({ do: 'start', address: argument });
    expectTrue(await has(node1, `${address}/24`), 'the address is configured');
    await hand.order({ do: 'stop-host-process' });
    const release = await hand.order({ do: 'release', address: argument });
    expectEqual(release.result?.outcome, 'done', 'release');
    expectTrue(!(await has(node1, `${address}/24`)), 'the address is gone');
    context.note(`answered after ${(release.tookUs / 1000).toFixed(0)} ms`);
    await hand.close();
  }),

  labTest(
    'several addresses of one subnet are released at once, although the kernel drops some with others',
    async (context) => {
      const lab = await context.lab();
      const node1 = lab.host('node1');
      const hand = await Hand.open(node1);
      const words = [1, 2, 3, 4].map((last) => `10.50.0.${last}/24/eth0`);
      const held = async () =>
        (await addressesOf(node1)).map((one) => one.text).filter((text) => text.startsWith('10.50.0.'));
      for (const word of words) await hand.order({ do: 'start', address: word });
      expectEqual((await held()).length, 4, 'configured addresses');
      await hand.order({ do: 'stop', address: words[0]! });
      expectEqual(
        await held(),
        ['10.50.0.2/24', '10.50.0.3/24', '10.50.0.4/24'],
        'after the first of the subnet was stopped',
      );
      const release = await hand.order({ do: 'release', address: words.slice(1).join(' ') });
      expectEqual(release.result?.outcome, 'done', 'release');
      expectEqual(await held(), [], 'after the release');
      await hand.close();
    },
  ),

  labTest('the same through the commands ip and arping, where netlink cannot be used', async (context) => {
    const lab = await context.lab();
    const node1 = lab.host('node1');
    const hand = await Hand.open(node1);
    const outcomes = [];
    for (const action of ['status', 'start', 'start', 'status', 'announce', 'stop', 'stop', 'status'] as const) {
      outcomes.push((await hand.order({ do: 'by-commands', action, address: argument })).result?.outcome);
      if (action === 'start') expectTrue(await has(node1, `${address}/24`), 'the address is configured');
    }
    expectEqual(
      outcomes,
      ['not-running', 'done', 'done', 'running', 'done', 'done', 'done', 'not-running'],
      'outcomes',
    );
    await hand.close();
  }),

  labTest('the stand-alone executable goes through a life with the exit codes of the OCF API', async (context) => {
    const lab = await context.lab();
    const node1 = lab.host('node1');
    const codes: number[] = [];
    for (const action of [
      'meta-data',
      'validate-all',
      'monitor',
      'start',
      'start',
      'monitor',
      'stop',
      'stop',
      'monitor',
      'promote',
    ]) {
      const run = await node1.exec(program('agent-face', 'IPaddr2', action), { env: { OCF_RESKEY_ip: address } });
      codes.push(run.code);
    }
    expectEqual(codes, [0, 0, 7, 0, 0, 0, 0, 0, 7, 3], 'exit codes');
  }),

  labTest('the host runs at real-time priority, and what it starts does not', async (context) => {
    if (currentLabMode() !== 'root') context.skip('real-time priority needs root');
    const lab = await context.lab();
    const node1 = lab.host('node1');
    const script = '#!/bin/sh\n[ "$1" = start ] && cut -d " " -f 41 /proc/self/stat > /run/policy\nexit 0\n';
    node1.writeFile('resource.d/policy', script, 0o755);
    const hand = await Hand.open(node1);
    const start = await hand.order({ do: 'start', type: 'policy', address: '' });
    expectEqual(start.result?.outcome, 'done', 'start');
    const policy = async (file: string): Promise<number> =>
      Number((await node1.exec(['cut', '-d', ' ', '-f', '41', file])).stdout);
    // sched(7): 0 is SCHED_OTHER, 2 is SCHED_RR.
    expectEqual(await policy(`/proc/${start.hostPid}/stat`), 2, 'scheduling policy of the host');
    expectEqual(Number((await node1.exec(['cat', '/run/policy'])).stdout), 0, 'scheduling policy of an agent');
    await hand.close();
  }),
];
