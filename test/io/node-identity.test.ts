import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/result.ts';
import { type IdentityOptions, nextGeneration, readIdentity } from '../../src/io/node-identity.ts';
import { createDiskTwin, type DiskTwin } from '../twins/disk-twin.ts';

const wallSeconds = () => 1_800_000_000;
const uuid = '0123456789abcdef0123456789abcdef';

describe('hbgenmethod time', () => {
  it('takes the clock where it is ahead, and never less than one more than before', async () => {
    const twin = createDiskTwin();
    const at = (seconds: number) => ({ wallSeconds: () => seconds, fromClock: true });
    const generations: (number | undefined)[] = [];
    for (const seconds of [1000, 5000, 5000, 70]) {
      const made = await next(twin, at(seconds));
      generations.push(made.ok ? made.value.generation : undefined);
    }
    expect(generations).toEqual([1001, 5000, 5001, 5002]);
  });
});

describe('node identity', () => {
  it('starts with wall clock plus one and grows by one with every start', async () => {
    const twin = createDiskTwin();
    for (const generation of [1_800_000_001, 1_800_000_002, 1_800_000_003]) {
      expect(await next(twin)).toEqual({ ok: true, value: { uuid, generation } });
    }
  });

  it('does not look at the wall clock again once there is a generation (S22)', async () => {
    const twin = createDiskTwin();
    await next(twin);
    for (const wall of [0, 4_000_000_000]) {
      const before = await generationOf(twin);
      await next(twin, { wallSeconds: () => wall });
      expect(await generationOf(twin)).toBe(before + 1);
    }
  });

  it("reads and continues Heartbeat's own files", async () => {
    const twin = createDiskTwin();
    await twin.files.writeSynced('/state/hb_generation', Buffer.from('     1731000042\n'));
    await twin.files.writeSynced('/state/hb_uuid', Buffer.from(uuid, 'hex'));
    expect(await readIdentity('/state', twin.files)).toEqual({ ok: true, value: { uuid, generation: 1731000042 } });
    expect(await next(twin, { makeUuid: () => 'ff'.repeat(16) })).toEqual({
      ok: true,
      value: { uuid, generation: 1731000043 },
    });
  });

  it("writes Heartbeat's formats on a real disk: 15 right-aligned digits and a newline, 16 raw bytes", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pairbeat-identity-'));
    try {
      await nextGeneration(directory, { wallSeconds, makeUuid: () => uuid });
      expect(await readFile(join(directory, 'hb_generation'), 'latin1')).toBe('     1800000001\n');
      expect((await readFile(join(directory, 'hb_uuid'))).toString('hex')).toBe(uuid);
      expect(await readIdentity(directory)).toEqual({ ok: true, value: { uuid, generation: 1_800_000_001 } });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("has Heartbeat's own files durable as well before it answers: the next start may be Heartbeat's", async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const twin = createDiskTwin(seed);
      await next(twin);
      twin.restart();
      await twin.files.remove('/state/pairbeat-identity');
      expect(await readIdentity('/state', twin.files)).toEqual({
        ok: true,
        value: { uuid, generation: 1_800_000_001 },
      });
    }
  });

  it('makes a random version 4 uuid for a new node', async () => {
    const made = [await makeFresh(), await makeFresh()];
    for (const each of made) expect(each).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(made[0]).not.toBe(made[1]);
  });

  it('is missing, not invented, for a reader', async () => {
    expect(await readIdentity('/state', createDiskTwin().files)).toMatchObject({
      ok: false,
      problem: { code: 'identity-missing' },
    });
  });

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, 0)],
    ['full of zeros', (bytes: Uint8Array) => bytes.fill(0)],
    ['not a number', () => Buffer.from('     18000x0001\n')],
  ])('survives a generation file that is %s, by the side copy', async (_, damage) => {
    const twin = createDiskTwin();
    await next(twin);
    twin.tamper('/state/hb_generation', damage);
    const told: Problem[] = [];
    expect(await next(twin, { onDamage: (problem) => told.push(problem) })).toMatchObject({
      value: { generation: 1_800_000_002 },
    });
    expect(told.map(({ code }) => code)).toEqual(['identity-file-damaged']);
  });

  it('takes the higher of the two generations, whichever copy was restored from a backup', async () => {
    const twin = createDiskTwin();
    await next(twin);
    twin.tamper('/state/hb_generation', () => Buffer.from('     1700000000\n'));
    expect(await next(twin)).toMatchObject({ value: { generation: 1_800_000_002 } });
    twin.tamper('/state/hb_generation', () => Buffer.from('     1900000000\n'));
    expect(await next(twin)).toMatchObject({ value: { generation: 1_900_000_001 } });
  });

  it('survives a side copy that verifies nowhere', async () => {
    const twin = createDiskTwin();
    await next(twin);
    twin.tamper('/state/pairbeat-identity', () => new Uint8Array(3));
    expect(await next(twin)).toEqual({ ok: true, value: { uuid, generation: 1_800_000_002 } });
  });

  it('keeps the uuid when its file is all zeros', async () => {
    const twin = createDiskTwin();
    await next(twin);
    twin.tamper('/state/hb_uuid', (bytes) => bytes.fill(0));
    expect(await next(twin, { makeUuid: () => 'ff'.repeat(16) })).toMatchObject({ value: { uuid } });
  });

  it.each([
    ['half of it zeros', (bytes: Uint8Array) => bytes.fill(0, 8)],
    ['a bit of it another', (bytes: Uint8Array) => bytes.with(3, bytes[3]! ^ 4)],
    ['the rest of another one', (bytes: Uint8Array) => bytes.fill(0xee, 5)],
  ])('keeps the uuid when its file is torn, %s: the copy that verifies counts, and mends it', async (_, tear) => {
    const twin = createDiskTwin();
    await next(twin);
    twin.tamper('/state/hb_uuid', tear);
    expect(await readIdentity('/state', twin.files)).toMatchObject({ value: { uuid } });
    const told: Problem[] = [];
    expect(await next(twin, { onDamage: (problem) => told.push(problem) })).toMatchObject({ value: { uuid } });
    expect(told.map(({ code }) => code)).toEqual(['identity-uuid-differs']);
    await twin.files.remove('/state/pairbeat-identity');
    expect(await readIdentity('/state', twin.files)).toMatchObject({ value: { uuid } });
  });

  it.each([0, 1, 8, 15])('a uuid file of %s bytes and no other copy: refused, never a new uuid', async (length) => {
    const twin = createDiskTwin();
    await twin.files.writeSynced('/state/hb_generation', Buffer.from('     1731000042\n'));
    await twin.files.writeSynced('/state/hb_uuid', Buffer.from(uuid, 'hex').subarray(0, length));
    expect(await next(twin)).toMatchObject({ ok: false, problem: { code: 'identity-uuid-damaged' } });
  });

  it('a uuid that somebody has removed everywhere is made anew; the generation goes on', async () => {
    const twin = createDiskTwin();
    await next(twin);
    for (const name of ['hb_uuid', 'pairbeat-identity', 'pairbeat-identity.previous'])
      await twin.files.remove(`/state/${name}`);
    const fresh = 'ff'.repeat(16);
    expect(await next(twin, { makeUuid: () => fresh })).toEqual({
      ok: true,
      value: { uuid: fresh, generation: 1_800_000_002 },
    });
  });

  it('never gives out a generation twice, whenever the machine stops (S16)', async () => {
    for (let steps = 0; steps < 30; steps += 1) {
      for (let seed = 0; seed < 20; seed += 1) {
        const twin = createDiskTwin(seed);
        await next(twin);
        twin.crashAfter(steps);
        const crashed = await next(twin);
        twin.restart();
        const highest = crashed.ok ? crashed.value.generation : 1_800_000_001;
        const after = await next(twin, { makeUuid: () => 'ff'.repeat(16) });
        expect(after, `crash after ${steps} steps, seed ${seed}`).toMatchObject({ ok: true, value: { uuid } });
        expect(after.ok && after.value.generation > highest, `crash after ${steps} steps, seed ${seed}`).toBe(true);
      }
    }
  });

  it('refuses to start without a durable generation', async () => {
    const twin = createDiskTwin();
    twin.failWrites('ENOSPC');
    expect(await next(twin)).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
  });
});

function next(twin: DiskTwin, options: Partial<IdentityOptions> = {}): ReturnType<typeof nextGeneration> {
  return nextGeneration('/state', { wallSeconds, files: twin.files, makeUuid: () => uuid, ...options });
}

async function generationOf(twin: DiskTwin): Promise<number> {
  const read = await readIdentity('/state', twin.files);
  return read.ok ? read.value.generation : Number.NaN;
}

async function makeFresh(): Promise<string> {
  const made = await nextGeneration('/state', { wallSeconds, files: createDiskTwin().files });
  return made.ok ? made.value.uuid : '';
}
