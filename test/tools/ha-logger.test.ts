import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { success } from '../../src/core/result.ts';
import { writeScriptLog } from '../../src/daemon/script-log.ts';
import { runHaLogger, type ScriptLogLine } from '../../src/tools/ha-logger.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-logger-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the command', () => {
  it('hands on tag, kind and words', async () => {
    const lines: ScriptLogLine[] = [];
    const log = (argv: string[]) =>
      run((terminal) =>
        runHaLogger(argv, terminal, async (_haDir, line) => {
          lines.push(line);
          return success(undefined);
        }),
      );
    expect((await log(['-t', 'IPaddr', 'two', 'words'])).code).toBe(0);
    expect((await log(['-D', 'ha-debug', 'x'])).code).toBe(0);
    expect(lines).toEqual([
      { tag: 'IPaddr', debug: false, message: 'two words' },
      { tag: 'ha_logger', debug: true, message: 'x' },
    ]);
  });

  it('says what is wrong', async () => {
    let text = '';
    const refuse = async () => ({
      ok: false as const,
      problem: { code: 'file-not-writable', fields: { path: '/var/log/ha-log', error: 'EACCES' } },
    });
    for (const argv of [[], ['-h'], ['-D', 'x', 'message'], ['-t'], ['message']])
      text += transcribe(`ha_logger ${argv.join(' ')}`, await run((terminal) => runHaLogger(argv, terminal, refuse)));
    expectGolden('ha_logger', text);
  });
});

describe('the line', () => {
  const read = (name: string): string => {
    const file = join(directory, name);
    return existsSync(file)
      ? readFileSync(file, 'utf8')
          .replaceAll(/\[\d+\]/g, '[pid]')
          .replace(/^.{15} /, '')
      : '';
  };
  function configure(lines: string): void {
    const name = hostname().toLowerCase();
    writeFileSync(join(directory, 'ha.cf'), `node ${name} other\nbcast lo\nauto_failback on\n${lines}`);
    writeFileSync(join(directory, 'haresources'), '');
    writeFileSync(join(directory, 'authkeys'), 'auth 1\n1 sha1 secretsecretsecret\n', { mode: 0o600 });
  }
  const host = hostname().split('.')[0];

  it('is in the log and the debug file as the daemon writes there', async () => {
    configure(`logfile ${directory}/log\ndebugfile ${directory}/debug\n`);
    expect(await writeScriptLog(directory, { tag: 'mine', debug: false, message: 'one\ntwo' })).toEqual(
      success(undefined),
    );
    expect(read('log')).toBe(`${host} mine: [pid]: info: one | two\n`);
    expect(read('debug')).toBe(read('log'));
  });

  it('of a debug message is in the debug file only, or in the log where there is none', async () => {
    configure(`logfile ${directory}/log\ndebugfile ${directory}/debug\n`);
    await writeScriptLog(directory, { tag: 'mine', debug: true, message: 'x' });
    expect([read('log'), read('debug')]).toEqual(['', `${host} mine: [pid]: debug: x\n`]);
    configure(`logfile ${directory}/log\n`);
    await writeScriptLog(directory, { tag: 'mine', debug: true, message: 'y' });
    expect(read('log')).toBe(`${host} mine: [pid]: debug: y\n`);
  });

  it('that cannot be written is a problem, not a silence', async () => {
    configure(`logfile ${directory}/none/log\n`);
    expect(await writeScriptLog(directory, { tag: 'mine', debug: false, message: 'x' })).toMatchObject({
      problem: { code: 'file-not-writable', fields: { error: 'ENOENT' } },
    });
  });
});
