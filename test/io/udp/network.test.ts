/** Real sockets on the loopback device, and a C library that misbehaves where the kernel of this machine would not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DatagramLink } from '../../../src/core/config/configuration.ts';
import type { Problem } from '../../../src/core/result.ts';
import { type LinkId, linkId } from '../../../src/core/types.ts';
import { type Libc, libc } from '../../../src/io/libc.ts';
import { lookUpDevice } from '../../../src/io/udp/device.ts';
import { createUdpNetwork, type NetworkOptions } from '../../../src/io/udp/network.ts';
import type { Network } from '../../../src/ports/network.ts';

const native = libc()!;
const open: Network[] = [];
afterEach(() => {
  for (const network of open.splice(0)) network.close();
  vi.useRealTimers();
});

describe('UDP network', () => {
  it('tells bcast, mcast and ucast on one device and port apart', async () => {
    const links = linksOn(await freePort());
    const { network, texts } = await start(links);
    for (const { id } of links) network.transmit(id, Buffer.from(id));
    await drained(network);
    expect(texts.sort()).toEqual(links.map(({ id }) => `${id}: ${id}`).sort());
  });

  it('leaves it to the kernel to throw away what begins as no packet does, and says how much that was', async () => {
    const links = linksOn(await freePort());
    const { network, texts } = await start(links, { starts: ['###\n', '@@@\n'] });
    for (const { id } of links) {
      for (const text of ['', '#', '###', '$$$\n', '##\n#', 'x###\n', '###\n', '@@@\nand more'])
        network.transmit(id, Buffer.from(text));
    }
    await drained(network);
    expect(texts.sort()).toEqual(links.flatMap(({ id }) => [`${id}: ###\n`, `${id}: @@@\nand more`]).sort());
    expect(network.dropped?.()).toBeGreaterThanOrEqual(6 * links.length);
  });

  it('gives two nodes on one machine the datagrams of one multicast group on the loopback device', async () => {
    const links = linksOn(await freePort()).filter(({ kind }) => kind === 'mcast');
    const [left, right] = [await start(links), await start(links)];
    left.network.transmit(links[0]!.id, Buffer.from('hello'));
    for (const { network, texts } of [left, right]) {
      await drained(network);
      expect(texts).toEqual([`${links[0]!.id}: hello`]);
    }
  });

  it('refuses to share a ucast port with another process, which would take half of the keepalives', async () => {
    const port = await freePort();
    const [ucast] = linksOn(port);
    await start([ucast!]);
    const second = await attempt([ucast!]);
    expect(second.opened).toMatchObject({
      ok: false,
      problem: { code: 'no-link-opens', fields: { first: 'port-in-use', port } },
    });
  });

  it('says when another program has the port', async () => {
    const holder = createSocket('udp4').bind(0);
    await once(holder, 'listening');
    const { opened, problems } = await attempt(linksOn(holder.address().port).slice(0, 1));
    holder.close();
    expect(opened.ok).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(['port-in-use']);
  });

  it('works on with the links that open, and reports those that do not', async () => {
    const [good] = linksOn(await freePort());
    const bad: DatagramLink = { id: linkId('bcast/pbnone0'), kind: 'bcast', device: 'pbnone0', port: 694 };
    const { network, texts, problems } = await start([bad, good!]);
    expect(problems).toEqual([{ code: 'device-missing', fields: { device: 'pbnone0', link: 'bcast/pbnone0' } }]);
    network.transmit(bad.id, Buffer.from('nowhere'));
    network.transmit(good!.id, Buffer.from('somewhere'));
    await drained(network);
    expect(texts).toEqual([`${good!.id}: somewhere`]);
  });

  it('makes an option that the kernel refuses a warning', async () => {
    const [ucast] = linksOn(await freePort());
    const IP_TOS = 1;
    const { network, opened, texts } = await start([ucast!], {
      native: {
        ...native,
        setsockopt: (...args) => (args[1] === 0 && args[2] === IP_TOS ? -1 : native.setsockopt(...args)),
      },
    });
    expect(opened).toMatchObject({
      ok: true,
      value: [
        { link: ucast!.id, problem: { code: 'socket-option-refused', fields: { device: 'lo', option: 'IP_TOS' } } },
      ],
    });
    network.transmit(ucast!.id, Buffer.from('still works'));
    await drained(network);
    expect(texts).toEqual([`${ucast!.id}: still works`]);
  });

  it('lets go of a device that vanishes and takes it up again when it is back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const links = linksOn(await freePort()).slice(0, 2);
    const device = { present: true, index: 0 };
    const seen = await start(links, { native: withDevice(device) });
    device.present = false;
    seen.failNextSend('ENODEV');
    seen.network.transmit(links[0]!.id, Buffer.from('lost'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.problems.map(({ code }) => code)).toEqual(['link-send-failed', 'device-missing', 'device-missing']);
    seen.network.transmit(links[0]!.id, Buffer.from('lost too'));
    device.present = true;
    await vi.advanceTimersByTimeAsync(1000);
    seen.nowUs += 5_000_000;
    for (const { id } of links) seen.network.transmit(id, Buffer.from('back'));
    await drained(seen.network);
    expect(seen.texts).toEqual(links.map(({ id }) => `${id}: back`));
    expect(seen.recovered.sort()).toEqual(links.map(({ id }) => id).sort());
  });

  it('makes new sockets for a device that was made anew under its old name', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [ucast] = linksOn(await freePort());
    const device = { present: true, index: 0, binds: 0 };
    const seen = await start([ucast!], { native: withDevice(device) });
    const before = device.binds;
    seen.failNextSend('ENODEV');
    seen.network.transmit(ucast!.id, Buffer.from('lost'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(device.binds, 'the same device keeps its sockets').toBe(before);
    device.index = 77;
    await vi.advanceTimersByTimeAsync(1000);
    expect(device.binds).toBe(2 * before);
    seen.network.transmit(ucast!.id, Buffer.from('works'));
    await drained(seen.network);
    expect(seen.texts).toEqual([`${ucast!.id}: works`]);
  });

  it('says that it cannot work without native calls', async () => {
    const { opened } = await attempt(linksOn(694), { native: undefined });
    expect(opened).toMatchObject({ ok: false, problem: { code: 'native-calls-unavailable' } });
  });
});

describe('device', () => {
  it('lo has an index and a broadcast address', () => {
    expect(lookUpDevice(native, 'lo')).toMatchObject({ ok: true, value: { name: 'lo', broadcast: '127.255.255.255' } });
  });

  it('is missing when it does not exist, also under a name longer than the kernel allows', () => {
    for (const name of ['pbnone0', 'lo'.padEnd(40, 'x')]) {
      expect(lookUpDevice(native, name)).toEqual({
        ok: false,
        problem: { code: 'device-missing', fields: { device: name } },
      });
    }
  });
});

/** ucast, bcast, mcast. */
function linksOn(port: number): readonly DatagramLink[] {
  return [
    { id: linkId('ucast/lo/127.0.0.1'), kind: 'ucast', device: 'lo', port, peerAddress: '127.0.0.1' },
    { id: linkId('bcast/lo'), kind: 'bcast', device: 'lo', port },
    { id: linkId('mcast/lo/225.0.0.9'), kind: 'mcast', device: 'lo', port, group: '225.0.0.9', ttl: 0, loop: true },
  ];
}

