import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailoverRecord, JournalRecord } from '../../src/core/journal-records.ts';
import type { StartEvidence } from '../../src/core/ownership.ts';
import { nodeName } from '../../src/core/types.ts';
import { type FailoverReport, failovers, phaseNames } from '../../src/core/waterfall.ts';

const node1 = nodeName('node1');
const node2 = nodeName('node2');
const unprotected: StartEvidence = {
  kind: 'unprotected',
  peerSeen: true,
  silentSinceUs: 0,
  deadtimeMs: 300,
  linkViewVersion: 1,
};
const stoppedByPeer: StartEvidence = { kind: 'peerShutDown', peerGeneration: 5 };

describe('failover waterfall', () => {
  it('of a crash counts from the last keepalive to the announcement of the address', () => {
    const [report] = failovers(
      [
        { kind: 'peerSilent', us: 1_300_400, node: node1, lastHeardUs: 1_000_000 },
        start(1_300_500, 'vip'),
        result(1_302_000, 'vip', { startedUs: 1_300_700, announcedUs: 1_301_100, finishedUs: 1_301_500 }),
      ],
      4_301_100,
    );
    expect(report).toEqual({
      kind: 'crash',
      from: 'node1',
      agoMs: 3000,
      groups: ['vip'],
      protection: 'UNPROTECTED',
      totalMs: 301.1,
      phases: [
        { name: 'detect', startMs: 0, endMs: 300.4 },
        { name: 'decide', startMs: 300.4, endMs: 300.5 },
        { name: 'fence', startMs: 300.5, endMs: 300.5 },
        { name: 'stop', startMs: 300.5, endMs: 300.5 },
        { name: 'start', startMs: 300.5, endMs: 301.1 },
        { name: 'announce', startMs: 301.1, endMs: 301.1 },
      ],
    });
  });

  it('is not made longer by a start in place half a minute later', () => {
    const crash: JournalRecord[] = [
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip'),
      result(302_000, 'vip', { finishedUs: 302_000 }),
    ];
    const inPlace = start(30_000_000, 'vip', 0, { kind: 'heldHere', sinceUs: 302_000, first: 'unprotected' });
    const late = { finishedUs: 30_100_000, announcedUs: 30_100_000 };
    expect(only([...crash, inPlace, result(30_100_000, 'vip', late)]).phases).toEqual(only(crash).phases);
  });

  it('lasts until the slowest resource serves, and to the last announcement', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip', 0),
      start(300_000, 'web', 0),
      result(302_000, 'vip', { announcedUs: 301_000, finishedUs: 302_000 }),
      start(302_000, 'vip', 1),
      result(320_000, 'web', { finishedUs: 310_000, announcedUs: 315_000 }),
      result(350_000, 'vip', { finishedUs: 350_000 }, 1),
    ]);
    expect(durations(report)).toEqual({ detect: 300, decide: 0, fence: 0, stop: 0, start: 50, announce: 0 });
    expect(report.groups).toEqual(['vip', 'web']);
  });

  it('has an announce phase when the announcement follows the start', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip'),
      result(303_000, 'vip', { finishedUs: 301_000, announcedUs: 302_500 }),
    ]);
    expect(durations(report)).toMatchObject({ start: 1, announce: 1.5 });
    expect(report.totalMs).toBe(302.5);
  });

  it('has a fence phase between the decision and the start', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      { kind: 'peerFenced', us: 900_000, node: node1, startedUs: 301_000, finishedUs: 899_000, confirmed: true },
      start(900_000, 'vip', 0, { kind: 'operator', who: 'root' }),
      result(902_000, 'vip', { finishedUs: 901_000 }),
    ]);
    expect(durations(report)).toEqual({ detect: 300, decide: 1, fence: 598, stop: 0, start: 2, announce: 0 });
    expect(report.protection).toBe('PROTECTED');
  });

  it('does not count fencing that was not confirmed', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      { kind: 'peerFenced', us: 400_000, node: node1, startedUs: 301_000, finishedUs: 399_000, confirmed: false },
      start(900_000, 'vip'),
    ]);
    expect(durations(report)).toMatchObject({ decide: 600, fence: 0 });
  });

  it.each([
    ['standby', 'standby'],
    ['failback', 'standby'],
    ['stop', 'stop'],
  ] as const)('of a handover (%s) counts from the request', (reason, kind) => {
    const report = only([
      { kind: 'handoverRequested', us: 1000, reason, from: node1, to: node2 },
      { kind: 'handoverReleased', us: 3000, from: node1 },
      start(3100, 'vip', 0, stoppedByPeer),
      result(4200, 'vip', { finishedUs: 4100, announcedUs: 4000 }),
    ]);
    expect(report).toMatchObject({ kind, from: 'node1', protection: 'PROTECTED', totalMs: 3 });
    expect(durations(report)).toEqual({ detect: 0, decide: 0, fence: 0, stop: 2, start: 1, announce: 0 });
  });

  it('of a request that was repeated before anything was released counts from the first', () => {
    const requested = (us: number) =>
      ({ kind: 'handoverRequested', us, reason: 'standby', from: node1, to: node2 }) as const;
    const all = failovers(
      [requested(0), requested(1000), { kind: 'handoverReleased', us: 3000, from: node1 }, requested(5000)],
      0,
    );
    expect(all).toHaveLength(1);
    expect(durations(all[0]!)).toMatchObject({ stop: 3 });
  });

  it('on the giver ends with its release', () => {
    const report = only([
      { kind: 'handoverRequested', us: 0, reason: 'standby', from: node1, to: node2 },
      { kind: 'stop', us: 100, group: 'vip', index: 0 },
      result(900, 'vip', { finishedUs: 800 }, 0, 'stop'),
      { kind: 'handoverReleased', us: 1000, from: node1 },
    ]);
    expect(report).toMatchObject({ groups: [], protection: '', totalMs: 1 });
  });

  it('of a cold start counts from the boot of the daemon', () => {
    const report = only([
      { kind: 'boot', us: 0, node: node2 },
      start(1_000_000, 'vip'),
      result(1_002_000, 'vip', { finishedUs: 1_001_000 }),
    ]);
    expect(report).toMatchObject({ kind: 'start', from: 'node2', totalMs: 1001 });
  });

  it('leaves out a group whose start failed', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip'),
      start(300_000, 'web'),
      result(301_000, 'vip', { finishedUs: 301_000 }),
      { ...result(305_000, 'web', { finishedUs: 305_000 }), outcome: 'failed' },
    ]);
    expect(report).toMatchObject({ groups: ['vip'], totalMs: 301 });
  });

  it('is none when silence led to no start, and when there was nothing at all', () => {
    expect(failovers([], 0)).toEqual([]);
    expect(failovers([{ kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 }], 0)).toEqual([]);
  });

  it('does not count a start long after everything was quiet', () => {
    const report = only([
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip'),
      result(301_000, 'vip', { finishedUs: 301_000 }),
      start(100_000_000, 'web'),
      result(100_001_000, 'web', { finishedUs: 100_001_000 }),
    ]);
    expect(report).toMatchObject({ groups: ['vip'], totalMs: 301 });
  });

  it('keeps one failover apart from the next, oldest first', () => {
    const crash: JournalRecord[] = [
      { kind: 'peerSilent', us: 300_000, node: node1, lastHeardUs: 0 },
      start(300_000, 'vip'),
      result(301_000, 'vip', { finishedUs: 301_000 }),
    ];
    const failback: JournalRecord[] = [
      { kind: 'packets', us: 400_000, periodUs: 1_000_000, links: [] },
      { kind: 'handoverRequested', us: 500_000, reason: 'failback', from: node2, to: node1 },
      { kind: 'handoverReleased', us: 502_000, from: node2 },
    ];
    expect(failovers([...crash, ...failback], 0).map(({ kind, totalMs }) => [kind, totalMs])).toEqual([
      ['crash', 301],
      ['standby', 2],
    ]);
  });

  it('has six phases without gap or overlap, whatever the records say', () => {
    const times = fc.nat(10_000_000);
    const records = fc.array(
      fc.oneof<fc.Arbitrary<FailoverRecord>[]>(
        times.map((us) => ({ kind: 'boot', us, node: node1 })),
        fc.tuple(times, times).map(([us, lastHeardUs]) => ({ kind: 'peerSilent', us, node: node1, lastHeardUs })),
        times.map((us) => ({ kind: 'handoverRequested', us, reason: 'stop', from: node1, to: node2 })),
        times.map((us) => ({ kind: 'handoverReleased', us, from: node1 })),
        fc.tuple(times, times).map(([us, finishedUs]) => ({
          kind: 'peerFenced',
          us,
          node: node1,
          startedUs: us,
          finishedUs,
          confirmed: true,
        })),
        times.map((us) => start(us, 'vip')),
        fc
          .tuple(times, times, times)
          .map(([us, finishedUs, announcedUs]) => result(us, 'vip', { finishedUs, announcedUs })),
      ),
    );
    fc.assert(
      fc.property(records, (given) => {
        for (const { phases, totalMs } of failovers(given, 0)) {
          expect(phases.map(({ name }) => name)).toEqual(phaseNames);
          expect(phases[0]!.startMs).toBe(0);
          for (const [position, phase] of phases.entries()) {
            expect(phase.endMs).toBeGreaterThanOrEqual(phase.startMs);
            if (position > 0) expect(phase.startMs).toBe(phases[position - 1]!.endMs);
          }
          expect(phases.at(-1)!.endMs).toBe(totalMs);
        }
      }),
    );
  });
});

function start(
  us: number,
  group: string,
  index = 0,
  evidence: StartEvidence = unprotected,
): Extract<FailoverRecord, { kind: 'start' }> {
  return { kind: 'start', us, group, index, evidence };
}

type Result = Extract<FailoverRecord, { kind: 'operationResult' }>;

function result(
  us: number,
  group: string,
  times: Partial<Result>,
  index = 0,
  action: 'start' | 'stop' = 'start',
): Result {
  return {
    kind: 'operationResult',
    us,
    group,
    index,
    action,
    outcome: 'done',
    startedUs: us,
    finishedUs: us,
    ...times,
  };
}

function only(records: readonly JournalRecord[]): FailoverReport {
  const all = failovers(records, 0);
  expect(all).toHaveLength(1);
  return all[0]!;
}

function durations(report: FailoverReport): Record<string, number> {
  return Object.fromEntries(
    report.phases.map(({ name, startMs, endMs }) => [name, Math.round((endMs - startMs) * 1000) / 1000]),
  );
}
