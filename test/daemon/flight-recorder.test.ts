import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEffect, EngineEvent } from '../../src/core/engine.ts';
import type { NodeEvent } from '../../src/core/events.ts';
import type { JournalRecord } from '../../src/core/journal-records.ts';
import { createReplay } from '../../src/core/recording/replay.ts';
import type { Problem } from '../../src/core/result.ts';
import { groupKey, linkId, nodeName } from '../../src/core/types.ts';
import { createFlightRecorder } from '../../src/daemon/flight-recorder.ts';
import { decodeLine, encodeLine } from '../../src/io/journal/line.ts';
import type { Operation } from '../../src/ports/agents.ts';
import {
  bootPair,
  configurationOf,
  engineOf,
  letTimeGo,
  pass,
  secret,
  stopTime,
  type TwinDaemon,
} from './twin-daemon.ts';

const node1 = nodeName('node1');
const node2 = nodeName('node2');
const eth0 = linkId('bcast/eth0');
const eth1 = linkId('bcast/eth1');
const second = 1_000_000;

function recorder() {
  const records: JournalRecord[] = [];
  const engine = engineOf(configurationOf('node1'));
  const flight = createFlightRecorder({
    self: node1,
    engine,
    sink: { append: (record) => void records.push(record), isSegmentDue: () => false, beginSegment: () => {} },
    describeLine: ({ code, fields }) => `${code} ${Object.values(fields).join(' ')}`.trim(),
  });
  /** A step of the node machine of which nothing follows. */
  const step = (event: NodeEvent): void => {
    flight.witness.before(engine.node, event);
    flight.witness.after(engine.node, event, []);
  };
  return { flight, engine, records, step, kinds: () => records.map(({ kind }) => kind) };
}

const datagram = (nowUs: number, link = eth0, length = 100): EngineEvent => ({
  to: 'transport',
  event: { type: 'datagram', nowUs, link, bytes: new Uint8Array(length), source: 'x' },
});
const transmit = (link = eth0, length = 50): EngineEffect => ({
  type: 'transmit',
  link,
  bytes: new Uint8Array(length),
});

function operation(id: number, action: Operation['action'], index = 0): EngineEffect {
  const resource = { written: 'web', kind: 'script', type: 'web', args: [] } as const;
  const evidence =
    action === 'start'
      ? ({
          evidence: { kind: 'unprotected', peerSeen: true, silentSinceUs: 0, deadtimeMs: 300, linkViewVersion: 1 },
        } as const)
      : {};
  return {
    type: 'operation',
    operation: { id, group: groupKey('web'), index, resource, action, timeoutMs: 1000 },
    ...evidence,
  };
}

const result = (id: number, nowUs: number): NodeEvent => ({
  type: 'operationResult',
  nowUs,
  result: { id, outcome: 'done', startedUs: nowUs - 500, finishedUs: nowUs - 100, announcedUs: nowUs - 200 },
});

describe('datagrams', () => {
  it('are counted for each link and second, never kept one by one', () => {
    const { flight, records } = recorder();
    flight.event(10 * second, datagram(10 * second));
    flight.effect(10 * second + 100_000, transmit());
    flight.effect(10 * second + 400_000, transmit());
    flight.effect(10 * second + 400_000, transmit(eth1));
    flight.event(10 * second + 600_000, datagram(10 * second + 600_000, eth0, 200));
    expect(records).toEqual([]);
    flight.effect(11 * second + 100_000, transmit());
    expect(records).toEqual([
      {
        kind: 'packets',
        us: 11 * second + 100_000,
        periodUs: 1_100_000,
        links: [
          {
            link: eth0,
            sent: 2,
            sentBytes: 100,
            received: 2,
            receivedBytes: 300,
            longestSendGapUs: 300_000,
            longestReceiveGapUs: 600_000,
          },
          {
            link: eth1,
            sent: 1,
            sentBytes: 50,
            received: 0,
            receivedBytes: 0,
            longestSendGapUs: 0,
            longestReceiveGapUs: 0,
          },
        ],
      },
    ]);
  });

  it('have gaps across the borders of seconds, and counts of their own second', () => {
    const { flight, records } = recorder();
    for (const nowUs of [10 * second, 10 * second + 900_000, 11 * second + 500_000, 12 * second + 500_000])
      flight.event(nowUs, datagram(nowUs));
    expect(records).toMatchObject([
      { links: [{ received: 2, receivedBytes: 200, longestReceiveGapUs: 900_000 }] },
      { links: [{ received: 1, receivedBytes: 100, longestReceiveGapUs: 600_000 }] },
    ]);
  });

  it('come with what became of them, by reason', () => {
    const { flight, engine, records } = recorder();
    flight.event(10 * second, datagram(10 * second));
    Object.assign(engine.transport.accounts.counters, { received: 5, 'bad-mac': 3 });
    flight.event(11 * second, datagram(11 * second));
    flight.event(12 * second, datagram(12 * second));
    expect(records.map((record) => record.kind === 'packets' && record.verdicts)).toEqual([
      { 'bad-mac': 3 },
      undefined,
    ]);
  });

  it('have no gap before the second one of their direction', () => {
    const { flight, records } = recorder();
    flight.effect(10 * second, transmit());
    flight.event(10 * second + 900_000, datagram(10 * second + 900_000));
    flight.effect(11 * second, transmit());
    expect(records).toMatchObject([{ links: [{ longestSendGapUs: 0, longestReceiveGapUs: 0 }] }]);
  });
});

