/** The machine against a dumb model: the set of resources that may run, and the one operation in flight. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AfterStop,
  type GroupContext,
  type GroupEvent,
  groupMachine,
  letterOfState,
} from '../../../src/core/haresources/group-machine.ts';
import { isHeld } from '../../../src/core/haresources/letters.ts';
import { advance, begin, type StoredSnapshot } from '../../../src/core/machine.ts';

const stopRetryMax = 3;

interface Flight {
  readonly action: 'start' | 'stop';
  readonly at: number;
}

class ModelGroup {
  snapshot: StoredSnapshot<GroupContext>;
  readonly size: number;
  /** What may run: from the moment its start is ordered until its stop is confirmed. */
  readonly mayRun = new Set<number>();
  flight: Flight | undefined;
  retryArmed = false;
  readonly log: string[] = [];
  private failedStops = 0;

  constructor(size: number) {
    this.size = size;
    this.snapshot = begin(groupMachine, { size, stopRetryMax });
  }

  get state(): string {
    return this.snapshot.value;
  }

  /** As the manager sends it: an answer only to an operation, no stop of an unknown group while one is in flight. */
  send(event: GroupEvent): boolean {
    const isAnswer = event.type === 'done' || event.type === 'failed' || event.type === 'lost';
    if (isAnswer && this.flight === undefined) return false;
    if (event.type === 'stop' && this.state === 'unknown' && this.flight !== undefined) return false;
    if ((event.type === 'adopt' || event.type === 'sticky') && this.flight !== undefined) return false;
    if (event.type === 'retry' && !this.retryArmed) return false;
    const before = this.state;
    if (isAnswer) this.answered(event.type);
    const { snapshot, actions } = advance<GroupContext, typeof groupMachine>(groupMachine, this.snapshot, event);
    this.snapshot = snapshot;
    if (event.type === 'retry') this.retryArmed = false;
    if (before !== this.state && ['adopt', 'suspect', 'sticky'].includes(event.type)) this.all();
    this.log.push(`${event.type} -> ${this.state}`);
    for (const { type, params } of actions)
      this.perform(type, (params as { at?: number } | undefined)?.at ?? -1, before);
    this.check();
    return true;
  }

  /** What is found may be all of it. */
  private all(): void {
    for (let index = 0; index < this.size; index++) this.mayRun.add(index);
  }

  private answered(answer: 'done' | 'failed' | 'lost'): void {
    const { action, at } = this.flight!;
    this.flight = undefined;
    if (action === 'start') return;
    if (answer === 'done') {
      this.mayRun.delete(at);
      this.failedStops = 0;
    }
    if (answer === 'failed') this.failedStops++;
    if (answer === 'lost') this.failedStops = 0;
  }

  private perform(type: string, at: number, before: string): void {
    if (type === 'armRetry') this.retryArmed = true;
    if (type === 'stopFailedForGood') {
      expect(this.failedStops, 'attempts before giving up').toBe(stopRetryMax);
      this.failedStops = 0;
    }
    if (type !== 'runStart' && type !== 'runStop') return;
    expect(this.flight, 'one operation at a time').toBeUndefined();
    this.flight = { action: type === 'runStart' ? 'start' : 'stop', at };
    this.log.push(`${type} ${at}`);
    if (type === 'runStart') {
      expect(['stopped', 'starting'], 'started out of').toContain(before);
      expect([...this.mayRun], 'S10: everything to the left has started, nothing else').toEqual(
        Array.from({ length: at }, (_, index) => index),
      );
      this.mayRun.add(at);
    } else {
      expect(
        [...this.mayRun].filter((index) => index > at),
        'S10: nothing to the right may run',
      ).toEqual([]);
      expect(this.failedStops, 'attempts').toBeLessThan(stopRetryMax);
    }
  }

  private check(): void {
    const letter = letterOfState[this.state];
    expect(letter, this.state).toBeDefined();
    if (!isHeld(letter!)) {
      expect([...this.mayRun], `${this.state} means that nothing runs`).toEqual([]);
      expect(this.flight).toBeUndefined();
    }
    if (this.state === 'running') expect(this.mayRun.size).toBe(this.size);
    if (['starting', 'cancelling', 'stopping'].includes(this.state)) expect(this.flight).toBeDefined();
    if (['running', 'retrying', 'stopFailed'].includes(this.state)) expect(this.flight).toBeUndefined();
    if (this.state === 'retrying') expect(this.retryArmed, 'a retry is on its way').toBe(true);
  }
}

const plain = (...types: Exclude<GroupEvent['type'], 'stop'>[]): GroupEvent[] => types.map((type) => ({ type }));
const stop = (after: AfterStop): GroupEvent => ({ type: 'stop', after });

function run(size: number, ...events: GroupEvent[]): ModelGroup {
  const group = new ModelGroup(size);
  for (const event of events) expect(group.send(event), event.type).toBe(true);
  return group;
}

