/** Guards of fencing that no story needed, each shown to matter by a wrong version of it that nothing else caught. */
import { describe, expect, it } from 'vitest';
import { fencePhaseOf } from '../../../src/core/fencing/fencing-state.ts';
import { delayBeforeFirstAttemptMs } from '../../../src/core/fencing/precedence.ts';
import { isOfFencedIncarnation } from '../../../src/core/fencing/proof.ts';
import type { FenceOutcome, FencingSettings } from '../../../src/core/fencing/settings.ts';
import { messageOf, textOf } from '../../../src/core/transport/message.ts';
import { answering, emptyHello, LoneNode, ms, node2, vip } from '../lone-node.ts';
import { fencing } from './fenced-pair.ts';

const fenced = (changes: Partial<FencingSettings> = {}): LoneNode =>
  LoneNode.settled({ fencing: { ...fencing, ...changes } });
const strikes = (node: LoneNode): number[] => node.ofType('fence').map(({ attempt }) => attempt);
const answer = (node: LoneNode, attempt: number, outcome: FenceOutcome, detail = ''): LoneNode => {
  node.give({ type: 'fenceResult', attempt, outcome, verified: false, detail });
  return node;
};
/** The record of the proof is on disk. */
const written = (node: LoneNode, recordId = node.state.fencing.recordId ?? 0): LoneNode => {
  node.give({ type: 'recordPersisted', recordId, ok: true });
  return node;
};
const confirmOff = (node: LoneNode): string[] => node.forget().command({ verb: 'confirmOff', node: node2 }).replies;

describe('a device that is still busy with an attempt for an earlier silence', () => {
  const busy = (): LoneNode => fenced().silent().heard(true).says().silent();

  it('is not asked again before it has answered, and that answer proves nothing', () => {
    const node = busy();
    expect(strikes(node)).toEqual([1]);
    answer(node, 1, 'confirmed');
    expect(node.logged).toContain('fence-late-result');
    expect(node.state.fencing).toMatchObject({ proof: undefined, unrecorded: undefined });
    expect(strikes(node)).toEqual([1, 2]);
  });

  it('is asked again when the time for an answer is over', () => {
    const node = busy().pass(14_999);
    expect(strikes(node)).toEqual([1]);
    expect(strikes(node.pass(2))).toEqual([1, 2]);
  });
});

it('an answer to a question that nobody has asked is a line in the log', () => {
  const node = answer(fenced(), 99, 'confirmed');
  expect(node.logged).toContain('fence-late-result');
  expect(node.state.fencing.unrecorded).toBeUndefined();
});

describe('what is said of an attempt', () => {
  const words = (node: LoneNode): unknown[] =>
    node
      .ofType('send')
      .filter(({ message }) => textOf(message, 't') === 'stonith')
      .map(({ message }) => textOf(message, 'result'));

  it('is how it ended, and a phase that begins with the first attempt', () => {
    const node = fenced().silent();
    const firstUs = node.nowUs;
    answer(node.pass(1000), 1, 'failed', 'no route');
    expect(node.state.fencing.lastFailure).toBe('ipmi: failed (no route)');
    node.pass(1000);
    const secondUs = node.nowUs;
    answer(node.pass(500), 2, 'failed');
    expect(node.state.fencing.lastFailure).toBe('ipmi: failed');
    answer(node.pass(2000), 3, 'confirmed');
    expect(words(node)).toEqual(['bad', 'bad', 'OK']);
    const records = node
      .ofType('record')
      .flatMap(({ record }) => (record.kind === 'peerFenced' ? [record.startedUs] : []));
    expect(records).toEqual([firstUs, secondUs, firstUs]);
    expect(node.logged).toContain('peer-fenced');
  });
});

describe('a confirmation', () => {
  it('waits for its own record, not for any other', () => {
    const node = answer(fenced().silent(), 1, 'confirmed');
    written(node, 9999);
    expect(node.state.fencing.proof).toBeUndefined();
    expect(written(node).state.fencing.proof).toMatchObject({ by: 'device', name: 'ipmi' });
    expect(node.letters).toBe('rr');
  });

  it('stays while the node leaves, whose successor may need it; an attempt does not', () => {
    const leaving = (node: LoneNode): LoneNode => {
      node.answer = answering({ 'stop vip#1': 'hold' });
      node.give({ type: 'stopRequested' });
      expect(node.stage).toBe('leaving');
      return node;
    };
    const proven = leaving(written(answer(fenced().silent(), 1, 'confirmed')));
    expect(proven.state.fencing.proof).toBeDefined();
    const recording = leaving(answer(fenced().silent(), 1, 'confirmed'));
    expect(recording.state.fencing.unrecorded).toBeDefined();
    const attempting = leaving(fenced().silent());
    expect(fencePhaseOf(attempting.state.fencing)).toBe('idle');
    const waiting = leaving(answer(fenced().silent(), 1, 'failed'));
    expect(fencePhaseOf(waiting.state.fencing)).toBe('idle');
    expect(strikes(waiting.forget().pass(60_000))).toEqual([]);
  });
});

