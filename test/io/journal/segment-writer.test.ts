import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSegmentWriter, type SegmentWriter } from '../../../src/io/journal/segment-writer.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pairbeat-writer-'));
  path = join(directory, 'segment');
});
afterEach(() => rm(directory, { recursive: true }));

describe('segment writer', () => {
  it('keeps what came in after a synchronous flush that overtook an asynchronous one', async () => {
    const writer = createSegmentWriter(failOnProblem);
    writer.add(path, 0, Buffer.from('one\n'));
    const flushed = flush(writer);
    writer.flushSync();
    writer.add(path, 4, Buffer.from('two\n'));
    await flushed;
    writer.flushSync();
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(writer.waiting).toBe(false);
    writer.close();
  });

  it('puts every line into its file, in its place', async () => {
    const writer = createSegmentWriter(failOnProblem);
    const second = join(directory, 'another', 'segment');
    writer.add(path, 0, Buffer.from('1'));
    writer.add(path, 1, Buffer.from('2'));
    writer.add(second, 0, Buffer.from('3'));
    await flush(writer);
    writer.add(second, 1, Buffer.from('4'));
    await flush(writer);
    expect([await readFile(path, 'utf8'), await readFile(second, 'utf8')]).toEqual(['12', '34']);
    writer.close();
  });

  it('takes no more than its limit, and says when it is half full', () => {
    const writer = createSegmentWriter(failOnProblem);
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let count = 0; count < 8; count += 1) expect(writer.add(path, count * megabyte.length, megabyte)).toBe(true);
    expect(writer.full).toBe(true);
    expect(writer.add(path, 8 * megabyte.length, Buffer.alloc(1))).toBe(false);
    writer.flushSync();
    expect(writer.full).toBe(false);
    expect(writer.add(path, 8 * megabyte.length, Buffer.alloc(1))).toBe(true);
  });
});

function flush(writer: SegmentWriter): Promise<void> {
  return new Promise((resolve) => writer.flush(resolve));
}

function failOnProblem(problem: unknown): void {
  throw new Error(`unexpected problem: ${JSON.stringify(problem)}`);
}
