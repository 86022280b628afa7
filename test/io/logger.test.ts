import { closeSync, openSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoggingConfiguration } from '../../src/core/config/configuration.ts';
import { createLogger, type Logger, type LoggerOptions } from '../../src/io/logger.ts';
import { openUnixDatagramReceiver } from '../helpers/unix-datagram-receiver.ts';
import { soon } from '../soon.ts';

let directory: string;
let standardError: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pairbeat-log-'));
  standardError = openSync(join(directory, 'stderr'), 'a');
});
afterEach(async () => {
  closeSync(standardError);
  await rm(directory, { recursive: true });
});

describe('logger', () => {
  it("writes lines in the style of Heartbeat's ha-log", async () => {
    const log = logger({ logfile: path('ha-log') });
    log.write('warning', { code: 'late-heartbeat', fields: { node: 'node2', intervalMs: 1200 } });
    log.write('critical', { code: 'own-pause', fields: {} });
    log.flushSync();
    const host = hostname().split('.')[0];
    expect(await content('ha-log')).toBe(
      `Nov  5 08:06:01 ${host} heartbeat: [${process.pid}]: WARN: late-heartbeat of node2\n` +
        `Nov  5 08:06:01 ${host} heartbeat: [${process.pid}]: CRIT: own-pause of undefined\n`,
    );
  });

  it('reaches the file by itself, in order', async () => {
    const log = logger({ logfile: path('ha-log') });
    for (let number = 0; number < 50; number += 1) log.write('info', { code: `line-${number}`, fields: {} });
    await soon(async () => expect((await lines('ha-log')).length).toBe(50));
    log.write('info', { code: 'line-50', fields: {} });
    await soon(async () => expect((await lines('ha-log')).length).toBe(51));
    expect((await lines('ha-log')).map((line) => Number(/line-(\d+)/.exec(line)![1]))).toEqual(
      Array.from({ length: 51 }, (_, number) => number),
    );
  });

  it('keeps debug lines to the debug file, and only when debugging is on', async () => {
    for (const [debug, expected] of [
      [0, ['hello']],
      [1, ['hello', 'detail']],
    ] as const) {
      const log = logger({ logfile: path(`log-${debug}`), debugfile: path(`debug-${debug}`), debug });
      log.write('notice', { code: 'hello', fields: {} });
      log.write('debug', { code: 'detail', fields: {} });
      log.flushSync();
      expect((await lines(`log-${debug}`)).length).toBe(1);
      expect((await lines(`debug-${debug}`)).map((line) => /: (\S+) of/.exec(line)![1])).toEqual(expected);
    }
  });

  it('raises and lowers the debug level while it runs, within its bounds', async () => {
    const log = logger({ debugfile: path('debug') });
    log.write('debug', { code: 'unseen', fields: {} });
    expect(log.setDebugLevel(-1)).toBe(0);
    expect(log.setDebugLevel(1)).toBe(1);
    log.write('debug', { code: 'seen', fields: {} });
    expect(log.setDebugLevel(300)).toBe(255);
    log.setDebugLevel(0);
    log.write('debug', { code: 'unseen', fields: {} });
    log.flushSync();
    expect((await lines('debug')).map((line) => /: (\S+) of/.exec(line)![1])).toEqual(['seen']);
  });

  it('writes the form of older releases to files with syslogmsgfmt off', async () => {
    const log = logger({ logfile: path('ha-log'), debugfile: path('debug'), syslogFormat: false });
    log.write('warning', { code: 'late', fields: { node: 'node2' } });
    log.flushSync();
    const expected = `heartbeat[${process.pid}]: 2026/11/05_08:06:01 WARN: late of node2\n`;
    expect([await content('ha-log'), await content('debug')]).toEqual([expected, expected]);
  });

  it('keeps refused packets out with log_badpack off, and nothing else', async () => {
    const log = logger({ logfile: path('ha-log'), badPackets: false });
    log.write('warning', { code: 'packet-refused', fields: {} });
    log.write('warning', { code: 'other', fields: {} });
    log.flushSync();
    expect((await lines('ha-log')).map((line) => /: (\S+) of/.exec(line)![1])).toEqual(['other']);
  });

  it('follows a file that was moved away once it is told to', async () => {
    const log = logger({ logfile: path('ha-log') });
    log.write('info', { code: 'before', fields: {} });
    await soon(async () => expect((await lines('ha-log')).length).toBe(1));
    await rename(path('ha-log'), path('ha-log.1'));
    log.reopen();
    log.write('info', { code: 'after', fields: {} });
    await soon(async () => expect(await content('ha-log')).toContain('after'));
    expect(await content('ha-log.1')).not.toContain('after');
  });

  it('holds a flood of one code back, counts it, and lets others through', async () => {
    const log = logger({ logfile: path('ha-log') });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    for (let count = 0; count < 1000; count += 1) log.write('warning', { code: 'wrong-key', fields: {} });
    log.write('warning', { code: 'other', fields: {} });
    clock.mockReturnValue(1000);
    log.write('warning', { code: 'wrong-key', fields: {} });
    clock.mockRestore();
    log.flushSync();
    const written = await lines('ha-log');
    expect(written).toHaveLength(102);
    expect(written[100]).toContain('other');
    expect(written[101]).toMatch(/wrong-key of undefined \(and 900 more like this, held back\)$/);
  });

  it('never lets a message begin a line of its own or move the cursor', async () => {
    const log = logger({ logfile: path('ha-log') });
    log.write('info', { code: 'agent-said', fields: { node: 'first\nNov  5 08:06:01 forged\r\u001b[2Jend' } });
    log.write('info', { code: 'long', fields: { node: 'x'.repeat(100_000) } });
    log.flushSync();
    const [line, long, ...others] = await lines('ha-log');
    expect(line).toMatch(/agent-said of first \| Nov {2}5 08:06:01 forged\?\?\[2Jend$/);
    expect(long!.length).toBeLessThan(2200);
    expect(others).toEqual([]);
  });

  it('writes the code and the facts when the catalogue fails', async () => {
    const log = logger(
      { logfile: path('ha-log') },
      {
        words: () => {
          throw new Error('no words');
        },
      },
    );
    log.write('error', { code: 'unheard-of', fields: { node: 'node2' } });
    log.flushSync();
    expect(await content('ha-log')).toContain('ERROR: unheard-of {"node":"node2"}');
  });

  it('goes to stderr with a priority for journald when systemd says that stderr is its stream', async () => {
    const { dev, ino } = statSync(path('stderr'));
    const log = logger({}, { environment: { JOURNAL_STREAM: `${dev}:${ino}` } });
    log.write('critical', { code: 'alarm', fields: {} });
    log.write('info', { code: 'news', fields: {} });
    log.flushSync();
    expect(await content('stderr')).toBe('<2>CRIT: alarm of undefined\n<6>info: news of undefined\n');
  });

  it('goes to stderr as plain lines when JOURNAL_STREAM names something else', async () => {
    const log = logger({}, { environment: { JOURNAL_STREAM: '1:1' } });
    log.write('info', { code: 'news', fields: {} });
    log.flushSync();
    expect(await content('stderr')).toMatch(/^Nov {2}5 .* info: news of undefined\n$/);
  });

  it('goes to syslog under its facility, and then not a second time to journald', async () => {
    const socket = path('dev-log');
    const receiver = openUnixDatagramReceiver(socket);
    const { dev, ino } = statSync(path('stderr'));
    const log = logger(
      { facility: 'local0' },
      { syslogSocket: socket, environment: { JOURNAL_STREAM: `${dev}:${ino}` } },
    );
    log.write('error', { code: 'alarm', fields: {} });
    log.flushSync();
    expect(receiver.receive()).toBe(
      `<${16 * 8 + 3}>Nov  5 08:06:01 heartbeat[${process.pid}]: ERROR: alarm of undefined`,
    );
    expect(await content('stderr')).toBe('');
    receiver.close();
  });

  it('counts what a syslog daemon that is away did not get', async () => {
    const socket = path('dev-log');
    const log = logger({ facility: 'daemon' }, { syslogSocket: socket });
    for (const code of ['lost-1', 'lost-2']) log.write('error', { code, fields: {} });
    const receiver = openUnixDatagramReceiver(socket);
    log.write('error', { code: 'arrived', fields: {} });
    expect(receiver.receive()).toMatch(/arrived of undefined \(2 lines lost before this one\)$/);
    receiver.close();
  });

  it('survives a file that cannot be opened and goes on when it can', async () => {
    const log = logger({ logfile: path('later/ha-log') });
    log.write('info', { code: 'waiting', fields: {} });
    await soon(async () => expect(await lines('stderr')).toHaveLength(1));
    await mkdir(path('later'));
    log.write('info', { code: 'second', fields: {} });
    await soon(async () => expect(await lines('later/ha-log')).toHaveLength(2));
  });

  it('gives lines up rather than memory when nothing can be written, and says how many', async () => {
    const log = logger({ logfile: path('later/ha-log') });
    for (let count = 0; count < 5000; count += 1) log.write('info', { code: `line-${count}`, fields: {} });
    await mkdir(path('later'));
    log.flushSync();
    const written = await lines('later/ha-log');
    expect(written).toHaveLength(2001);
    expect(written.at(-1)).toBe('... 3000 lines lost here: the log could not be written');
  });
});

function logger(configuration: Partial<LoggingConfiguration>, options: Partial<LoggerOptions> = {}): Logger {
  return createLogger({
    configuration: { debug: 0, syslogFormat: true, badPackets: true, ...configuration },
    words: ({ code, fields: { node } }) => `${code} of ${node}`,
    identifier: 'heartbeat',
    standardError,
    environment: {},
    now: () => new Date(2026, 10, 5, 8, 6, 1),
    ...options,
  });
}

function path(name: string): string {
  return join(directory, name);
}

function content(name: string): Promise<string> {
  return readFile(path(name), 'utf8');
}

async function lines(name: string): Promise<string[]> {
  return (await content(name)).split('\n').slice(0, -1);
}
