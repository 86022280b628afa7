/** Over a stand-in for ssh that runs its command on this machine, in the directory of "the other node". */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { comparePush, push } from '../../../src/tools/push/push.ts';
import { temporaryDirectory } from '../fake-daemon.ts';

let root: string;
let here: string;
let target: { host: string; directory: string };
const path = process.env['PATH'];

beforeEach(() => {
  root = temporaryDirectory();
  here = join(root, 'here');
  target = { host: 'node2', directory: join(root, "o'ther") };
  for (const directory of [here, target.directory, join(root, 'bin')]) mkdirSync(directory);
  program('ssh', 'for command in "$@"; do :; done; echo "$*" >> "$0.log"; exec sh -c "$command"');
  program('pairbeat', 'exit 0');
  program('heartbeat', 'echo reloaded');
  process.env['PATH'] = `${join(root, 'bin')}:${path}`;
  write(here, {
    'ha.cf': 'deadtime 20\nnode a b\n',
    haresources: 'a 10.0.0.1\n',
    authkeys: 'auth 1\n1 sha1 new-secret\n',
  });
  write(target.directory, {
    'ha.cf': 'deadtime 10\nnode a b\n',
    haresources: 'a 10.0.0.1\n',
    authkeys: 'auth 1\n1 sha1 old\n',
  });
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(root, { recursive: true, force: true });
});

function program(name: string, text: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}

function write(directory: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
}

const there = (name: string): string => readFileSync(join(target.directory, name), 'utf8');

describe('push-config', () => {
  it('shows what differs, and nothing of the keys', async () => {
    const compared = await comparePush(here, target);
    expect(compared).toEqual({
      ok: true,
      value: [
        { name: 'ha.cf', lines: ['- deadtime 10', '+ deadtime 20'] },
        { name: 'authkeys', lines: [] },
      ],
    });
    expect(readFileSync(join(root, 'bin/ssh.log'), 'utf8')).toContain('BatchMode=yes');
  });

  it('copies, keeps what was there, has it checked and taken up', async () => {
    expect(await push(here, target, ['ha.cf', 'authkeys'])).toMatchObject({ ok: true });
    expect([there('ha.cf'), there('ha.cf.before')]).toEqual(['deadtime 20\nnode a b\n', 'deadtime 10\nnode a b\n']);
    expect(statSync(join(target.directory, 'authkeys')).mode & 0o777).toBe(0o600);
    expect(await comparePush(here, target)).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['pairbeat', 'push-check-failed'],
    ['heartbeat', 'push-reload-failed'],
  ])('puts everything back when %s says no over there', async (name, code) => {
    program(name, 'echo "ha.cf:1: error"; exit 6');
    write(here, { 'pairbeat.conf': 'start_timeout 10s\n' });
    const pushed = await push(here, target, ['ha.cf', 'authkeys', 'pairbeat.conf']);
    expect(pushed).toMatchObject({ ok: false, problem: { code, fields: { output: 'ha.cf:1: error' } } });
    expect([there('ha.cf'), there('authkeys')]).toEqual(['deadtime 10\nnode a b\n', 'auth 1\n1 sha1 old\n']);
    expect(existsSync(join(target.directory, 'pairbeat.conf'))).toBe(false);
  });

  it('says what ssh says when it cannot get there', async () => {
    program('ssh', 'echo "Host key verification failed." >&2; exit 255');
    expect(await comparePush(here, target)).toMatchObject({
      ok: false,
      problem: { code: 'ssh-failed', fields: { reason: 'Host key verification failed.' } },
    });
  });
});
