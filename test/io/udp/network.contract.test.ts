/** What every implementation of the network port must do; runs on real UDP sockets (loopback) and on the twin. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { DatagramLink } from '../../../src/core/config/configuration.ts';
import type { Problem } from '../../../src/core/result.ts';
import { type LinkId, linkId } from '../../../src/core/types.ts';
import { createClock } from '../../../src/io/clock.ts';
import { createUdpNetwork } from '../../../src/io/udp/network.ts';
import type { Network } from '../../../src/ports/network.ts';
import { createCable } from '../../twins/network-twin.ts';

const link = linkId('ucast/lo/127.0.0.1');

interface Pair {
  readonly left: Network;
  readonly right: Network;
}

const implementations: readonly { readonly name: string; readonly makePair: () => Promise<Pair> }[] = [
  {
    name: 'UDP sockets',
    makePair: async () => {
      const [leftPort, rightPort] = await twoFreePorts();
      const { nowUs } = createClock();
      return {
        left: createUdpNetwork([ucast(rightPort)], { nowUs, listenPort: leftPort }),
        right: createUdpNetwork([ucast(leftPort)], { nowUs, listenPort: rightPort }),
      };
    },
  },
  {
    name: 'in-memory twin',
    makePair: async () => {
      const cable = createCable();
      return {
        left: cable.plugIn('127.0.0.1', [ucast(2)], 1),
        right: cable.plugIn('127.0.0.1', [ucast(1)], 2),
      };
    },
  },
];

describe.each(implementations)('network port: $name', ({ makePair }) => {
  const open: Network[] = [];
  afterEach(() => {
    for (const network of open.splice(0)) network.close();
  });

  async function connect(): Promise<Pair & { readonly leftSaw: Seen; readonly rightSaw: Seen }> {
    const { left, right } = await makePair();
    open.push(left, right);
    const [leftSaw, rightSaw] = [new Seen(), new Seen()];
    expect(await left.open(leftSaw)).toMatchObject({ ok: true });
    expect(await right.open(rightSaw)).toMatchObject({ ok: true });
    return { left, right, leftSaw, rightSaw };
  }

  it('delivers a datagram with its link and source', async () => {
    const { left, rightSaw } = await connect();
    left.transmit(link, text('hello'));
    await rightSaw.untilDatagrams(1);
    expect(rightSaw.datagrams[0]).toMatchObject({ link, text: 'hello' });
    expect(rightSaw.datagrams[0]!.source).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('delivers in both directions', async () => {
    const { left, right, leftSaw, rightSaw } = await connect();
    left.transmit(link, text('to the right'));
    right.transmit(link, text('to the left'));
    await Promise.all([rightSaw.untilDatagrams(1), leftSaw.untilDatagrams(1)]);
    expect(rightSaw.texts()).toEqual(['to the right']);
    expect(leftSaw.texts()).toEqual(['to the left']);
  });

  it('hands over everything that had arrived before it says that it is drained', async () => {
    const { left, right, rightSaw } = await connect();
    const sent = Array.from({ length: 100 }, (_, number) => `datagram ${number}`);
    for (const each of sent) left.transmit(link, text(each));
    await drained(right, rightSaw);
    expect(rightSaw.texts()).toEqual([...sent, 'drained']);
  });

  it('does not call back before the caller has returned', async () => {
    const { left, right, rightSaw } = await connect();
    left.transmit(link, text('waiting'));
    const done = drained(right, rightSaw);
    expect(rightSaw.texts()).toEqual([]);
    await done;
  });

  it('does not take an empty datagram for an empty socket', async () => {
    const { left, right, rightSaw } = await connect();
    for (const each of ['', 'after the empty one']) left.transmit(link, text(each));
    await drained(right, rightSaw);
    expect(rightSaw.texts()).toEqual(['', 'after the empty one', 'drained']);
  });

  it('leaves the bytes it handed over alone', async () => {
    const { left, right, rightSaw } = await connect();
    left.transmit(link, text('first'));
    left.transmit(link, text('other'));
    await drained(right, rightSaw);
    expect(rightSaw.bytes.map((bytes) => Buffer.from(bytes).toString())).toEqual(['first', 'other']);
  });

  it('carries the largest datagram and reports one that is too large as lost', async () => {
    const { left, right, leftSaw, rightSaw } = await connect();
    left.transmit(link, new Uint8Array(65_507).fill(7));
    left.transmit(link, new Uint8Array(65_508));
    await drained(right, rightSaw);
    expect(rightSaw.bytes.map((bytes) => bytes.length)).toEqual([65_507]);
    expect(leftSaw.problems).toEqual([{ code: 'link-send-failed', fields: { link, error: 'EMSGSIZE', lost: 1 } }]);
  });

  it('refuses a link that is not configured as a broken invariant', async () => {
    const { left } = await connect();
    expect(() => left.transmit(linkId('ucast/eth9/192.0.2.1'), text('x'))).toThrow(/not configured/);
  });

  it('delivers nothing once it is closed', async () => {
    const { left, right, rightSaw } = await connect();
    left.transmit(link, text('too late'));
    right.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rightSaw.texts()).toEqual([]);
  });
});

/** Records what a network said, in order. */
class Seen {
  readonly datagrams: { readonly link: LinkId; readonly text: string; readonly source: string }[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly problems: Problem[] = [];
  readonly log: string[] = [];
  #wake: () => void = () => {};

  datagram = (from: LinkId, bytes: Uint8Array, source: string): void => {
    this.bytes.push(bytes);
    this.datagrams.push({ link: from, text: Buffer.from(bytes).toString(), source });
    this.log.push(Buffer.from(bytes).toString());
    this.#wake();
  };
  linkProblem = (_: LinkId, problem: Problem): void => {
    this.problems.push(problem);
  };
  linkRecovered = (): void => {};

  texts(): string[] {
    return [...this.log];
  }

  async untilDatagrams(count: number): Promise<void> {
    while (this.datagrams.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function drained(network: Network, seen: Seen): Promise<void> {
  return new Promise((resolve) => {
    network.drain(() => {
      seen.log.push('drained');
      resolve();
    });
  });
}

function ucast(port: number): DatagramLink {
  return { id: link, kind: 'ucast', device: 'lo', port, peerAddress: '127.0.0.1' };
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

/** Both are held until both are known, so that they differ. */
async function twoFreePorts(): Promise<[number, number]> {
  const sockets = [createSocket('udp4').bind(0, '127.0.0.1'), createSocket('udp4').bind(0, '127.0.0.1')] as const;
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  const ports: [number, number] = [sockets[0].address().port, sockets[1].address().port];
  for (const socket of sockets) socket.close();
  return ports;
}