describe('milestones', () => {
  it('join the answer of an operation to what was asked', () => {
    const { flight, records, step } = recorder();
    flight.effect(1000, operation(7, 'start', 1));
    flight.effect(1000, operation(8, 'stop', 2));
    step(result(8, 9000));
    step(result(7, 9500));
    step(result(7, 9900));
    expect(records.filter(({ kind }) => kind !== 'event' && kind !== 'effect')).toEqual([
      { kind: 'start', us: 1000, group: 'web', index: 1, evidence: expect.objectContaining({ kind: 'unprotected' }) },
      { kind: 'stop', us: 1000, group: 'web', index: 2 },
      {
        ...{ kind: 'operationResult', us: 9000, group: 'web', index: 2, action: 'stop' },
        ...{ outcome: 'done', startedUs: 8500, finishedUs: 8900, announcedUs: 8800 },
      },
      {
        ...{ kind: 'operationResult', us: 9500, group: 'web', index: 1, action: 'start' },
        ...{ outcome: 'done', startedUs: 9000, finishedUs: 9400, announcedUs: 9300 },
      },
    ]);
  });

  it('are not made of questions and announcements', () => {
    const { flight, kinds, step } = recorder();
    flight.effect(1000, operation(1, 'status'));
    flight.effect(1000, operation(2, 'announce'));
    step(result(1, 2000));
    step(result(2, 2000));
    expect(kinds().filter((kind) => kind !== 'effect')).toEqual(['event', 'event']);
  });

  it('make the last failover while they come in', () => {
    const { flight, step } = recorder();
    flight.milestone({ kind: 'peerSilent', us: 2 * second, node: node2, lastHeardUs: second });
    expect(flight.lastFailover(3 * second)).toBeUndefined();
    flight.effect(2 * second, operation(7, 'start'));
    step(result(7, 2 * second + 5000));
    expect(flight.lastFailover(3 * second)).toMatchObject({
      kind: 'crash',
      from: 'node2',
      groups: ['web'],
      protection: 'UNPROTECTED',
      totalMs: 1004.8,
    });
  });

  it('of more operations than are ever under way are bounded', () => {
    const { flight, records, step } = recorder();
    for (let id = 1; id <= 2001; id++) flight.effect(id, operation(id, 'stop'));
    for (const id of [2000, 2001]) step(result(id, 5000));
    expect(records.filter(({ kind }) => kind === 'operationResult')).toHaveLength(1);
  });
});

describe('what is kept', () => {
  it('leaves out the ticking of clocks', () => {
    const { flight, records } = recorder();
    flight.event(1, { to: 'transport', event: { type: 'environment', wallSeconds: 1, loadAverage: '' } });
    flight.event(1, { to: 'transport', event: { type: 'socketsDrained', nowUs: 1, token: 1 } });
    expect(records).toEqual([]);
  });

  it('has the boot, from which a cold start is measured', () => {
    const { step, kinds } = recorder();
    const hello = { hostPid: 1, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };
    step({ type: 'boot', nowUs: 5, generation: 1, hello, stickyStopFailures: [] });
    expect(kinds()).toEqual(['event', 'boot']);
  });

  it('has the last 500 lines for the timeline, oldest first, with their age', () => {
    const { flight } = recorder();
    for (let number = 1; number <= 600; number++)
      flight.effect(number * second, {
        type: 'log',
        level: 'notice',
        message: { code: 'group-running', fields: { number } },
      });
    const { entries } = flight.timeline(600 * second, 1000);
    expect(entries).toHaveLength(500);
    expect(entries[0]).toEqual({ agoMs: 499_000, text: 'group-running 101' });
    expect(flight.timeline(600 * second, 2).entries).toEqual([
      { agoMs: 1000, text: 'group-running 599' },
      { agoMs: 0, text: 'group-running 600' },
    ]);
  });

  it('says of new keys only that there are some', () => {
    const { flight, records } = recorder();
    const keys = [{ index: 2, method: 'sha256', secret }] as const;
    flight.event(1, {
      to: 'transport',
      event: { type: 'keysChanged', authentication: { sendIndex: 2, keys, weaknesses: [] } },
    });
    expect(records).toEqual([{ kind: 'event', us: 1, to: 'transport', event: { type: 'keysChanged' } }]);
  });
});

