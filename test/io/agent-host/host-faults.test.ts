import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchFaults } from '../../../src/io/agent-host/host-faults.ts';

let source: EventEmitter;
let deeds: string[];
let letGo: (done: () => void) => void;

beforeEach(() => {
  vi.useFakeTimers();
  source = new EventEmitter();
  deeds = [];
  letGo = () => undefined;
  watchFaults(source, {
    log: (level, { code, fields }) => void deeds.push(`${level} ${code}: ${String(fields['reason']).slice(0, 14)}`),
    letGo(done) {
      deeds.push('let go');
      letGo(done);
    },
    patienceMs: () => 1000,
    exit: (code) => void deeds.push(`exit ${code}`),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each(['uncaughtException', 'unhandledRejection'])('logs an %s and lets go before it ends', (event) => {
  let done: () => void = () => undefined;
  letGo = (whenDone) => {
    done = whenDone;
  };
  source.emit(event, new Error('broken'));
  expect(deeds).toEqual(['critical host-fault: Error: broken ', 'let go']);
  done();
  expect(deeds.at(-1)).toBe('exit 70');
});

it('ends when letting go does not come to its end', () => {
  source.emit('unhandledRejection', 'stuck');
  vi.advanceTimersByTime(1001);
  expect(deeds).toEqual(['critical host-fault: stuck', 'let go', 'exit 70']);
});

it('lets go once, whatever else breaks on the way, and not without end', () => {
  letGo = () => {
    throw new Error('second');
  };
  source.emit('uncaughtException', new Error('first!'));
  expect(deeds).toEqual(['critical host-fault: Error: first! ', 'let go', 'critical host-fault: Error: second ']);
  for (let more = 0; more < 100 && !deeds.includes('exit 70'); more += 1) source.emit('uncaughtException', 'more');
  expect(deeds.length).toBeLessThan(30);
});
