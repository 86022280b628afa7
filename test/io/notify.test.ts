import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { notifyServiceManager, watchdogIntervalMs } from '../../src/io/notify.ts';
import { openUnixDatagram } from '../../src/io/unix-datagram.ts';
import { openUnixDatagramReceiver, type UnixDatagramReceiver } from '../helpers/unix-datagram-receiver.ts';

const directory = mkdtempSync(join(tmpdir(), 'pairbeat-notify-'));
let receiver: UnixDatagramReceiver | undefined;
afterEach(() => {
  receiver?.close();
  receiver = undefined;
  vi.useRealTimers();
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('notification of the service manager', () => {
  it.each([
    ['a path', join(directory, 'notify')],
    ['an abstract name', `@pairbeat-test-${process.pid}`],
  ])('arrives as one datagram at %s', (_, path) => {
    receiver = openUnixDatagramReceiver(path);
    notifyServiceManager('READY=1\nSTATUS=node1 is up', { NOTIFY_SOCKET: path });
    expect(receiver.receive()).toBe('READY=1\nSTATUS=node1 is up');
    expect(receiver.receive()).toBe(undefined);
  });

  it.each([undefined, '', '/nowhere/at/all', 'x'.repeat(200)])('does nothing with the socket %j', (path) => {
    expect(() => notifyServiceManager('READY=1', { NOTIFY_SOCKET: path })).not.toThrow();
  });

  it('is sent again when the service manager was too busy to take it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const path = `@pairbeat-test-busy-${process.pid}`;
    receiver = openUnixDatagramReceiver(path);
    // The queue of a unix datagram socket holds net.unix.max_dgram_qlen messages.
    const filler = openUnixDatagram(path)!;
    while (filler.send('filler') === undefined);
    filler.close();
    notifyServiceManager('READY=1', { NOTIFY_SOCKET: path });
    const drained: string[] = [];
    for (let next = receiver.receive(); next !== undefined; next = receiver.receive()) drained.push(next);
    expect(drained).not.toContain('READY=1');
    await vi.advanceTimersByTimeAsync(100);
    expect(receiver.receive()).toBe('READY=1');
  });
});

describe('watchdog interval', () => {
  it('is half of what systemd allows', () => {
    expect(watchdogIntervalMs({ WATCHDOG_USEC: '30000000' })).toBe(15_000);
    expect(watchdogIntervalMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 42)).toBe(15_000);
  });

  it('is absent when nobody, or another process, is watched', () => {
    expect(watchdogIntervalMs({})).toBe(undefined);
    for (const limit of ['0', '-1', 'soon', '']) expect(watchdogIntervalMs({ WATCHDOG_USEC: limit })).toBe(undefined);
    expect(watchdogIntervalMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 43)).toBe(undefined);
  });
});
