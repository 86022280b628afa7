import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../../src/core/journal-records.ts';
import type { Problem } from '../../../src/core/result.ts';
import { createJournal, type Journal, type JournalOptions } from '../../../src/io/journal/journal.ts';
import { openJournal, readJournal, readRecords } from '../../../src/io/journal/read.ts';
import { soon } from '../../soon.ts';

let directory: string;
let journals: Journal[];
let clockUs: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pairbeat-journal-'));
  journals = [];
  clockUs = 1000;
});
afterEach(async () => {
  for (const journal of journals) journal.close();
  await rm(directory, { recursive: true });
});

describe('journal', () => {
  it('gives back what was appended, in order, behind a segment and a checkpoint record', async () => {
    const journal = open();
    journal.checkpoint(() => ({
      state: { epoch: 7, seen: new Map([['node2', new Set([1, 2])]]), bytes: new Uint8Array([1, 255]) },
      step: 3,
    }));
    journal.append(event(1));
    journal.append(effect(2));
    journal.flushSync();
    const records = await readRecords(directory);
    expect(records.map(({ kind }) => kind)).toEqual(['segment', 'checkpoint', 'event', 'effect']);
    expect(records[0]).toMatchObject({ format: 1, number: 1, us: 1000, wallSeconds: 1_800_000_000 });
    expect(records[1]).toEqual({
      kind: 'checkpoint',
      us: 1000,
      step: 3,
      state: { epoch: 7, seen: new Map([['node2', new Set([1, 2])]]), bytes: new Uint8Array([1, 255]) },
    });
    expect(records.slice(2)).toEqual([event(1), effect(2)]);
  });

  it('reaches the disk by itself, without touching it inside append', async () => {
    const journal = open({ flushIntervalMs: 1 });
    journal.append(event(1));
    expect(await readdir(directory)).toEqual([]);
    await soon(async () => expect(await readRecords(directory)).toHaveLength(2));
    journal.append(event(2));
    await soon(async () => expect(await readRecords(directory)).toHaveLength(3));
  });

  it('loses and doubles nothing when a synchronous flush meets an asynchronous one', async () => {
    const journal = open({ flushIntervalMs: 0 });
    const appended: JournalRecord[] = [];
    for (let round = 0; round < 50; round += 1) {
      appended.push(event(round));
      journal.append(event(round));
      // Lets the asynchronous write begin, but not end.
      await turns(5);
      if (round % 3 === 0) journal.flushSync();
    }
    journal.flushSync();
    await soon(async () => expect((await readRecords(directory)).slice(1)).toEqual(appended));
    expect(await damages()).toEqual([]);
  });

  it('begins a new segment with the state of that moment when one is full and somebody asks', async () => {
    const journal = open({ maxBytes: 1000, segments: 1000 });
    let steps = 0;
    journal.checkpoint(() => ({ state: { steps } }));
    for (; steps < 100; steps += 1) {
      if (journal.isSegmentDue()) journal.beginSegment();
      journal.append(event(steps));
      journal.append(effect(steps));
    }
    journal.flushSync();
    const records = await readRecords(directory);
    const segments = records.filter(({ kind }) => kind === 'segment');
    expect(segments.length).toBeGreaterThan(5);
    for (const [position, record] of records.entries()) {
      if (record.kind !== 'checkpoint') continue;
      expect(records[position - 1]!.kind).toBe('segment');
      expect(records[position + 1]).toEqual(event((record.state as { steps: number }).steps));
    }
    expect(records.filter(({ kind }) => kind === 'event' || kind === 'effect')).toHaveLength(200);
    for (const name of await readdir(directory)) expect((await stat(join(directory, name))).size).toBeLessThan(1600);
  });

  it('begins a new segment at twice the length even if nobody asks, without a checkpoint in the midst of a step', async () => {
    const journal = open({ maxBytes: 1000, segments: 1000 });
    journal.checkpoint(() => ({ state: {} }));
    for (let number = 0; number < 100; number += 1) journal.append(effect(number));
    journal.flushSync();
    const sizes = await Promise.all(
      (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size),
    );
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(2200);
    expect((await readRecords(directory)).filter(({ kind }) => kind === 'checkpoint')).toHaveLength(1);
    clockUs += 5_000_000;
    expect(journal.isSegmentDue()).toBe(true);
    journal.beginSegment();
    expect(journal.isSegmentDue()).toBe(false);
    journal.flushSync();
    expect((await readRecords(directory)).slice(-2).map(({ kind }) => kind)).toEqual(['segment', 'checkpoint']);
  });

  it('takes along what is held back when the process ends', async () => {
    const journal = open();
    journal.append(event(1));
    journal.beforeFlush(() => journal.append(event(2)));
    journal.flushSync();
    journal.close();
    expect((await readRecords(directory)).slice(1)).toEqual([event(1), event(2), event(2)]);
  });

  it('removes the oldest segments and keeps about as many bytes as allowed', async () => {
    const journal = open({ maxBytes: 1000, segments: 3, flushIntervalMs: 0 });
    for (let number = 0; number < 300; number += 1) {
      if (journal.isSegmentDue()) journal.beginSegment();
      journal.append(event(number));
      if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await soon(async () => {
      const names = await readdir(directory);
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3000);
      expect((await readRecords(directory)).at(-1)).toEqual(event(299));
    });
    expect(await damages()).toEqual([]);
  });

  it('goes on in a new segment after a restart, behind whatever the last run left', async () => {
    const first = open();
    first.append(event(1));
    first.close();
    const [name] = await readdir(directory);
    await appendFile(join(directory, name!), '{"kind":"event","us":2,"torn');
    const second = open();
    second.append(event(3));
    second.flushSync();
    expect((await readRecords(directory)).filter(({ kind }) => kind === 'event')).toEqual([event(1), event(3)]);
    expect(await damages()).toEqual([{ type: 'damage', segment: 1, line: 3, what: 'torn' }]);
  });

  it('says where a line was changed, does not believe the rest of that segment, and goes on with the next', async () => {
    await writeSegments([1, 2, 3], [4]);
    const path = join(directory, 'journal-0000000001.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"number":2', '"number":9'));
    const records = await readRecords(directory);
    expect(records.filter(({ kind }) => kind === 'event')).toEqual([event(1), event(4)]);
    expect(await damages()).toEqual([{ type: 'damage', segment: 1, line: 3, what: 'changed' }]);
  });

  it('says when a segment in the middle is missing', async () => {
    await writeSegments([1], [2], [3]);
    await rm(join(directory, 'journal-0000000002.ndjson'));
    expect(await damages()).toEqual([{ type: 'damage', segment: 3, line: 0, what: 'missing-segment' }]);
  });

  it('is found by its directory, by the directory around it, and by the name of one segment', async () => {
    await writeSegments([1, 2], [3]);
    const around = `${directory}-state`;
    await mkdir(around);
    await rename(directory, join(around, 'journal'));
    const one = join(around, 'journal', 'journal-0000000002.ndjson');
    const numbers = async (path: string) => {
      const opened = await openJournal(path);
      const found: unknown[] = [];
      if (!opened.ok) return opened.problem.code;
      for await (const entry of opened.value)
        if (entry.type === 'record' && 'number' in entry.record && entry.record.kind === 'event')
          found.push(entry.record['number']);
      return found;
    };
    expect(await numbers(around)).toEqual([1, 2, 3]);
    expect(await numbers(join(around, 'journal'))).toEqual([1, 2, 3]);
    expect(await numbers(one)).toEqual([3]);
    expect(await numbers(join(around, 'nothing'))).toBe('journal-not-there');
    await rename(join(around, 'journal'), directory);
    expect(await numbers(around)).toBe('journal-empty');
    await rm(around, { recursive: true });
  });

  it('is empty where there is no directory', async () => {
    expect(await readRecords(join(directory, 'never made'))).toEqual([]);
  });

  it('survives an empty segment: the machine stopped right after it was made', async () => {
    await writeSegments([1], [2]);
    await truncate(join(directory, 'journal-0000000001.ndjson'), 0);
    expect((await readRecords(directory)).filter(({ kind }) => kind === 'event')).toEqual([event(2)]);
  });

  it('never contains a secret', async () => {
    const journal = open();
    journal.checkpoint(() => ({ state: { keys: [{ index: 1, method: 'sha256', secret: 'labsecret' }] } }));
    journal.append({ kind: 'event', us: 1, configuration: { authentication: { secret: 'labsecret' } } });
    journal.flushSync();
    const [name] = await readdir(directory);
    expect(await readFile(join(directory, name!), 'utf8')).not.toContain('labsecret');
    expect((await readRecords(directory))[1]).toMatchObject({ state: { keys: [{ index: 1, method: 'sha256' }] } });
  });

  it('holds what the disk does not take in memory, says so once, and writes it when it can', async () => {
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where the directory should be');
    const told: Problem[] = [];
    const journal = open({ flushIntervalMs: 1, onProblem: (problem) => told.push(problem) });
    journal.append(event(1));
    await soon(() => expect(told.length).toBeGreaterThan(1));
    const before = told.length;
    journal.append(event(2));
    await turns(50);
    expect(told).toHaveLength(before);
    await rm(directory);
    await soon(async () => expect((await readRecords(directory)).slice(1)).toEqual([event(1), event(2)]));
  });

  it('gives records up rather than memory, and counts them', async () => {
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where the directory should be');
    const journal = open({ maxBytes: 1e9, onProblem: () => {} });
    const large = 'x'.repeat(1_000_000);
    for (let number = 0; number < 12; number += 1) journal.append({ kind: 'event', us: number, large });
    await rm(directory);
    await mkdir(directory);
    journal.flushSync();
    journal.append(event(99));
    journal.flushSync();
    const records = await readRecords(directory);
    const kept = records.filter((record) => record.kind === 'event' && 'large' in record).length;
    expect(kept).toBeGreaterThan(2);
    expect(kept).toBeLessThan(9);
    expect(records.slice(-2)).toEqual([{ kind: 'lost', us: 99, records: 12 - kept }, event(99)]);
    // What is missing cannot be replayed: soon there is a new checkpoint.
    expect(journal.isSegmentDue()).toBe(false);
    clockUs += 5_000_000;
    expect(journal.isSegmentDue()).toBe(true);
    journal.beginSegment();
    expect(journal.isSegmentDue()).toBe(false);
  });
});

function open(options: Partial<JournalOptions> = {}): Journal {
  const journal = createJournal({
    directory,
    maxBytes: 100_000,
    segments: 4,
    nowUs: () => clockUs,
    wallSeconds: () => 1_800_000_000,
    flushIntervalMs: 60_000,
    ...options,
  });
  journals.push(journal);
  return journal;
}

function event(number: number): JournalRecord {
  return { kind: 'event', us: number, number };
}

function effect(number: number): JournalRecord {
  return { kind: 'effect', us: number, type: 'transmit' };
}

/** Of the event loop: time for what is ready, without waiting for a clock. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One journal per list, as if the daemon had been restarted between them. */
async function writeSegments(...lists: readonly (readonly number[])[]): Promise<void> {
  for (const numbers of lists) {
    const journal = open();
    for (const number of numbers) journal.append(event(number));
    journal.close();
  }
}

async function damages(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(directory)) if (entry.type === 'damage') entries.push(entry);
  return entries;
}
