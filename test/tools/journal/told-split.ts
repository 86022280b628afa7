/** Two journals of one split, made by hand: clocks that have nothing to do with each other, messages in both directions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeEffect } from '../../../src/core/effects.ts';
import type { NodeEvent } from '../../../src/core/events.ts';
import type { JournalRecord } from '../../../src/core/journal-records.ts';
import { groupKey, nodeName } from '../../../src/core/types.ts';
import { encodeLine } from '../../../src/io/journal/line.ts';

const address = { written: 'IPaddr::10.0.0.100', kind: 'script', type: 'IPaddr', args: ['10.0.0.100'] } as const;
const group = groupKey(address.written);
const node1 = nodeName('node1');
const node2 = nodeName('node2');
/** 2026-11-25 14:00:00 UTC. */
const wallSeconds = 1_795_615_200;

interface Side {
  readonly self: string;
  readonly peer: string;
  /** Of the own clock when the story begins. */
  readonly zeroUs: number;
  readonly generation: number;
  readonly peerGeneration: number;
}

const first: Side = { self: 'node1', peer: 'node2', zeroUs: 5_000_000_000, generation: 11, peerGeneration: 22 };
const second: Side = { self: 'node2', peer: 'node1', zeroUs: 70_000_000, generation: 22, peerGeneration: 11 };

/** Milliseconds of the story. */
type Told = readonly [number, object, (readonly NodeEffect[])?];

export function writeSplit(directory: string): { readonly node1: string; readonly node2: string } {
  const silent = (node: typeof node1, atMs: number, side: Side): NodeEffect => ({
    type: 'record',
    record: { kind: 'peerSilent', us: at(side, atMs), node, lastHeardUs: at(side, atMs - 300) },
  });
  const evidence = {
    kind: 'unprotected',
    peerSeen: true,
    silentSinceUs: 0,
    deadtimeMs: 300,
    linkViewVersion: 1,
  } as const;
  const ours: Told[] = [
    [0, boot(first, true)],
    [1300, { type: 'peerSilent', node: node2 }, [silent(node2, 1300, first)]],
    [3500, { type: 'peerHeard', node: node2, generation: 22, returning: true }],
    [3600, { type: 'timer' }],
  ];
  const theirs: Told[] = [
    [0, boot(second, false)],
    [1301, { type: 'peerSilent', node: node1 }, [silent(node1, 1301, second), start(1, evidence)]],
    [1304, result(second, 1, 1301.5, 1303.5, 1303)],
    [3501, { type: 'peerHeard', node: node1, generation: 11, returning: true }],
    [3510, { type: 'timer' }, [{ type: 'releaseAddresses', operations: [operation(2, 'stop')] }]],
    [3511, result(second, 2, 3510.2, 3510.5)],
  ];
  return { node1: write(directory, first, ours), node2: write(directory, second, theirs) };
}

function write(directory: string, side: Side, told: readonly Told[]): string {
  const us = at(side, -10);
  const state = { node: { options: { self: side.self, peer: side.peer } } };
  const records: JournalRecord[] = [
    { kind: 'segment', us, format: 1, number: 1, bootId: `boot of ${side.self}`, wallSeconds, version: '0.1.0' },
    { kind: 'checkpoint', us, state, step: 0, digest: '0'.repeat(16) },
  ];
  let step = 0;
  const timed: { readonly atMs: number; readonly record: JournalRecord }[] = [];
  for (const [atMs, event, effects = []] of [...told, ...heard(side)].sort((left, right) => left[0] - right[0])) {
    step += 1;
    const nowUs = at(side, atMs);
    const full = { ...event, nowUs } as unknown as NodeEvent;
    timed.push({ atMs, record: { kind: 'event', us: nowUs, to: 'node', step, event: full, effects, digest: '0' } });
    for (const effect of effects) if (effect.type === 'record') timed.push({ atMs, record: effect.record });
    for (const effect of effects)
      if (effect.type === 'operation' && effect.evidence !== undefined)
        timed.push({ atMs, record: { kind: 'start', us: nowUs, group, index: 0, evidence: effect.evidence } });
    if (full.type !== 'operationResult') continue;
    const { outcome, startedUs, finishedUs, announcedUs } = full.result;
    const times = { startedUs, finishedUs, ...(announcedUs === undefined ? {} : { announcedUs }) };
    const action = announcedUs === undefined ? 'stop' : 'start';
    timed.push({ atMs, record: { kind: 'operationResult', us: nowUs, group, index: 0, action, outcome, ...times } });
  }
  for (let sequence = 0; sequence < 5; sequence++) {
    const saidUs = at(side, sequence * 100 + 0.1);
    const said = { generation: side.generation, sequence, us: saidUs };
    timed.push({ atMs: sequence * 100, record: { kind: 'packets', us: saidUs, periodUs: 100_000, links: [], said } });
  }
  timed.sort((left, right) => left.atMs - right.atMs);
  records.push(...timed.map(({ record }) => record));
  const place = join(directory, side.self, 'journal');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'journal-0000000001.ndjson'), Buffer.concat(records.map((record) => encodeLine(record)!)));
  return join(directory, side.self);
}

/** Each message takes 0.4 ms. */
function heard({ peer, peerGeneration }: Side): Told[] {
  return [0, 1, 2, 3, 4].map(
    (sequence): Told => [
      sequence * 100 + 0.5,
      {
        type: 'message',
        from: peer,
        generation: peerGeneration,
        linkViewVersion: 1,
        message: {
          fields: [
            { name: 't', value: 'status' },
            { name: 'seq', value: sequence.toString(16) },
          ],
        },
      },
    ],
  );
}

const at = ({ zeroUs }: Side, ms: number): number => zeroUs + Math.round(ms * 1000);

function boot({ generation }: Side, holds: boolean): object {
  const inventory = holds ? [{ group, index: 0, resource: address, state: 'running' }] : [];
  const hello = { hostPid: 1, adopted: holds, inventory, guardianActed: false, lastBeatUs: 0 };
  return { type: 'boot', generation, hello, stickyStopFailures: [] };
}

function operation(id: number, action: 'start' | 'stop') {
  return { id, group, index: 0, resource: address, action, timeoutMs: 1000 };
}

function start(id: number, evidence: Extract<NodeEffect, { type: 'operation' }>['evidence']): NodeEffect {
  return { type: 'operation', operation: operation(id, 'start'), ...(evidence === undefined ? {} : { evidence }) };
}

function result(side: Side, id: number, fromMs: number, toMs: number, announcedMs?: number): object {
  const announced = announcedMs === undefined ? {} : { announcedUs: at(side, announcedMs) };
  const times = { startedUs: at(side, fromMs), finishedUs: at(side, toMs), ...announced };
  return { type: 'operationResult', result: { id, outcome: 'done', ...times } };
}
