import { describe, expect, it } from 'vitest';
import type { Authentication, Configuration } from '../../src/core/config/configuration.ts';
import { success } from '../../src/core/result.ts';
import { messageOf } from '../../src/core/transport/message.ts';
import { sealPacket } from '../../src/core/transport/packet.ts';
import { linkId } from '../../src/core/types.ts';
import { createObservation, type SeenDatagram } from '../../src/tools/observe/observation.ts';
import { intervals, lost, suggest, summarize } from '../../src/tools/observe/summary.ts';
import type { PairbeatServices } from '../../src/tools/pairbeat/command.ts';
import { runPairbeat } from '../../src/tools/pairbeat/pairbeat.ts';
import { hashes, keys, readCaptures } from '../core/transport/support.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

const strong = keys('sha256', 'a-secret-of-this-pair');

const links: Configuration['links'] = [
  { id: linkId('bcast/eth0'), kind: 'bcast', device: 'eth0', port: 694 },
  { id: linkId('ucast/eth1/10.0.0.2'), kind: 'ucast', device: 'eth1', port: 694, peerAddress: '10.0.0.2' },
];

interface Beat {
  readonly node?: string;
  readonly atMs: number;
  readonly sequence: number;
  readonly generation?: number;
  readonly device?: 'eth0' | 'eth1';
  readonly type?: string;
  readonly signedWith?: Authentication;
}

function packet({
  node = 'node1',
  atMs,
  sequence,
  generation = 5,
  device = 'eth0',
  type = 'status',
  signedWith = strong,
}: Beat): SeenDatagram {
  const fields = {
    src: node,
    seq: sequence.toString(16),
    hg: generation.toString(16),
    ts: Math.floor(atMs / 1000).toString(16),
    dt: (300).toString(16),
  };
  const sealed = sealPacket(messageOf(type, fields), signedWith, hashes, 'netstring');
  if (!sealed.ok) throw new Error(sealed.problem.code);
  const [source, destination] = device === 'eth0' ? ['192.168.1.6', '192.168.1.255'] : ['10.0.0.1', '10.0.0.2'];
  return { atUs: atMs * 1000, device, source, destination, bytes: sealed.value };
}

const observe = (datagrams: readonly SeenDatagram[], authentication: Authentication | 'unreadable' = strong) => {
  const observation = createObservation(
    { nodes: ['node1', 'node2'], links, ...(authentication === 'unreadable' ? {} : { authentication }) },
    hashes,
  );
  for (const datagram of datagrams) observation.see(datagram);
  return summarize(observation, {
    seconds: 10,
    captureDropped: 0,
    canVerify: authentication !== 'unreadable',
    weaknesses: [],
  });
};

describe('an observation', () => {
  it('measures the interval of keepalives, and counts what never came', () => {
    const beats = [1, 2, 3, 5, 6].map((sequence) => packet({ atMs: 1000 + sequence * 100, sequence }));
    const [sender] = observe(beats).senders;
    expect(sender?.links).toMatchObject([
      { link: 'bcast/eth0', messages: 5, lost: 1, keepalive: { count: 4, p50Ms: 100, maxMs: 200 } },
    ]);
    expect(sender?.advertisedDeadtimeMs).toBe(300);
  });

  it('counts a keepalive as heard when any link brought it', () => {
    const beats = [1, 2, 3, 4].flatMap((sequence) => [
      ...(sequence === 2 ? [] : [packet({ atMs: 1000 + sequence * 100, sequence })]),
      ...(sequence === 3 ? [] : [packet({ atMs: 1001 + sequence * 100, sequence, device: 'eth1' })]),
    ]);
    const [sender] = observe(beats).senders;
    expect(sender?.links.map(({ link, lost: missing }) => [link, missing])).toEqual([
      ['bcast/eth0', 1],
      ['ucast/eth1/10.0.0.2', 1],
    ]);
    expect(sender?.keepalive?.maxMs).toBeLessThan(102);
  });

  it('does not count other messages as keepalives, nor their absence as loss', () => {
    const [sender] = observe([
      packet({ atMs: 0, sequence: 1 }),
      packet({ atMs: 50, sequence: 2, type: 'resource' }),
      packet({ atMs: 100, sequence: 3 }),
    ]).senders;
    expect(sender).toMatchObject({ keepalive: { count: 1, maxMs: 100 }, links: [{ lost: 0, messages: 3 }] });
  });

  it('starts anew with a new generation', () => {
    const [sender] = observe([
      packet({ atMs: 0, sequence: 100 }),
      packet({ atMs: 9000, sequence: 1, generation: 6 }),
      packet({ atMs: 9100, sequence: 2, generation: 6 }),
    ]).senders;
    expect(sender).toMatchObject({ restarts: 1, links: [{ lost: 0 }], keepalive: { count: 1, maxMs: 100 } });
  });

  it('believes nothing that does not verify, and names the method from the length of the MAC', () => {
    const forged = packet({ atMs: 0, sequence: 1, signedWith: keys('sha256', 'another secret') });
    expect(observe([forged])).toMatchObject({
      verification: { verified: 0, refused: 1 },
      senders: [],
      keys: [{ method: 'sha256', weak: false }],
    });
    const weak = packet({ atMs: 0, sequence: 1, signedWith: keys('sha1', 'x') });
    expect(observe([weak], 'unreadable')).toMatchObject({
      verification: { possible: false },
      keys: [{ index: 1, method: 'sha1', weak: true }],
      senders: [{ node: 'node1' }],
    });
  });

  it('counts strangers and rubbish', () => {
    const rubbish = { ...packet({ atMs: 0, sequence: 1 }), bytes: new TextEncoder().encode('hello') };
    expect(observe([packet({ node: 'node9', atMs: 0, sequence: 1 }), rubbish])).toMatchObject({
      strangers: 1,
      unreadable: 1,
      senders: [],
    });
  });

  it.each(readCaptures())('understands real Heartbeat nodes: $name', ({ packets, method }) => {
    const seen = packets.map(({ atMs, from, to, bytes }) => ({
      atUs: atMs * 1000,
      device: 'eth0',
      source: from,
      destination: to,
      bytes,
    }));
    const report = observe(seen, keys(method));
    expect(report).toMatchObject({
      unreadable: 0,
      strangers: 0,
      verification: { refused: 0, verified: packets.length },
    });
    expect(report.keys).toMatchObject([{ index: 1, method, weak: true }]);
    for (const sender of report.senders) {
      // Recorded at keepalive 100 ms; a median of half of that comes from the bursts at a start.
      if ((sender.keepalive?.count ?? 0) > 20) expect(sender.keepalive?.p50Ms).toBeGreaterThan(90);
    }
  });
});