describe('a group', () => {
  it('starts left to right and stops right to left', () => {
    const group = run(3, ...plain('start', 'done', 'done', 'done'), stop('offered'), ...plain('done', 'done', 'done'));
    expect(group.log.filter((line) => line.startsWith('run'))).toEqual([
      'runStart 0',
      'runStart 1',
      'runStart 2',
      'runStop 2',
      'runStop 1',
      'runStop 0',
    ]);
    expect(group.state).toBe('offered');
  });

  it('that fails to start stops what was started, the failed resource included, and is failed', () => {
    const group = run(3, ...plain('start', 'done', 'failed', 'done', 'done'));
    expect(group.log.filter((line) => line.startsWith('run')).slice(2)).toEqual(['runStop 1', 'runStop 0']);
    expect(group.state).toBe('failed');
  });

  it('whose start is cancelled waits for the answer, then stops from there, whatever the answer was', () => {
    for (const answer of ['done', 'failed'] as const) {
      const group = run(3, ...plain('start', 'done'), stop('offered'));
      expect(group.state).toBe('cancelling');
      expect(group.flight).toEqual({ action: 'start', at: 1 });
      group.send({ type: answer });
      expect(group.flight).toEqual({ action: 'stop', at: 1 });
      group.send({ type: 'done' });
      group.send({ type: 'done' });
      expect(group.state).toBe('offered');
    }
  });

  it('follows the last wish of where to end, also in the middle of stopping', () => {
    expect(run(1, ...plain('start'), stop('offered'), stop('stopped'), ...plain('done', 'done')).state).toBe('stopped');
    expect(run(1, ...plain('start', 'done'), stop('stopped'), stop('offered'), ...plain('done')).state).toBe('offered');
    const retrying = plain('start', 'done').concat(stop('stopped'), plain('failed'), stop('offered'), plain('retry'));
    expect(run(1, ...retrying, ...plain('done')).state).toBe('offered');
  });

  it('that cannot be stopped is tried so many times and no more, each resource anew', () => {
    const twice = plain('failed', 'retry', 'failed', 'retry');
    const group = run(2, ...plain('start', 'done', 'done'), stop('offered'), ...twice, ...plain('done'), ...twice);
    expect(group.state).toBe('stopping');
    group.send({ type: 'failed' });
    expect(group.state).toBe('stopFailed');
    expect(group.send({ type: 'retry' })).toBe(false);
    for (const type of ['start', 'adopt', 'offer', 'withdraw', 'suspect'] as const) group.send({ type });
    expect(group.state).toBe('stopFailed');
    group.send({ type: 'cleanup' });
    expect(group.flight).toEqual({ action: 'stop', at: 1 });
    group.send({ type: 'done' });
    group.send({ type: 'done' });
    expect(group.state).toBe('stopped');
  });

  it('of which an operation was lost may run, and is stopped as a whole before anything else', () => {
    const group = run(3, ...plain('start', 'lost'));
    expect(group.state).toBe('unknown');
    group.send({ type: 'start' });
    expect(group.state).toBe('unknown');
    group.send(stop('stopped'));
    expect(group.flight).toEqual({ action: 'stop', at: 2 });
  });

  it.each(['offered', 'failed'] as const)('that is %s is not started before that has been taken back', (after) => {
    const events = after === 'offered' ? plain('offer') : plain('start', 'failed', 'done');
    const group = run(1, ...events);
    expect(group.state).toBe(after);
    group.send({ type: 'start' });
    expect(group.state).toBe(after);
    group.send({ type: after === 'offered' ? 'withdraw' : 'cleanup' });
    group.send({ type: 'start' });
    expect(group.state).toBe('starting');
  });

  it('keeps order and bounds through any sequence of events', () => {
    const event: fc.Arbitrary<GroupEvent> = fc.oneof(
      { weight: 6, arbitrary: fc.constant<GroupEvent>({ type: 'done' }) },
      { weight: 2, arbitrary: fc.constant<GroupEvent>({ type: 'failed' }) },
      { weight: 3, arbitrary: fc.constant<GroupEvent>({ type: 'retry' }) },
      { weight: 3, arbitrary: fc.constant<GroupEvent>({ type: 'start' }) },
      {
        weight: 3,
        arbitrary: fc.constantFrom<AfterStop>('stopped', 'offered', 'failed').map(stop),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom<GroupEvent>(
          ...plain('lost', 'adopt', 'suspect', 'sticky', 'offer', 'withdraw', 'cleanup'),
        ),
      },
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(event, { minLength: 10, maxLength: 60 }), (size, events) => {
        const group = new ModelGroup(size);
        for (const each of events) {
          group.send(each);
          seen.add(group.state);
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(Object.keys(letterOfState).sort());
  });
});
