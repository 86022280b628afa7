import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Result, success } from '../../src/core/result.ts';
import { nodeName } from '../../src/core/types.ts';
import { openRecords, type Records } from '../../src/daemon/records.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { createDiskTwin, type DiskTwin } from '../twins/disk-twin.ts';

const directory = '/var/lib/heartbeat';
const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const nextGeneration = async (): Promise<Result<number>> => success(101);
const uuid = (number: number): string => number.toString(16).padStart(32, '0');

async function opened(disk: Disk): Promise<Records> {
  const records = await openRecords(disk, nextGeneration);
  if (!records.ok) throw new Error(records.problem.code);
  return records.value;
}

/** What the disk port hands out: its checksum verifies, so anything may be in it. */
async function holding(name: string, text: string): Promise<{ readonly twin: DiskTwin; readonly disk: Disk }> {
  const twin = createDiskTwin();
  const disk = twin.disk(directory);
  expect(await disk.write(name, new TextEncoder().encode(text))).toMatchObject({ ok: true });
  return { twin, disk };
}

describe('records', () => {
  it('are empty on a new disk', async () => {
    const records = await opened(createDiskTwin().disk(directory));
    expect(records).toMatchObject({
      persistedPeers: [],
      stickyStopFailures: [],
      takenOnSilence: [],
      splitGroups: [],
    });
    expect(await records.nextGeneration()).toEqual(success(101));
  });

  it('come back in the next life of the daemon, also after a power loss', async () => {
    const twin = createDiskTwin();
    const records = await opened(twin.disk(directory));
    expect(await records.savePeerGeneration('node2', uuid(2), 7)).toMatchObject({ ok: true });
    for (const [name, group] of [
      ['failed-stops.json', 'database'],
      ['taken-on-silence.json', 'web'],
      ['split.json', 'mail'],
    ] as const)
      expect(await records.save(name, JSON.stringify({ groups: [group] }))).toMatchObject({ ok: true });
    twin.restart();
    expect(await opened(twin.disk(directory))).toMatchObject({
      persistedPeers: [{ node: 'node2', uuid: uuid(2), generation: 7 }],
      stickyStopFailures: ['database'],
      takenOnSilence: ['web'],
      splitGroups: ['mail'],
    });
  });

  it('of running groups hold for one boot of the machine; a SPLIT until it is acknowledged', async () => {
    const twin = createDiskTwin();
    const disk = twin.disk(directory);
    const earlier = new TextEncoder().encode(JSON.stringify({ bootId: 'an earlier boot', groups: ['web'] }));
    for (const name of ['failed-stops.json', 'taken-on-silence.json', 'split.json']) await disk.write(name, earlier);
    expect(await opened(disk)).toMatchObject({ stickyStopFailures: [], takenOnSilence: [], splitGroups: ['web'] });
  });

  it('of unmanaged groups come back for one boot of the machine, with who and when', async () => {
    const unmanaged = [{ group: 'web', who: 'root', at: '2026-01-02T03:04:05Z' }];
    const disk = createDiskTwin().disk(directory);
    await (await opened(disk)).save('unmanaged.json', JSON.stringify({ unmanaged }));
    expect((await opened(disk)).unmanaged).toEqual(unmanaged);
    await disk.write('unmanaged.json', new TextEncoder().encode(JSON.stringify({ unmanaged, bootId: 'another' })));
    expect((await opened(disk)).unmanaged).toEqual([]);
    await disk.write('unmanaged.json', new TextEncoder().encode('{"unmanaged":[{"group":"web"}]}'));
    expect(await openRecords(disk, nextGeneration)).toMatchObject({ problem: { code: 'record-unreadable' } });
  });

  it('of a peer that is off hold for one boot, and until a newer incarnation of it was accepted', async () => {
    const fenced = {
      by: 'device',
      name: 'ipmi',
      action: 'reset',
      verified: true,
      peerGeneration: 7,
      requestedUs: 1,
      confirmedUs: 2,
    };
    const twin = createDiskTwin();
    const disk = twin.disk(directory);
    const records = await opened(disk);
    await records.savePeerGeneration('node2', uuid(2), 7);
    await records.save('fenced-peer.json', JSON.stringify({ fenced }));
    expect((await opened(disk)).fencedPeer).toEqual({ ...fenced });
    await records.savePeerGeneration('node2', uuid(2), 8);
    expect((await opened(disk)).fencedPeer).toBeUndefined();
    await disk.write('peers.json', new TextEncoder().encode('[]'));
    await disk.write('fenced-peer.json', new TextEncoder().encode(JSON.stringify({ fenced, bootId: 'another' })));
    expect((await opened(disk)).fencedPeer).toBeUndefined();
    await disk.write('fenced-peer.json', new TextEncoder().encode(JSON.stringify({ fenced: { ...fenced, by: 'me' } })));
    expect(await openRecords(disk, nextGeneration)).toMatchObject({ problem: { code: 'record-unreadable' } });
  });

  it('name the boot that they are of, whatever the content says', async () => {
    const disk = createDiskTwin().disk(directory);
    const records = await opened(disk);
    await records.save('failed-stops.json', JSON.stringify({ groups: ['web'], bootId: 'another' }));
    const read = await disk.read('failed-stops.json');
    expect(read.ok && JSON.parse(new TextDecoder().decode(read.value))).toEqual({ bootId, groups: ['web'] });
  });

  it('tell when the disk does not take them', async () => {
    const twin = createDiskTwin();
    const records = await opened(twin.disk(directory));
    twin.failWrites('ENOSPC');
    expect(await records.savePeerGeneration('node2', uuid(2), 7)).toMatchObject({
      ok: false,
      problem: { code: 'disk-full' },
    });
    expect(await records.save('split.json', '{"groups":[]}')).toMatchObject({ ok: false });
  });

  it('whose checksum does not verify are not taken for empty', async () => {
    const { twin, disk } = await holding('peers.json', '[]');
    twin.tamper(`${directory}/peers.json`, (bytes) => bytes.slice(0, -1));
    expect(await openRecords(disk, nextGeneration)).toMatchObject({ ok: false, problem: { code: 'file-damaged' } });
  });

  it.each([
    ['peers.json', ''],
    ['peers.json', '[{'],
    ['peers.json', '{}'],
    ['peers.json', '[null]'],
    ['peers.json', '[{"node":"node2","uuid":"aa"}]'],
    ['peers.json', '[{"node":"node2","uuid":"aa","generation":1.5}]'],
    ['failed-stops.json', 'null'],
    ['failed-stops.json', '["web"]'],
    ['failed-stops.json', '{"bootId":"x"}'],
    ['failed-stops.json', '{"groups":[1]}'],
    ['taken-on-silence.json', '{"groups":"web"}'],
    ['split.json', '{"groups":{}}'],
  ])('are refused when %s holds %s: an empty record would forget what it says', async (name, text) => {
    const { disk } = await holding(name, text);
    expect(await openRecords(disk, nextGeneration)).toEqual({
      ok: false,
      problem: { code: 'record-unreadable', fields: { file: name } },
    });
  });
});

