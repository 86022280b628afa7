import { expect, it } from 'vitest';
import { createSupervision } from '../../src/daemon/supervision.ts';

function scene(keepaliveMs: number, intervalMs: number | undefined) {
  let nowUs = 0;
  let status = 'one';
  const said: string[] = [];
  const supervision = createSupervision({
    clock: { nowUs: () => nowUs },
    keepaliveMs,
    status: () => status,
    notify: (state) => void said.push(state),
    intervalMs,
  });
  return {
    said,
    keepaliveAt(milliseconds: number, text = status) {
      status = text;
      nowUs = milliseconds * 1000;
      supervision.progress();
    },
  };
}

it('says that it lives with the first keepalive and then twice in the interval, never without one', () => {
  const one = scene(500, 5000);
  for (let at = 0; at <= 10_000; at += 500) one.keepaliveAt(at);
  expect(one.said.filter((state) => state === 'WATCHDOG=1').length).toBe(5);
  expect(one.said.some((state) => state.startsWith('WATCHDOG_USEC'))).toBe(false);
});

it('asks for more patience where keepalives are rarer than that', () => {
  const one = scene(10_000, 5000);
  one.keepaliveAt(0);
  one.keepaliveAt(10_000);
  expect(one.said.filter((state) => state.startsWith('WATCHDOG'))).toEqual([
    'WATCHDOG_USEC=40000000',
    'WATCHDOG=1',
    'WATCHDOG=1',
  ]);
});

it('says nothing of it when nobody asked', () => {
  const one = scene(500, undefined);
  one.keepaliveAt(0);
  expect(one.said).toEqual(['STATUS=one']);
});

it('tells the status when it has changed, at most once a second', () => {
  const one = scene(100, undefined);
  one.keepaliveAt(0, 'one');
  one.keepaliveAt(900, 'two');
  one.keepaliveAt(1000, 'two');
  one.keepaliveAt(2000, 'two');
  expect(one.said).toEqual(['STATUS=one', 'STATUS=two']);
});
