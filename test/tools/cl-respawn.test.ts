import { EventEmitter } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runClRespawn } from '../../src/tools/cl-respawn.ts';
import { soon } from '../soon.ts';
import { expectGolden, type Run, run, transcribe } from './run-command.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-respawn-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function script(body: string): string {
  const file = join(directory, 'program');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const respawn = (argv: readonly string[], signals = new EventEmitter()): Promise<Run> =>
  run((terminal) => runClRespawn(argv, terminal, signals as unknown as NodeJS.Process));
const lives = (): string[] => {
  const file = join(directory, 'lives');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

it('starts the program again until it ends with the magic exit code', async () => {
  // Each life is one line; the second one is the last.
  const body = `echo "$1|$2" >> ${directory}/lives; [ "$(wc -l < ${directory}/lives)" -ge 2 ] && exit 7; exit 1`;
  const { code, error } = await respawn(['-m', '7', script(body), 'a b', '-p']);
  expect(code).toBe(0);
  expect(lives()).toEqual(['a b|-p', 'a b|-p']);
  expect(error).toMatch(/program ended \(exit code 1\): it is started again\n$/);
});

it('100 is the magic exit code unless another one is given', async () => {
  expect((await respawn([script('exit 100')])).code).toBe(0);
});

it('hands a signal on and ends with the program, and takes its pid file with it', async () => {
  const signals = new EventEmitter();
  const pidFile = join(directory, 'pid');
  const body = `trap 'echo ended >> ${directory}/lives; exit 0' TERM; echo begun >> ${directory}/lives; while :; do sleep 0.05; done`;
  const running = respawn(['-p', pidFile, script(body)], signals);
  await soon(() => expect(lives()).toEqual(['begun']));
  expect(readFileSync(pidFile, 'latin1')).toBe(`${String(process.pid).padStart(10)}\n`);
  signals.emit('SIGTERM');
  expect((await running).code).toBe(0);
  expect(lives()).toEqual(['begun', 'ended']);
  expect(existsSync(pidFile)).toBe(false);
});

it('is not started a second time over the same pid file', async () => {
  const pidFile = join(directory, 'pid');
  writeFileSync(pidFile, `${process.ppid}\n`);
  const { code, error } = await respawn(['-p', pidFile, '/bin/true']);
  expect([code, error]).toEqual([1, `cl_respawn: ${pidFile} belongs to process ${process.ppid}, which runs\n`]);
  writeFileSync(pidFile, 'nonsense');
  expect((await respawn(['-p', pidFile, script('exit 100')])).code).toBe(0);
});

it('says what is wrong', async () => {
  let text = '';
  const lines = [
    [],
    ['-h'],
    ['-m', 'abc', 'x'],
    ['-m', '256', 'x'],
    ['-l'],
    ['-r'],
    ['-x'],
    ['-p'],
    ['/dev/null/program'],
  ];
  for (const argv of lines) text += transcribe(`cl_respawn ${argv.join(' ')}`, await respawn(argv));
  expectGolden('cl_respawn', text);
});
