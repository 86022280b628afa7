import { describe, expect, it } from 'vitest';
import { readLockLog } from './lock-log.ts';

const log = (...writers: string[]): string => writers.map((writer, index) => `${writer} ${index / 100}\n`).join('');
const [one, two, again] = ['node1 boot1 20', 'node2 boot1 31', 'node1 boot1 44'] as const;

describe('the common log of the writers', () => {
  it('shows nobody twice when each has ended before the next begins', () => {
    expect(readLockLog('one', log(one, one, two, two, again))).toEqual({ lines: 5, writers: 3, interleavings: [] });
  });

  it('shows who went on writing after another had begun', () => {
    const { interleavings, writers } = readLockLog('one', log(one, two, one, two, again));
    expect(writers).toBe(3);
    expect(interleavings).toEqual([
      { service: 'one', begun: two, goesOn: one },
      { service: 'one', begun: one, goesOn: two },
    ]);
  });

  it('is empty without lines, and a line that a loss of power has cut short is left out', () => {
    expect(readLockLog('one', '')).toEqual({ lines: 0, writers: 0, interleavings: [] });
    expect(readLockLog('one', `${log(one)}node1 boo`).lines).toBe(1);
  });
});
