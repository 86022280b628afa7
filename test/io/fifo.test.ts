import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fifo, openFifo } from '../../src/io/fifo.ts';
import { soon } from '../soon.ts';

let directory: string;
let path: string;
const open: Fifo[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-fifo-'));
  path = join(directory, 'fifo');
});
afterEach(() => {
  for (const fifo of open.splice(0)) fifo.close();
  rmSync(directory, { recursive: true, force: true });
});

function opened(): { heard: () => string; failed: ReturnType<typeof vi.fn> } {
  let text = '';
  const failed = vi.fn();
  const data = (bytes: Uint8Array): void => {
    text += Buffer.from(bytes).toString();
  };
  const fifo = openFifo(path, { data, failed });
  if (!fifo.ok) throw new Error(JSON.stringify(fifo.problem));
  open.push(fifo.value);
  return { heard: () => text, failed };
}

function write(text: string): void {
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, text);
  closeSync(descriptor);
}

describe('the FIFO', () => {
  it('is made for its owner alone, and hears one writer after another', async () => {
    const { heard, failed } = opened();
    const { mode } = statSync(path);
    expect((mode & 0o777).toString(8)).toBe('600');
    write('one ');
    write('two');
    await soon(() => expect(heard()).toBe('one two'));
    write(' three');
    await soon(() => expect(heard()).toBe('one two three'));
    expect(failed).not.toHaveBeenCalled();
  });

  it('that was there is used, and closed to others', () => {
    execFileSync('mkfifo', ['-m', '0666', path]);
    chmodSync(path, 0o666);
    opened();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  it.each<[string, () => void]>([
    ['it is no FIFO', () => writeFileSync(path, '')],
    ['ELOOP', () => symlinkSync('/dev/null', path)],
    ['ENOENT', () => rmSync(directory, { recursive: true })],
  ])('cannot be used: %s', (error, prepare) => {
    prepare();
    const fifo = openFifo(path, { data: vi.fn(), failed: vi.fn() });
    expect(fifo).toEqual({ ok: false, problem: { code: 'fifo-unusable', fields: { file: path, error } } });
  });

  it('makes a writer wait who pours into it', async () => {
    let bytes = 0;
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.length;
    };
    const fifo = openFifo(path, { data: count, failed: vi.fn() });
    if (fifo.ok) open.push(fifo.value);
    const descriptor = openSync(path, 'r+');
    const { O_NONBLOCK, O_WRONLY } = (await import('node:fs')).constants;
    const writer = openSync(path, O_WRONLY | O_NONBLOCK);
    const piece = Buffer.alloc(4096, 0x78);
    let refused = false;
    for (let round = 0; round < 400 && !refused; round++) {
      try {
        for (;;) writeSync(writer, piece);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
      }
      const before = bytes;
      await new Promise((resolve) => setTimeout(resolve, 5));
      refused = bytes > 0 && bytes === before;
    }
    closeSync(descriptor);
    closeSync(writer);
    expect(refused).toBe(true);
    expect(bytes).toBeLessThan(2 * 256 * 1024);
  });
});
