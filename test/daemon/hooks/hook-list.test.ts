import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHookList } from '../../../src/daemon/hooks/hook-list.ts';

let haDir: string;
beforeEach(() => {
  haDir = mkdtempSync(join(tmpdir(), 'pairbeat-rc-'));
});
afterEach(() => rmSync(haDir, { recursive: true, force: true }));

function script(name: string, mode = 0o755): string {
  const file = join(haDir, 'rc.d', name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}
const list = () => Object.fromEntries(readHookList(haDir).files);

it('is empty without rc.d', () => {
  expect(readHookList(haDir)).toEqual({ files: new Map(), problems: [] });
});

it('runs what an administrator added, and never what the package of Heartbeat installed under its five names', () => {
  const own = ['ifstat', 'starting'].map((name) => script(name));
  for (const name of ['status', 'ip-request', 'ip-request-resp', 'ask_resources', 'hb_takeover']) script(name);
  expect(list()).toEqual({ ifstat: [own[0]], starting: [own[1]] });
});

it('runs the files of TYPE.d by name after the file of the type', () => {
  const [second, first] = [script('status.d/20-mail'), script('status.d/10-page')];
  const plain = script('resource');
  const more = script('resource.d/more');
  expect(list()).toEqual({ status: [first, second], resource: [plain, more] });
});

it('compares types in lower case, as harc did', () => {
  expect(list()).toEqual({});
  const file = script('IfStat');
  expect(list()).toEqual({ ifstat: [file] });
});

it('leaves back-up files and files that are not executable alone', () => {
  for (const name of ['ifstat~', 'ifstat.bak', '.ifstat.swp', 'status.dpkg-old', 'status.d/x.bak']) script(name);
  script('notes', 0o644);
  expect(readHookList(haDir)).toEqual({ files: new Map(), problems: [] });
});

it('does not run what everybody may write, and says so', () => {
  const file = script('ifstat', 0o777);
  expect(readHookList(haDir).files.size).toBe(0);
  expect(readHookList(haDir).problems).toEqual([
    { code: 'hook-unsafe', fields: { hook: file, reason: 'everybody may write to it' } },
  ]);
});
