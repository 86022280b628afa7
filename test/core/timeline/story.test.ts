import { describe, expect, it } from 'vitest';
import type { NodeEffect } from '../../../src/core/effects.ts';
import type { JournalRecord } from '../../../src/core/journal-records.ts';
import { mergeStories } from '../../../src/core/timeline/merged.ts';
import { createStoryReader, type Epoch } from '../../../src/core/timeline/story.ts';
import { groupKey, nodeName } from '../../../src/core/types.ts';

const second = 1_000_000;
const web = { written: 'web', kind: 'script', type: 'web', args: [] } as const;
const node2 = nodeName('node2');

/** Records of node1; every step one second after the one before, unless it says when. */
function told(
  ...steps: readonly { readonly at?: number; readonly event: object; readonly effects?: readonly NodeEffect[] }[]
) {
  const reader = createStoryReader();
  reader.take({ kind: 'segment', us: 0, format: 1, number: 1, bootId: 'a', wallSeconds: 1000 });
  const state = { node: { options: { self: 'node1', peer: 'node2' } } };
  reader.take({ kind: 'checkpoint', us: 0, state, step: 0, digest: '' });
  steps.forEach(({ at = 0, event, effects = [] }, step) => {
    const us = Math.round(at * second);
    reader.take({ kind: 'event', us, to: 'node', step: step + 1, event: { ...event, nowUs: us }, effects, digest: '' });
    for (const effect of effects) if (effect.type === 'record') reader.take(effect.record as JournalRecord);
  });
  return reader.end();
}

const boot = (running: boolean, at = 0, guardianActed = false) => ({
  at,
  event: {
    type: 'boot',
    generation: 5,
    hello: {
      ...{ hostPid: 1, adopted: running, guardianActed, lastBeatUs: 0 },
      inventory: running ? [{ group: 'web', index: 0, resource: web, state: 'running' }] : [],
    },
  },
});

const operation = (id: number, action: 'start' | 'stop'): NodeEffect => ({
  type: 'operation',
  operation: { id, group: groupKey('web'), index: 0, resource: web, action, timeoutMs: 1000 },
});

const done = (id: number, at: number, outcome = 'done') => ({
  at,
  event: { type: 'operationResult', result: { id, outcome, startedUs: (at - 0.5) * second, finishedUs: at * second } },
});

const codes = (epoch: Epoch | undefined): string[] =>
  (epoch?.moments ?? []).map(({ code }) => code.slice('moment-'.length));

describe('what a journal tells', () => {
  it('has the fencing of a silent peer: each attempt, what became of it, and the start that waited for it', () => {
    const fenced = (at: number, confirmed: boolean): NodeEffect => ({
      type: 'record',
      record: {
        ...{
          kind: 'peerFenced',
          us: at * second,
          node: node2,
          startedUs: 11 * second,
          finishedUs: at * second,
          confirmed,
        },
        ...{ device: 'board', outcome: confirmed ? 'confirmed' : 'unknown', detail: confirmed ? '' : 'no answer' },
      },
    });
    const fence = (attempt: number): NodeEffect => ({
      type: 'fence',
      ...{ attempt, device: 'board', action: 'off', target: node2, timeoutMs: 1000 },
    });
    const silent: NodeEffect = {
      type: 'record',
      record: { kind: 'peerSilent', us: 11 * second, node: node2, lastHeardUs: 1 * second },
    };
    const [epoch] = told(
      { at: 11, event: { type: 'peerSilent' }, effects: [silent, fence(1)] },
      { at: 12, event: { type: 'fenceResult' }, effects: [fenced(12, false), fence(2)] },
      { at: 13, event: { type: 'fenceResult' }, effects: [fenced(13, true), operation(1, 'start')] },
      done(1, 14),
    );
    expect(codes(epoch)).toEqual([
      'last-heard',
      'peer-silent',
      'fences',
      'fence-failed',
      'fences',
      'fenced',
      'starts',
      'started',
    ]);
    expect(epoch?.moments.find(({ code }) => code === 'moment-fence-failed')?.fields).toMatchObject({
      detail: 'no answer',
    });
    // Ten seconds between the last word and the silence: one story all the same.
    expect(mergeStories(epoch!, []).incidents).toMatchObject([{ kind: 'crash', from: 'node2', totalMs: 13_000 }]);
  });

  it('knows from when to when a resource ran, across daemons that adopt it', () => {
    const [epoch] = told(
      boot(false),
      { at: 1, event: { type: 'timer' }, effects: [operation(1, 'start')] },
      done(1, 2),
      boot(true, 5),
      { at: 7, event: { type: 'timer' }, effects: [operation(1, 'stop')] },
      done(1, 8),
    );
    expect(epoch?.held).toEqual([{ resource: 'web', fromUs: 2 * second, toUs: 8 * second, end: 'stopped' }]);
  });

  it('does not know what a failed start left, and says until when the guardian had let go', () => {
    const [epoch] = told(
      boot(false),
      { at: 1, event: { type: 'timer' }, effects: [operation(1, 'start')] },
      done(1, 2, 'failed'),
      { at: 3, event: { type: 'timer' }, effects: [operation(2, 'start')] },
      done(2, 4),
      boot(false, 9, true),
    );
    expect(epoch?.held).toEqual([{ resource: 'web', fromUs: 4 * second, toUs: 9 * second, end: 'guardian' }]);
    expect(codes(epoch)).toEqual([
      'boot',
      'starts',
      'failed',
      'starts',
      'started',
      'journal-ends',
      'boot',
      'guardian-acted',
      'journal-ends',
    ]);
  });

  it('begins anew with every boot of the machine', () => {
    const reader = createStoryReader();
    for (const bootId of ['a', 'a', 'b']) {
      reader.take({ kind: 'segment', us: 5, format: 1, number: 1, bootId, wallSeconds: 1000 });
      reader.take({ kind: 'packets', us: 7, periodUs: 1, links: [], said: { generation: 1, sequence: 1, us: 6 } });
    }
    expect(reader.end().map(({ bootId, said }) => [bootId, said.length])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });
});
