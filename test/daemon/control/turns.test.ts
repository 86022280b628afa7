import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns, type Turns } from '../../../src/daemon/control/turns.ts';

const limits = { requestsPerSecond: 100, requestsAtOnce: 20 };
let turns: Turns;
let served: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  turns = createTurns(limits);
  served = [];
});
afterEach(() => {
  turns.close();
  vi.useRealTimers();
});

/** Wants `count` requests served, each of this cost. */
function ask(socket: string, name: string, count: number, cost = 1): void {
  let left = count;
  turns.wants(socket, {
    takeOne() {
      if (left === 0) return 0;
      left -= 1;
      served.push(name);
      return cost;
    },
  });
}

const servedOf = (name: string): number => served.filter((each) => each === name).length;

describe('the turns of requests', () => {
  it('come at once for somebody who asks little', () => {
    ask('status.sock', 'tool', 3);
    expect(servedOf('tool')).toBe(3);
  });

  it('are few in one turn of the event loop, however much is asked', () => {
    ask('status.sock', 'greedy', 1000);
    expect(servedOf('greedy')).toBeLessThanOrEqual(4);
  });

  it('are limited in a second, for all together', () => {
    for (let client = 0; client < 30; client += 1) ask('status.sock', `greedy ${client}`, 1000);
    vi.advanceTimersByTime(3000);
    expect(served.length).toBeGreaterThan(280);
    expect(served.length).toBeLessThanOrEqual(20 + 300 + 4);
  });

  it('go round the sockets first, so that a crowd on one does not keep those of another waiting', () => {
    for (let client = 0; client < 30; client += 1) ask('status.sock', `greedy ${client}`, 1000);
    vi.advanceTimersByTime(1000);
    ask('admin.sock', 'root', 5);
    vi.advanceTimersByTime(150);
    expect(servedOf('root')).toBe(5);
  });

  it('go round the clients of a socket', () => {
    ask('status.sock', 'greedy', 1000);
    vi.advanceTimersByTime(1000);
    ask('status.sock', 'tool', 3);
    vi.advanceTimersByTime(100);
    expect(servedOf('tool')).toBe(3);
  });

  it('count a large request as many', () => {
    ask('admin.sock', 'greedy', 1000, 10);
    vi.advanceTimersByTime(1000);
    expect(served.length).toBeLessThanOrEqual(13);
  });
});
