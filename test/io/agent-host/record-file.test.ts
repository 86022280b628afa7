import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bootId, openRecordFile, readRecords } from '../../../src/io/agent-host/record-file.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, openSync: vi.fn(real.openSync) };
});

let directory: string;
let path: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'pairbeat-record-file-'));
  path = join(directory, 'inventory.ndjson');
});
afterEach(() => {
  vi.mocked(fs.openSync).mockRestore();
  fs.rmSync(directory, { recursive: true });
});

const keysIn = (): string[] | undefined => readRecords(path, bootId())?.records.map(({ key }) => key);
const wide = 'x'.repeat(64 * 1024);

it('replaces a file that has grown by the present state, and goes on behind it', () => {
  const file = openRecordFile(path, [{ key: 'first' }], () => undefined);
  for (let round = 0; round < 5; round += 1) file.append({ key: 'a', token: wide }, () => [{ key: 'present' }]);
  file.append({ key: 'b' }, () => []);
  expect(keysIn()).toEqual(['present', 'a', 'b']);
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
});

it('goes on with the old file when no new one can be opened', () => {
  const problems: string[] = [];
  const file = openRecordFile(path, [], (reason) => problems.push(reason));
  vi.mocked(fs.openSync).mockImplementation(() => {
    throw new Error('EMFILE: too many open files');
  });
  for (let round = 0; round < 4; round += 1) file.append({ key: 'a', token: wide }, () => [{ key: 'present' }]);
  expect(problems).toEqual(['EMFILE: too many open files']);
  file.append({ key: 'b' }, () => [{ key: 'present' }]);
  expect(keysIn()).toEqual(['a', 'a', 'a', 'a', 'b']);
});

it('keeps one descriptor open, however often the file is replaced', () => {
  const open = (): number =>
    fs.readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
      } catch {
        return false;
      }
    }).length;
  const file = openRecordFile(path, [], () => undefined);
  for (let round = 0; round < 20; round += 1) file.append({ key: 'a', token: wide }, () => []);
  expect(open()).toBe(1);
});