it('a fault of the recorder ends the recording of steps, and nothing else', () => {
  const faults: Problem[] = [];
  const records: JournalRecord[] = [];
  const engine = engineOf(configurationOf('node1'));
  const flight = createFlightRecorder({
    ...{ self: node1, engine, describeLine: () => '', onFault: (problem) => void faults.push(problem) },
    sink: {
      append: (record) => void records.push(record),
      isSegmentDue: () => true,
      beginSegment() {
        throw new Error('no room');
      },
    },
  });
  for (const nowUs of [1, 2]) flight.witness.before(engine.node, { type: 'timer', nowUs });
  expect(faults).toEqual([{ code: 'recorder-failed', fields: { error: 'Error: no room' } }]);
  flight.milestone({ kind: 'boot', us: 3, node: node1 });
  expect(records).toHaveLength(1);
});

describe('a pair that lives, fails over and hands over', () => {
  let nodes: readonly TwinDaemon[] = [];
  beforeEach(async () => {
    stopTime();
    nodes = await bootPair({ texts: { timing: 'keepalive 100ms\ndeadtime 600ms\nwarntime 300ms\ninitdead 1200ms' } });
    const [first, other] = nodes;
    await pass(500);
    void first?.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    await pass(1000);
    first?.station.failSending(eth0, 'ENETDOWN');
    other?.kill();
    await pass(2000);
    first?.driver.requestStop();
    await pass(500);
  });
  afterEach(() => {
    for (const node of nodes) node.kill();
    letTimeGo();
  });

  it('leaves a journal with the whole story', () => {
    const kinds = new Set(nodes[0]?.journal.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      [
        ...['boot', 'checkpoint', 'digest', 'effect', 'event', 'handoverReleased', 'handoverRequested'],
        ...['operationResult', 'packets', 'peerSilent', 'start', 'steps', 'stop'],
      ].sort(),
    );
    expect(nodes[0]?.recorder.timeline(nodes[0].clock.nowUs(), 100).failovers.map(({ kind }) => kind)).toEqual([
      // The stop at the end is none: there was nobody left to hand over to.
      'crash',
      'standby',
      'start',
    ]);
  });

  it('leaves no secret in journal, checkpoint or log', () => {
    for (const node of nodes) {
      const everything = JSON.stringify([node.journal, node.recorder.checkpoint(), node.logged]);
      expect(everything.length).toBeGreaterThan(10_000);
      for (const encoding of ['utf8', 'hex', 'base64'] as const)
        expect(everything).not.toContain(Buffer.from(secret).toString(encoding).replace(/=+$/, ''));
      expect(JSON.stringify(node.configuration)).toContain(secret);
    }
  });

  it('leaves records that come back from the disk as they were', () => {
    for (const node of nodes) {
      const lines = node.journal.map((record) => encodeLine(record)?.toString('utf8').trimEnd() ?? '');
      expect(lines.map(decodeLine)).toEqual(node.journal);
      const checkpoint = node.recorder.checkpoint();
      expect(checkpoint).toMatchObject({
        step: expect.any(Number),
        digest: expect.stringMatching(/^[0-9a-f]{16}$/),
        state: { node: { generation: 100, groups: [{}, {}] }, transport: { generation: 100, links: [{}, {}] } },
      });
    }
  });

  it('leaves a journal from which both nodes are made again', () => {
    for (const { journal, recorder, faults } of nodes) {
      recorder.flush();
      const replay = createReplay();
      for (const record of journal) replay.take(record);
      const { divergence, gaps, events, statesCompared } = replay.report();
      expect({ divergence, gaps, faults }).toEqual({ divergence: undefined, gaps: [], faults: [] });
      expect(events).toBeGreaterThan(15);
      expect(statesCompared).toBeGreaterThan(2);
    }
  });

  it('has in it when which message went out, for whoever compares the clocks of both nodes', () => {
    const packets = nodes[0]!.journal.filter((record) => record.kind === 'packets');
    expect(packets.every(({ said }) => (said?.sequence ?? 0) > 0 && said?.generation === 100)).toBe(true);
    expect(packets.every(({ said, us }) => us - (said?.us ?? 0) < second)).toBe(true);
  });
});