describe('the generations of peers', () => {
  it('are in the order in which the peers were last new: the last uuid of a name is its present one', async () => {
    const disk = createDiskTwin().disk(directory);
    const records = await opened(disk);
    await records.savePeerGeneration('node2', uuid(1), 5);
    await records.savePeerGeneration('node2', uuid(2), 1);
    await records.savePeerGeneration('node2', uuid(1), 6);
    expect((await opened(disk)).persistedPeers).toEqual([
      { node: 'node2', uuid: uuid(2), generation: 1 },
      { node: 'node2', uuid: uuid(1), generation: 6 },
    ]);
  });

  it('are kept of 32 peers, the latest ones', async () => {
    const disk = createDiskTwin().disk(directory);
    const records = await opened(disk);
    for (let number = 1; number <= 40; number++) await records.savePeerGeneration('node2', uuid(number), number);
    const { persistedPeers } = await opened(disk);
    expect(persistedPeers.map(({ generation }) => generation)).toEqual(Array.from({ length: 32 }, (_, at) => at + 9));
  });

  it('are all there when two are saved at the same time', async () => {
    const disk = createDiskTwin().disk(directory);
    const records = await opened(disk);
    await Promise.all([records.savePeerGeneration('node2', uuid(1), 1), records.savePeerGeneration('B', uuid(2), 2)]);
    expect((await opened(disk)).persistedPeers).toEqual([
      { node: nodeName('node2'), uuid: uuid(1), generation: 1 },
      { node: nodeName('b'), uuid: uuid(2), generation: 2 },
    ]);
  });
});