class Seen {
  readonly texts: string[] = [];
  readonly problems: Problem[] = [];
  readonly recovered: LinkId[] = [];
  nowUs = 0;
  #failure: string | undefined;
  network!: Network;
  opened!: Awaited<ReturnType<Network['open']>>;

  failNextSend(error: string): void {
    this.#failure = error;
  }

  /** Passes everything on, except the one datagram that is to fail. */
  wrap(real: Libc): Libc {
    let failed: string | undefined;
    return {
      ...real,
      sendto: (...args) => {
        failed = this.#failure;
        this.#failure = undefined;
        return failed === undefined ? real.sendto(...args) : -1;
      },
      lastError: () => {
        const error = failed ?? real.lastError();
        failed = undefined;
        return error;
      },
    };
  }
}

/** Devices that can vanish, or change their index (when it is not 0); counts SO_BINDTODEVICE. */
function withDevice(device: { present: boolean; index: number; binds?: number }): Libc {
  const [SIOCGIFINDEX, SO_BINDTODEVICE, indexOffset] = [0x8933, 25, 16];
  return {
    ...native,
    ioctl: (fd, request, argument) => {
      if (!device.present) return -1;
      const answer = native.ioctl(fd, request, argument);
      if (request === SIOCGIFINDEX && device.index > 0) argument[indexOffset] = device.index;
      return answer;
    },
    setsockopt: (...args) => {
      if (args[1] === 1 && args[2] === SO_BINDTODEVICE) device.binds = (device.binds ?? 0) + 1;
      return native.setsockopt(...args);
    },
  };
}

async function attempt(links: readonly DatagramLink[], options: Partial<NetworkOptions> = {}): Promise<Seen> {
  const seen = new Seen();
  const given = 'native' in options ? options.native : native;
  seen.network = createUdpNetwork(links, {
    nowUs: () => seen.nowUs,
    ...options,
    native: given === undefined ? undefined : seen.wrap(given),
  });
  open.push(seen.network);
  seen.opened = await seen.network.open({
    datagram: (link, bytes) => seen.texts.push(`${link}: ${Buffer.from(bytes).toString()}`),
    linkProblem: (_, problem) => seen.problems.push(problem),
    linkRecovered: (link) => seen.recovered.push(link),
  });
  return seen;
}

async function start(links: readonly DatagramLink[], options: Partial<NetworkOptions> = {}): Promise<Seen> {
  const seen = await attempt(links, options);
  expect(seen.opened).toMatchObject({ ok: true });
  return seen;
}

function drained(network: Network): Promise<void> {
  return new Promise((resolve) => network.drain(resolve));
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
