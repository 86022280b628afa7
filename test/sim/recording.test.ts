/** The flight recorder under the simulator's faults: a node resumed from its checkpoint is the same node. */
import { describe, expect, it } from 'vitest';
import type { NodeEffect } from '../../src/core/effects.ts';
import type { JournalRecord } from '../../src/core/journal-records.ts';
import { stepNode } from '../../src/core/node.ts';
import { createReplay, type ReplayOptions, type ReplayReport } from '../../src/core/recording/replay.ts';
import { recordedRun } from './recorded-run.ts';

const seeds = [7104, 7111];
/** Long enough for a machine that has other things to do. */
const patienceMs = 60_000;

function replayed(journal: readonly JournalRecord[], options: ReplayOptions = {}): ReplayReport {
  const replay = createReplay(options);
  for (const record of journal) replay.take(record);
  return replay.report();
}

describe('a run', () => {
  it.each(seeds)(
    'goes on from restored checkpoints as it would have gone on (seed %i)',
    { timeout: patienceMs },
    (seed) => {
      const whole = recordedRun(seed, { restoreChance: 0 });
      const patched = recordedRun(seed, { restoreChance: 0.05 });
      expect(patched.restored).toBeGreaterThan(20);
      expect(patched.trace).toEqual(whole.trace);
      expect([patched.hash, patched.steps]).toEqual([whole.hash, whole.steps]);
    },
  );

  it.each(seeds)('is made again from its journal, step by step (seed %i)', { timeout: patienceMs }, (seed) => {
    const recorded = recordedRun(seed, { record: true, segmentRecords: 200 });
    const reports = recorded.journals.map((journal) => replayed(journal));
    expect(reports.map(({ divergence, gaps }) => ({ divergence, gaps }))).toEqual(
      recorded.journals.map(() => ({ divergence: undefined, gaps: [] })),
    );
    const events = reports.reduce((sum, report) => sum + report.events, 0);
    expect(events).toBeGreaterThan(recorded.steps / 20);
    expect(reports.some(({ statesCompared }) => statesCompared > 5)).toBe(true);
  });
});

const { journals } = recordedRun(7104, { record: true, segmentRecords: 200 });

describe('a core that is not the recorded one', () => {
  const journal = journals.find((records) => replayed(records).decisions > 5)!;

  it('is found by one start that it leaves out, and the report says what is missing', () => {
    const { divergence, decisions } = replayed(journal, { step: withoutStart(1) });
    expect(divergence).toMatchObject({ what: 'effects', event: expect.objectContaining({ nowUs: divergence?.us }) });
    expect(decisions).toBeLessThan(replayed(journal).decisions);
    const types = (effects: readonly unknown[]) => effects.map((effect) => (effect as NodeEffect).type);
    expect(types(divergence?.recorded ?? [])).toContain('operation');
    expect(types(divergence?.recorded ?? []).length).toBe(types(divergence?.replayed ?? []).length + 1);
  });

  it('is found by what it knows, before it decides anything by it', () => {
    const forgetful: typeof stepNode = (state, event) => {
      const effects = stepNode(state, event);
      if (event.type === 'message') state.peer.lastHeardUs -= 1;
      return effects;
    };
    expect(replayed(journal, { step: forgetful }).divergence).toMatchObject({ what: 'state', event: undefined });
  });

  it('is found when it breaks', () => {
    const brittle: typeof stepNode = (state, event) => {
      if (event.type === 'operationResult') throw new Error('no such operation');
      return stepNode(state, event);
    };
    expect(replayed(journal, { step: brittle }).divergence).toMatchObject({
      what: 'fault',
      fault: 'no such operation',
    });
  });

  it('is not found while it does the same', () => {
    expect(replayed(journal, { step: withoutStart(Number.POSITIVE_INFINITY) }).divergence).toBeUndefined();
  });
});

describe('a journal with gaps', () => {
  const journal = journals.reduce((longest, one) => (one.length > longest.length ? one : longest));
  const second = journal.findIndex(({ kind }, at) => kind === 'segment' && at > 0);

  it('is replayed from the next checkpoint on, and the gap is reported', () => {
    const torn = [...journal.slice(0, second - 20), ...journal.slice(second)];
    const report = replayed(torn);
    expect(report.divergence).toBeUndefined();
    expect(report.events).toBeLessThan(replayed(journal).events);
    expect(replayed([...journal.slice(0, 40), ...journal.slice(42)]).gaps).toMatchObject([{ what: 'lost' }, {}]);
  });

  it('without its beginning says that there is nothing to begin from', () => {
    const report = replayed(journal.slice(2, second));
    expect(report.events).toBe(0);
    expect(report.gaps).toMatchObject([{ what: 'headless' }]);
  });
});

/** The n-th start is forgotten; everything else is as it was. */
function withoutStart(which: number): typeof stepNode {
  let starts = 0;
  return (state, event) =>
    stepNode(state, event).filter((effect) => {
      if (effect.type !== 'operation' || effect.operation.action !== 'start') return true;
      starts += 1;
      return starts !== which;
    });
}
