import { expect, test } from 'vitest';
import { tracing } from '../../src/daemon/debug-trace.ts';
import type { Logger } from '../../src/io/logger.ts';

function traced(level: number): { readonly codes: string[]; readonly text: () => string; play(): void; kept: number } {
  const written: { code: string; fields: object }[] = [];
  const log = {
    debugLevel: () => level,
    write: (_level: string, message: { code: string; fields: object }) => void written.push(message),
  };
  const result = { codes: [] as string[], text: () => JSON.stringify(written), kept: 0, play };
  const journal = tracing(
    {
      event: () => void result.kept++,
      effect: () => void result.kept++,
      milestone: () => void result.kept++,
      settled: () => {},
    },
    log as unknown as Logger,
  );
  function play(): void {
    journal.event(1, { to: 'node', event: { type: 'timer', nowUs: 1 } });
    journal.event(1, {
      to: 'transport',
      event: {
        type: 'keysChanged',
        authentication: { sendIndex: 1, keys: [{ index: 1, method: 'sha1', secret: 'topsecret' }], weaknesses: [] },
      },
    });
    journal.event(1, {
      to: 'transport',
      event: { type: 'datagram', nowUs: 1, link: 'bcast/eth0' as never, bytes: new Uint8Array(9), source: '10.0.0.1' },
    });
    journal.effect(1, { type: 'rejoin' });
    journal.effect(1, { type: 'transmit', link: 'bcast/eth0' as never, bytes: new Uint8Array(9) });
    result.codes.push(...written.map(({ code }) => code));
  }
  return result;
}

test('everything goes to the journal; the log gets decisions from level 2 and packets from level 3', () => {
  for (const [level, codes] of [
    [1, []],
    [2, ['debug-event', 'debug-event', 'debug-effect']],
    [3, ['debug-event', 'debug-event', 'debug-received', 'debug-effect', 'debug-sent']],
  ] as const) {
    const one = traced(level);
    one.play();
    expect(one.codes).toEqual(codes);
    expect(one.kept).toBe(5);
  }
});

test('a new key is never among it', () => {
  const one = traced(255);
  one.play();
  expect(one.text()).toContain('keysChanged');
  expect(one.text()).not.toContain('topsecret');
});
