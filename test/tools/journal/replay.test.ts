/** `pairbeat replay` on the journal of a pair that has lived: the same core, and one that decided something else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NodeEffect } from '../../../src/core/effects.ts';
import type { JournalRecord, StepRecord } from '../../../src/core/journal-records.ts';
import { stepDigest } from '../../../src/core/recording/step-writer.ts';
import { encodeLine } from '../../../src/io/journal/line.ts';
import { openJournal } from '../../../src/io/journal/read.ts';
import type { PairbeatServices } from '../../../src/tools/pairbeat/command.ts';
import { runPairbeat } from '../../../src/tools/pairbeat/pairbeat.ts';
import { bootPair, letTimeGo, pass, stopTime } from '../../daemon/twin-daemon.ts';
import { expectGolden, type Run, run, transcribe } from '../run-command.ts';

const services = { version: '0.1.0', openJournal } as unknown as PairbeatServices;
let directory: string;
let journal: readonly JournalRecord[];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-replay-'));
  stopTime();
  const [node1, node2] = await bootPair({ texts: { timing: 'keepalive 100ms\ndeadtime 600ms\ninitdead 1200ms' } });
  await pass(1000);
  node2?.kill();
  await pass(2000);
  node1?.recorder.flush();
  node1?.kill();
  letTimeGo();
  const head = { kind: 'segment', us: 0, format: 1, number: 1, bootId: 'b', wallSeconds: 0, version: '0.1.0' } as const;
  journal = [head, ...(node1?.journal ?? [])];
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => rmSync(join(directory, 'journal'), { recursive: true, force: true }));

async function replay(records: readonly (JournalRecord | string)[], ...options: readonly string[]): Promise<Run> {
  mkdirSync(join(directory, 'journal'));
  const lines = records.map((record) => (typeof record === 'string' ? record : encodeLine(record)!));
  writeFileSync(
    join(directory, 'journal', 'journal-0000000001.ndjson'),
    Buffer.concat(lines.map((line) => Buffer.from(line))),
  );
  return run((terminal) => runPairbeat(['replay', directory, ...options], terminal, services));
}

/** Times and counts change with every version of the core. */
const without = (figures: Run): Run => {
  const hide = (text: string) => text.replaceAll(/(?<!\w)\d+(?:[-.:,]\d+)*/g, '#').replaceAll(/\s*\n\s+(?!-|\+)/g, ' ');
  return { ...figures, out: hide(figures.out) };
};

const changed = (found: (effect: NodeEffect) => boolean): JournalRecord[] => {
  let done = false;
  return journal.map((record) => {
    const { effects } = record as StepRecord;
    if (done || record.kind !== 'event' || !(effects as NodeEffect[] | undefined)?.some(found)) return record;
    done = true;
    const others = (effects as NodeEffect[]).filter((effect) => !found(effect));
    return { ...record, effects: others, digest: stepDigest(others, 'another') } as JournalRecord;
  });
};

const isStart = (effect: NodeEffect): boolean => effect.type === 'operation' && effect.operation.action === 'start';

describe('pairbeat replay', () => {
  it('of the core that wrote it says that all is identical, and shows the decisions when asked', async () => {
    const transcript = transcribe('pairbeat replay DIR', without(await replay(journal)));
    rmSync(join(directory, 'journal'), { recursive: true });
    const decisions = transcribe('pairbeat replay DIR --decisions', without(await replay(journal, '--decisions')));
    expectGolden('replay-identical', transcript + decisions);
  });

  it('shows the first thing that the other core decided differently, and exits with 104', async () => {
    expectGolden('replay-different', transcribe('pairbeat replay DIR', without(await replay(changed(isStart)))));
  });

  it('says the same in JSON', async () => {
    const { code, out } = await replay(changed(isStart), '--json');
    const answer = JSON.parse(out) as { replay: { divergence: { what: string; event: { type: string } } } };
    expect(code).toBe(104);
    expect(answer).toMatchObject({
      replay: { divergence: { what: 'effects' } },
      status: { code: 104, message: 'digest' },
    });
  });

  it('ends where it is told', async () => {
    const all = JSON.parse((await replay(journal, '--json')).out) as {
      replay: { events: number; fromWallSeconds: number };
    };
    rmSync(join(directory, 'journal'), { recursive: true });
    const until = new Date((all.replay.fromWallSeconds + 1) * 1000).toISOString();
    const part = JSON.parse((await replay(journal, '--json', '--until', until)).out) as typeof all;
    expect(part.replay.events).toBeGreaterThan(3);
    expect(part.replay.events).toBeLessThan(all.replay.events);
  });

  it('reports a torn end, lost records and another version, and is identical all the same', async () => {
    const [head, ...rest] = journal;
    const middle = rest.findIndex(({ kind }) => kind === 'digest');
    const records = [
      { ...head!, version: '0.0.9' } as JournalRecord,
      ...rest.slice(0, middle + 1),
      { kind: 'lost', us: rest[middle]!.us, records: 7 } as const,
      '{"kind":"event","us":1,"to',
    ];
    expectGolden('replay-gaps', transcribe('pairbeat replay DIR', without(await replay(records))));
  });

  it('of a journal without steps says which version wrote it', async () => {
    const { code, error } = await replay([journal[0]!, { kind: 'boot', us: 5, node: 'node1' as never }]);
    expect([code, error]).toEqual([65, expect.stringContaining('0.1.0')]);
  });
});