describe('the suggested deadtime', () => {
  it('is twice the longest silence, rounded up', () => {
    expect(suggest({ count: 5000, p50Ms: 10, p99Ms: 11, maxMs: 14.2 })).toEqual({
      deadtimeMs: 29,
      because: 'longest-silence',
      fewSamples: false,
    });
    expect(suggest({ count: 20, p50Ms: 1000, p99Ms: 1200, maxMs: 1850 })).toEqual({
      deadtimeMs: 3700,
      because: 'longest-silence',
      fewSamples: true,
    });
  });

  it('is more than two keepalives even on a perfect link', () => {
    expect(suggest({ count: 5000, p50Ms: 10, p99Ms: 10, maxMs: 10 })).toMatchObject({
      deadtimeMs: 21,
      because: 'two-keepalives',
    });
  });
});

it('losses and intervals are undefined for next to nothing', () => {
  expect(lost(new Set())).toBe(0);
  expect(intervals(new Map([[1, 0]]))).toBeUndefined();
});

describe('pairbeat observe', () => {
  const services = (datagrams: readonly SeenDatagram[], authentication?: Authentication): PairbeatServices => ({
    version: '0.1.0',
    hashes,
    check: () => Promise.resolve(0),
    probeFenceDevices: () => Promise.reject(new Error('not asked for')),
    testLinksAlone: () => Promise.reject(new Error('not asked for')),
    loadLinks: () =>
      Promise.resolve(
        success({
          nodes: [],
          links,
          meaning: [],
          udpport: 694,
          ...(authentication === undefined ? {} : { authentication }),
        }),
      ),
    openJournal: () => Promise.reject(new Error('not asked for')),
    exportJournal: () => Promise.reject(new Error('not asked for')),
    capture: (device, _port, see) => {
      for (const datagram of datagrams) if (datagram.device === device) see(datagram);
      return Promise.resolve(success({ dropped: () => 0, close: () => {} }));
    },
  });
  const beats = Array.from({ length: 1200 }, (_, index) => index + 1).flatMap((sequence) => [
    packet({ atMs: 1000 + sequence * 100 + (sequence % 7), sequence }),
    ...(sequence % 100 === 0
      ? []
      : [packet({ atMs: 1000 + sequence * 100 + (sequence % 7), sequence, device: 'eth1' })]),
    packet({ node: 'node2', atMs: 1005 + sequence * 100, sequence, generation: 9 }),
  ]);

  async function transcript(line: string, given: PairbeatServices): Promise<string> {
    // Ctrl-C at once: everything that there is to see has been seen.
    const result = await run((terminal) => runPairbeat(line.split(' '), terminal, given), {
      interrupted: AbortSignal.timeout(5),
    });
    return transcribe(`pairbeat ${line}`, { ...result, out: result.out.replace(/"seconds": [\d.]+/, '"seconds": 0') });
  }

  it('reports', async () => {
    expectGolden('observe', await transcript('observe', services(beats, strong)));
    expectGolden('observe-json', await transcript('observe --json', services(beats, strong)));
  });

  it('says what is weak, and that nothing was verified', async () => {
    const weak = beats
      .slice(0, 30)
      .map((_, index) => packet({ atMs: index * 100, sequence: index + 1, signedWith: keys('sha1', 'x') }));
    expectGolden('observe-weak', await transcript('observe', services(weak)));
  });

  it('says what to look at when nothing is heard', async () => {
    expectGolden('observe-nothing', await transcript('observe', services([], strong)));
  });
});