describe("an operator's word", () => {
  it('is refused of a node that leaves, and not needed where there is a proof or a farewell', () => {
    const leaving = fenced().silent();
    leaving.answer = answering({ 'stop vip#1': 'hold' });
    leaving.give({ type: 'stopRequested' });
    expect(confirmOff(leaving)).toEqual(['1 not-a-member final']);
    expect(confirmOff(written(answer(fenced().silent(), 1, 'confirmed')))).toEqual(['1 confirm-off-not-needed final']);
    expect(confirmOff(fenced().message(messageOf('shutdone')))).toEqual(['1 confirm-off-not-needed final']);
  });

  it('counts from now where nothing was asked of a device, and is not called a fencing', () => {
    const node = new LoneNode({ fencing }).boot().pass(2000);
    expect(node.logged.filter((code) => code === 'waiting-for-peer')).toHaveLength(1);
    node.pass(10_000);
    expect(node.logged.filter((code) => code === 'waiting-for-peer')).toHaveLength(1);
    expect(strikes(node)).toEqual([]);
    confirmOff(node);
    const { unrecorded, proof } = node.state.fencing;
    expect(proof ?? unrecorded).toMatchObject({ by: 'operator', requestedUs: node.nowUs });
    expect(node.logged).not.toContain('peer-fenced');
  });

  it('counts from the request where a device was asked in vain', () => {
    const node = answer(fenced().silent(), 1, 'failed').pass(500);
    const { requestedUs } = node.state.fencing;
    confirmOff(node);
    const { unrecorded, proof } = node.state.fencing;
    expect((proof ?? unrecorded)?.requestedUs).toBe(requestedUs);
    expect(requestedUs).toBeLessThan(node.nowUs);
  });
});

describe('nothing is asked of a device', () => {
  it('by a node that manages nothing', () => {
    for (const changes of [{ groups: [] }, { unmanaged: true }]) {
      const node = LoneNode.settled({ fencing, ...changes })
        .silent()
        .pass(5000);
      expect(strikes(node)).toEqual([]);
      expect(node.alarms).not.toContain('waiting-for-peer');
    }
  });

  it('after a reload has taken fencing away, and nobody complains of missing devices', () => {
    const node = answer(fenced().silent(), 1, 'failed').forget();
    const { fencing: _, ...options } = node.state.options;
    node.state.options = options;
    node.pass(5000);
    expect(strikes(node)).toEqual([]);
    expect(fencePhaseOf(node.state.fencing)).toBe('idle');
    expect(node.alarms).not.toContain('fencing-no-device');
  });

  it('where there is none, which is said once', () => {
    const node = fenced({ devices: [] }).silent().pass(10);
    node.command({ verb: 'acknowledgeSplit' });
    expect(node.logged.filter((code) => code === 'fencing-no-device')).toHaveLength(1);
    expect(node.alarms).toContain('fencing-no-device');
  });
});

describe('a node that reads that it has been fenced', () => {
  const reads = (node: LoneNode): LoneNode =>
    node.forget().says({}, { fields: { pbfen: node.state.generation.toString(16) } });

  it('stands down as a member, and while it joins', () => {
    expect(reads(fenced()).logged).toContain('fenced-but-alive');
    expect(reads(new LoneNode({ fencing }).boot().heard()).logged).toContain('fenced-but-alive');
  });

  it('goes on leaving where it leaves', () => {
    const node = fenced();
    node.answer = answering({ 'stop vip#1': 'hold' });
    node.give({ type: 'stopRequested' });
    expect(reads(node).stage).toBe('leaving');
    expect(node.logged).not.toContain('fenced-but-alive');
  });
});

it('a fenced incarnation that still talks is an alarm, and one line however often it talks', () => {
  const node = written(answer(fenced().silent(), 1, 'confirmed')).forget();
  node.says().says().says();
  expect(node.alarms).toContain('fenced-peer-heard');
  expect(node.logged.filter((code) => code === 'fenced-peer-heard')).toHaveLength(1);
});

it('beside a real Heartbeat the classes that it claims are what it has to lose', () => {
  const node = new LoneNode({ fencing: { ...fencing, delayMs: 5000 }, groups: [vip] }).boot().heard();
  node.message(messageOf('status', { st: 'active', dt: '12c' }));
  const { peer } = node.state;
  peer.classic = { ...peer.classic, held: { ours: true, theirs: false } };
  expect(delayBeforeFirstAttemptMs(node.state)).toBe(5000);
  peer.classic = { ...peer.classic, held: { ours: false, theirs: true } };
  expect(delayBeforeFirstAttemptMs(node.state)).toBe(0);
});

describe('a proof that an earlier daemon has left', () => {
  const proof = {
    by: 'operator',
    name: 'root',
    action: 'word',
    verified: false,
    peerGeneration: 50,
    requestedUs: 1,
    confirmedUs: 2,
  } as const;
  const successor = (lastBeatMs: number): LoneNode => {
    const node = new LoneNode({ fencing });
    const hello = { ...emptyHello, adopted: true, lastBeatUs: node.nowUs - ms(lastBeatMs) };
    node.give({ type: 'boot', generation: 101, hello, stickyStopFailures: [], fencedPeer: proof });
    return node;
  };

  it('holds only where there was no gap, and then does not shorten the wait of a node that joins', () => {
    expect(successor(100).state.fencing.proof).toEqual(proof);
    expect(successor(100).stage).toBe('joining');
    expect(successor(1000).state.fencing.proof).toBeUndefined();
  });
});

it('generations count per machine: what was proven of one says nothing of another', () => {
  const { state } = written(answer(fenced().silent(), 1, 'confirmed'));
  const { uuid, generation } = state.peer;
  expect(isOfFencedIncarnation(state, generation, uuid)).toBe(true);
  expect(isOfFencedIncarnation(state, generation + 1, uuid)).toBe(false);
  expect(isOfFencedIncarnation(state, generation, 'another')).toBe(false);
  state.peer.product = 'heartbeat';
  expect(isOfFencedIncarnation(state, generation, uuid)).toBe(false);
  state.peer.product = 'pairbeat';
  // Of a peer that was never heard nobody knows the machine.
  state.peer.uuid = '';
  expect(isOfFencedIncarnation(state, generation, uuid)).toBe(true);
});
