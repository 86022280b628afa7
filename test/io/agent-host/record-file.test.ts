import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bootId, openRecordFile, readRecords } from '../../../src/io/agent-host/record-file.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, openSync: vi.fn(real.openSync), writeSync: vi.fn(real.writeSync) };
});

let directory: string;
let path: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'pairbeat-record-file-'));
  path = join(directory, 'inventory.ndjson');
});
afterEach(() => {
  vi.mocked(fs.openSync).mockRestore();
  vi.mocked(fs.writeSync).mockRestore();
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
  vi.mocked(fs.openSync).mockRestore();
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

describe('a disk that is full', () => {
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };

  it.each<[string, () => number]>([
    ['takes nothing', full],
    ['takes half a line', () => 7],
  ])('and %s: the file says that it is not complete, until all of it could be written anew', (_, write) => {
    const problems: string[] = [];
    const file = openRecordFile(path, [{ key: 'first' }], (reason) => problems.push(reason));
    const real = vi.mocked(fs.writeSync).getMockImplementation()!;
    vi.mocked(fs.writeSync).mockImplementationOnce(write);
    file.append({ key: 'lost' }, () => []);
    expect(problems).toHaveLength(1);
    expect(readRecords(path, bootId())).toEqual({ records: [], complete: false });
    vi.mocked(fs.writeSync).mockImplementation(real);
    file.append({ key: 'b' }, () => [{ key: 'first' }, { key: 'lost' }, { key: 'b' }]);
    expect(keysIn()).toEqual(['first', 'lost', 'b']);
    file.append({ key: 'c' }, () => []);
    expect(keysIn()).toEqual(['first', 'lost', 'b', 'c']);
  });
});

describe('a file that is damaged never says that nothing runs', () => {
  const written = (): Buffer => {
    const file = openRecordFile(path, [{ key: 'zeroth' }, { key: 'first' }], () => undefined);
    file.append({ key: 'second' }, () => []);
    return fs.readFileSync(path);
  };
  /** Either every record is there, or it is said that some are missing. */
  const isHonest = (): boolean => {
    const read = readRecords(path, bootId());
    return read?.complete === false || read?.records.map(({ key }) => key).join(' ') === 'zeroth first second';
  };

  it('cut off anywhere but in its last line, whose change had not begun', () => {
    const bytes = written();
    const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
    for (let length = 0; length < lastLine - 1; length += 1) {
      fs.writeFileSync(path, bytes.subarray(0, length));
      expect(readRecords(path, bootId())?.complete === false, `${length} bytes of ${bytes.length}`).toBe(true);
    }
  });

  it('with any one bit changed', () => {
    const bytes = written();
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
      fs.writeFileSync(path, damaged);
      // The newline at the very end makes the last line a torn one.
      if (bit >> 3 !== bytes.length - 1) expect(isHonest(), `bit ${bit}`).toBe(true);
    }
  });

  it.each<[string, () => void]>([
    ['empty', () => fs.writeFileSync(path, '')],
    ['noise', () => fs.writeFileSync(path, Buffer.alloc(5000, 0xa5))],
    ['a gigabyte of nothing', () => fs.truncateSync(path, 2 ** 30)],
    [
      'a directory',
      () => {
        fs.rmSync(path);
        fs.mkdirSync(path);
      },
    ],
    [
      'a FIFO',
      () => {
        fs.rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
    [
      'a link to something endless',
      () => {
        fs.rmSync(path);
        fs.symlinkSync('/dev/zero', path);
      },
    ],
  ])('%s in its place', (_, damage) => {
    written();
    damage();
    expect(readRecords(path, bootId())).toMatchObject({ complete: false });
  });

  it('of an earlier version, without checksums, is believed', () => {
    const header = { boot: bootId(), hostPid: 1, hostStartTime: 2 };
    fs.writeFileSync(path, [header, { key: 'old' }].map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(readRecords(path, bootId())).toEqual({ records: [{ key: 'old' }], complete: true });
  });
});
