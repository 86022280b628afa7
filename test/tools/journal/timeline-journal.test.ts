import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportJournal } from '../../../src/io/journal/export.ts';
import { openJournal } from '../../../src/io/journal/read.ts';
import type { PairbeatServices } from '../../../src/tools/pairbeat/command.ts';
import { runPairbeat } from '../../../src/tools/pairbeat/pairbeat.ts';
import { expectGolden, type Run, run, transcribe } from '../run-command.ts';
import { writeSplit } from './told-split.ts';

const services = { version: '0.1.0', openJournal, exportJournal } as unknown as PairbeatServices;
let directory: string;
let zone: string | undefined;
beforeAll(() => {
  zone = process.env['TZ'];
  process.env['TZ'] = 'UTC';
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-timeline-'));
  writeSplit(directory);
});
afterAll(() => {
  process.env['TZ'] = zone ?? '';
  if (zone === undefined) delete process.env['TZ'];
  rmSync(directory, { recursive: true });
});

const pairbeat = (line: string): Promise<Run> =>
  run((terminal) => runPairbeat(line.replaceAll('DIR', directory).split(' '), terminal, services));

async function golden(name: string, ...lines: readonly string[]): Promise<void> {
  let transcript = '';
  for (const line of lines) transcript += transcribe(`pairbeat ${line}`, await pairbeat(line), { [directory]: 'DIR' });
  expectGolden(name, transcript);
}

it('tells a split from both journals: who, when, why, and what both owned', async () => {
  await golden(
    'timeline-split',
    'timeline --last --journal DIR/node1 --peer DIR/node2',
    'timeline --last --state-dir DIR/node1',
    'timeline --journal DIR/node2 --peer DIR/node1 --since 2026-11-25 --json'.replace(
      '2026-11-25',
      '2026-11-25T14:00:01Z',
    ),
  );
});

it('says why it cannot', async () => {
  await golden(
    'timeline-refused',
    'timeline --last --journal DIR/nothing',
    'timeline --last --journal DIR/node1 --peer DIR/node1',
    'timeline --since yesterday --journal DIR/node1',
    'timeline --since 2026-12-24T00:00:00Z --journal DIR/node1',
  );
});

it('exports what the other node reads like a journal, and overwrites nothing', async () => {
  const since = '2026-11-25T13:00:00Z';
  expect((await pairbeat(`timeline --journal DIR/node2 --export DIR/node2.ndjson --since ${since}`)).code).toBe(0);
  const [whole, exported] = await Promise.all([
    pairbeat('timeline --last --journal DIR/node1 --peer DIR/node2 --json'),
    pairbeat('timeline --last --journal DIR/node1 --peer DIR/node2.ndjson --json'),
  ]);
  expect(JSON.parse(exported.out)).toEqual(JSON.parse(whole.out));
  const again = await pairbeat(`timeline --journal DIR/node2 --export DIR/node2.ndjson --since ${since}`);
  expect([again.code, again.error]).toEqual([108, expect.stringContaining('exists already')]);
});
