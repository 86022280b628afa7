import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arm, createTimers, disarm, earliest, takeDue } from '../../src/core/timers.ts';

describe('timers', () => {
  it('are due at their time and not before, and then only once', () => {
    const timers = createTimers();
    arm(timers, 'wait', 100);
    expect(takeDue(timers, 99)).toEqual([]);
    expect(takeDue(timers, 100)).toEqual(['wait']);
    expect(takeDue(timers, 1000)).toEqual([]);
    expect(earliest(timers)).toBeUndefined();
  });

  it('are replaced when armed again, later or earlier', () => {
    const timers = createTimers();
    arm(timers, 'wait', 100);
    arm(timers, 'wait', 300);
    expect(takeDue(timers, 200)).toEqual([]);
    arm(timers, 'wait', 250);
    expect(earliest(timers)).toBe(250);
    expect(takeDue(timers, 250)).toEqual(['wait']);
  });

  it('are forgotten when disarmed, and disarming what is not armed does nothing', () => {
    const timers = createTimers();
    arm(timers, 'wait', 100);
    arm(timers, 'deaf', 200);
    disarm(timers, 'wait');
    disarm(timers, 'never armed');
    expect(earliest(timers)).toBe(200);
    expect(takeDue(timers, 500)).toEqual(['deaf']);
  });

  it('come earliest first, equal times by name, whatever order they were armed in; the others stay', () => {
    const name = fc.constantFrom(...'abcdef');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.nat(10))), fc.nat(10), (armed, nowUs) => {
        const timers = createTimers();
        const last = new Map(armed);
        for (const [each, atUs] of armed) arm(timers, each, atUs);
        const inOrder = 'abcdef'.split('').flatMap((each) => {
          const atUs = last.get(each);
          return atUs === undefined ? [] : [{ each, atUs }];
        });
        inOrder.sort((left, right) => left.atUs - right.atUs);
        expect(earliest(timers)).toBe(inOrder[0]?.atUs);
        expect(takeDue(timers, nowUs)).toEqual(inOrder.filter(({ atUs }) => atUs <= nowUs).map(({ each }) => each));
        expect(earliest(timers)).toBe(inOrder.find(({ atUs }) => atUs > nowUs)?.atUs);
      }),
    );
  });
});
