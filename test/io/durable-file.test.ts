import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/result.ts';
import { createDurableFiles } from '../../src/io/durable-file.ts';
import { createDiskTwin, type DiskTwin } from '../twins/disk-twin.ts';

const old = new TextEncoder().encode('old content');
const newer = new TextEncoder().encode('newer content');
/** More steps than a write or remove takes, so that the last ones end without a crash. */
const mostSteps = 14;
const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('durable file under a crash', () => {
  it('is old or new whenever the machine stops during a write, and new once the write was confirmed', async () => {
    const outcomes = { old: 0, new: 0, confirmed: 0 };
    await atEveryStep(async (twin, where) => {
      const confirmed = await attempt(() => twin.disk('/state').write('record', newer));
      twin.restart();
      const content = await readText(twin);
      if (confirmed) expect(content, where).toBe('newer content');
      else expect(['old content', 'newer content'], where).toContain(content);
      outcomes[confirmed ? 'confirmed' : content === 'old content' ? 'old' : 'new'] += 1;
    });
    // All three happen, or this test would prove nothing.
    expect(Math.min(outcomes.old, outcomes.new, outcomes.confirmed)).toBeGreaterThan(0);
  });

  it('is old or gone whenever the machine stops during a remove, never older than old', async () => {
    const twice = async (seed: number): Promise<DiskTwin> => {
      const twin = await withOldContent(seed);
      await twin.disk('/state').write('record', newer);
      return twin;
    };
    await atEveryStep(async (twin, where) => {
      const confirmed = await attempt(() => twin.disk('/state').remove('record'));
      twin.restart();
      const content = await readText(twin);
      if (confirmed) expect(content, where).toBe(undefined);
      else expect(['newer content', undefined], where).toContain(content);
    }, twice);
  });

  it('can be written and read again after any crash', async () => {
    await atEveryStep(async (twin, where) => {
      await attempt(() => twin.disk('/state').write('record', newer));
      twin.restart();
      expect(await twin.disk('/state').write('record', new TextEncoder().encode('newest')), where).toMatchObject({
        ok: true,
      });
      twin.restart();
      expect(await readText(twin), where).toBe('newest');
    });
  });

  it('would lose a new file whose directory was not synced: the twin is as pessimistic as a disk', async () => {
    const lost = seeds
      .filter((seed) => seed > 0)
      .map(async (seed) => {
        const twin = createDiskTwin(seed);
        await twin.files.writeSynced('/state/record', old);
        twin.restart();
        return !twin.exists('/state/record');
      });
    expect(new Set(await Promise.all(lost))).toEqual(new Set([true, false]));
  });
});

describe('durable file on a failing disk', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EROFS', 'disk-read-only'],
    ['EIO', 'disk-failed'],
    ['EACCES', 'file-permission'],
  ])('%s is the problem %s, and the old content stays', async (error, code) => {
    const twin = await withOldContent(1);
    twin.failWrites(error);
    expect(await twin.disk('/state').write('record', newer)).toMatchObject({
      ok: false,
      problem: { code, fields: { file: '/state/record', error } },
    });
    expect(await readText(twin)).toBe('old content');
  });

  it('works again after the failure', async () => {
    const twin = await withOldContent(1);
    twin.failWrites('ENOSPC');
    await twin.disk('/state').write('record', newer);
    twin.failWrites(undefined);
    expect(await twin.disk('/state').write('record', newer)).toMatchObject({ ok: true });
    expect(await readText(twin)).toBe('newer content');
  });

  it('tells when it had to use the previous copy of a damaged file, but not after a mere crash', async () => {
    const twin = await withOldContent(1);
    await twin.disk('/state').write('record', newer);
    twin.tamper('/state/record', (bytes) => bytes.fill(0));
    const told: Problem[] = [];
    const disk = createDurableFiles('/state', { files: twin.files, onDamage: (problem) => told.push(problem) });
    await disk.read('record');
    expect(told).toEqual([{ code: 'file-damaged-previous-used', fields: { file: '/state/record' } }]);
    await twin.files.remove('/state/record');
    await disk.read('record');
    expect(told).toHaveLength(1);
  });
});

/** Runs the check with a crash after 0, 1, 2 ... steps, each with many ways of what survives. */
async function atEveryStep(
  check: (twin: DiskTwin, where: string) => Promise<void>,
  prepare: (seed: number) => Promise<DiskTwin> = withOldContent,
): Promise<void> {
  for (let steps = 0; steps < mostSteps; steps += 1) {
    for (const seed of seeds) {
      const twin = await prepare(seed);
      twin.crashAfter(steps);
      await check(twin, `crash after ${steps} steps, seed ${seed}`);
    }
  }
}

async function withOldContent(seed: number): Promise<DiskTwin> {
  const twin = createDiskTwin(seed);
  await twin.disk('/state').write('record', old);
  return twin;
}

/** Whether the operation was confirmed. */
async function attempt(operation: () => Promise<{ readonly ok: boolean }>): Promise<boolean> {
  return (await operation()).ok;
}

async function readText(twin: DiskTwin): Promise<string | undefined> {
  const read = await twin.disk('/state').read('record');
  expect(read).toMatchObject({ ok: true });
  return read.ok && read.value !== undefined ? Buffer.from(read.value).toString() : undefined;
}
