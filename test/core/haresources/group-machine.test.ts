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
  /** Taken away by a change, or left out of one. */
  readonly absent = new Set<number>();
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
    if (event.type === 'change' && before === 'running')
      for (const at of event.stops) if (!event.starts.includes(at)) this.absent.add(at);
    if (isAnswer) this.answered(event.type);
    // Whoever stops the whole group begins to count anew.
    if (event.type === 'stop' && /^(trim|drop|fill)/.test(before)) this.failedStops = 0;
    if (isAnswer && before === 'cancelling') this.failedStops = 0;
    const { snapshot, actions } = advance<GroupContext, typeof groupMachine>(groupMachine, this.snapshot, event);
    this.snapshot = snapshot;
    // Whoever begins to stop the whole of a group begins to count anew.
    const anew = event.type !== 'failed' && event.type !== 'retry' && snapshot.context.attempts === 0;
    if (anew || before === 'cancelling') this.failedStops = 0;
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
    this.absent.clear();
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
    if (type === 'leftOut') this.absent.add(at);
    if (type === 'stopFailedForGood') {
      expect(this.failedStops, 'attempts before giving up').toBe(stopRetryMax);
      this.failedStops = 0;
    }
    if (type !== 'runStart' && type !== 'runStop') return;
    expect(this.flight, 'one operation at a time').toBeUndefined();
    this.flight = { action: type === 'runStart' ? 'start' : 'stop', at };
    this.log.push(`${type} ${at}`);
    const changing = ['trimming', 'filling', 'dropping'].includes(this.state);
    if (type === 'runStart') {
      if (before === 'stopped') this.absent.clear();
      this.absent.delete(at);
    }
    if (changing) {
      expect(this.mayRun.has(at), 'starts what does not run, stops what may').toBe(type === 'runStop');
      this.mayRun.add(at);
    } else if (type === 'runStart') {
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
    if (this.state === 'running') expect(this.mayRun.size).toBe(this.size - this.absent.size);
    if (['starting', 'cancelling', 'stopping', 'trimming', 'filling', 'dropping'].includes(this.state))
      expect(this.flight).toBeDefined();
    if (['running', 'retrying', 'trimRetrying', 'dropRetrying', 'stopFailed'].includes(this.state))
      expect(this.flight).toBeUndefined();
    if (this.state.toLowerCase().endsWith('retrying')) expect(this.retryArmed, 'a retry is on its way').toBe(true);
  }
}

const plain = (...types: Exclude<GroupEvent['type'], 'stop' | 'change'>[]): GroupEvent[] =>
  types.map((type) => ({ type }));
const change = (size: number, stops: number[], starts: number[], optional: number[] = []): GroupEvent => ({
  type: 'change',
  size,
  stops,
  starts,
  optional,
});
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

  it('changes a part of itself: first all stops, then all starts, and is held meanwhile', () => {
    const group = run(4, ...plain('start', 'done', 'done', 'done', 'done'), change(4, [3, 1], [1, 3]));
    expect(letterOfState[group.state]).toBe('s');
    for (const _ of Array.from({ length: 4 })) group.send({ type: 'done' });
    expect(group.log.filter((line) => line.startsWith('run')).slice(4)).toEqual([
      'runStop 3',
      'runStop 1',
      'runStart 1',
      'runStart 3',
    ]);
    expect(group.state).toBe('running');
  });

  it('goes on without an optional resource that does not start, and makes sure that nothing of it runs', () => {
    const group = run(3, ...plain('start', 'done', 'done', 'done'), change(3, [1, 0], []), ...plain('done', 'done'));
    for (const event of [change(3, [], [0, 1], [0]), ...plain('failed')]) group.send(event);
    expect(group.flight).toEqual({ action: 'stop', at: 0 });
    group.send({ type: 'done' });
    expect(group.flight).toEqual({ action: 'start', at: 1 });
    group.send({ type: 'done' });
    expect([group.state, [...group.absent]]).toEqual(['running', [0]]);
  });

  it('tries again what it cannot stop of a change, of the part that goes as of the one that did not start', () => {
    const begun = plain('start', 'done', 'done');
    const trimmed = run(2, ...begun, change(2, [1], []), ...plain('failed', 'retry', 'done'));
    const dropped = run(2, ...begun, change(2, [1], [1], [1]), ...plain('done', 'failed', 'failed', 'retry', 'done'));
    expect([trimmed.state, dropped.state]).toEqual(['running', 'running']);
    expect([trimmed.log, dropped.log].map((log) => log.some((text) => text.endsWith('etrying')))).toEqual([true, true]);
  });

  it('is given up as a whole when a part that must run does not start again, or does not stop', () => {
    const begun = [...plain('start', 'done', 'done', 'done'), change(3, [1], [1])];
    const lost = run(3, ...begun, ...plain('done', 'failed'));
    expect([lost.state, lost.flight]).toEqual(['stopping', { action: 'stop', at: 2 }]);
    const stuck = run(3, ...begun, ...plain('failed', 'retry', 'failed', 'retry', 'failed'));
    expect(stuck.state).toBe('stopFailed');
  });

  it('that is asked to stop in the middle of a change stops as a whole', () => {
    const group = run(3, ...plain('start', 'done', 'done', 'done'), change(3, [1], [1]), stop('offered'));
    expect(group.flight).toEqual({ action: 'stop', at: 1 });
    group.send({ type: 'done' });
    expect([group.state, group.flight]).toEqual(['stopping', { action: 'stop', at: 2 }]);
    for (const _ of Array.from({ length: 3 })) group.send({ type: 'done' });
    expect(group.state).toBe('offered');
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
    /** The right part of a group anew, as a monitor asks for, and the last resource left out. */
    const restart = (group: ModelGroup, from: number, optional: boolean): GroupEvent => {
      const starts = Array.from({ length: group.size }, (_, at) => at).filter((at) => at >= from % group.size);
      const stops = starts.filter((at) => group.mayRun.has(at)).reverse();
      return change(group.size, stops, starts, optional ? [group.size - 1] : []);
    };
    const restarts = fc.record({ from: fc.nat({ max: 3 }), optional: fc.boolean() });
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.oneof({ weight: 6, arbitrary: event }, { weight: 2, arbitrary: restarts }), {
          minLength: 10,
          maxLength: 60,
        }),
        (size, events) => {
          const group = new ModelGroup(size);
          for (const each of events) {
            group.send('from' in each ? restart(group, each.from, each.optional) : each);
            seen.add(group.state);
          }
        },
      ),
      { numRuns: 1500 },
    );
    const rare = ['dropRetrying', 'trimRetrying'];
    expect([...new Set([...seen, ...rare])].sort()).toEqual(Object.keys(letterOfState).sort());
  });
});
