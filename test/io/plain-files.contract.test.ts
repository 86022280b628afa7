/** What every implementation of the port for plain files must do; runs on a real directory and on the twin. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlainFiles } from '../../src/io/plain-files.ts';
import type { PlainFiles } from '../../src/ports/plain-files.ts';
import { createDiskTwin } from '../twins/disk-twin.ts';

interface Setup {
  readonly files: PlainFiles;
  /** What another program would read. */
  raw(name: string): Promise<string | undefined>;
  tidyUp(): Promise<void>;
}

const limit = 1000;
const implementations: readonly { readonly name: string; readonly setUp: () => Promise<Setup> }[] = [
  {
    name: 'real directory',
    setUp: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'pairbeat-plain-'));
      const place = join(directory, 'made', 'when needed');
      return {
        files: createPlainFiles(place),
        raw: (name) => readFile(join(place, name), 'utf8').catch(() => undefined),
        tidyUp: () => rm(directory, { recursive: true }),
      };
    },
  },
  {
    name: 'in-memory twin',
    setUp: async () => {
      const twin = createDiskTwin();
      return {
        files: createPlainFiles('/state', twin.files),
        raw: async (name) => {
          const bytes = await twin.files.read(`/state/${name}`, limit);
          return bytes === undefined ? undefined : Buffer.from(bytes).toString();
        },
        tidyUp: async () => {},
      };
    },
  },
];

describe.each(implementations)('plain files: $name', ({ setUp }) => {
  const setups: Setup[] = [];
  afterEach(async () => {
    for (const setup of setups.splice(0)) await setup.tidyUp();
  });
  async function fresh(): Promise<Setup> {
    const setup = await setUp();
    setups.push(setup);
    return setup;
  }

  it('answer undefined for a file that was never written, and make sure of nothing', async () => {
    const { files } = await fresh();
    expect(await files.read('cib.xml', limit)).toEqual({ ok: true, value: undefined });
    expect(await files.makeSure()).toEqual({ ok: true, value: undefined });
  });

  it('hold exactly the bytes that were written last, for every reader', async () => {
    const { files, raw } = await fresh();
    for (const content of ['<cib/>\n', '<cib epoch="2"/>\n', '']) {
      expect(await files.replace('cib.xml', text(content))).toEqual({ ok: true, value: undefined });
      expect(await raw('cib.xml')).toBe(content);
      expect(await files.read('cib.xml', limit)).toEqual({ ok: true, value: text(content) });
    }
    expect(await raw('cib.xml.new')).toBe(undefined);
  });

  it('give one byte more than the limit, so that a larger file is noticed', async () => {
    const { files } = await fresh();
    await files.replace('cib.xml', text('0123456789'));
    expect(await files.read('cib.xml', 4)).toEqual({ ok: true, value: text('01234') });
  });

  it('are gone once removed, and may be removed twice', async () => {
    const { files } = await fresh();
    await files.replace('cib.xml', text('<cib/>'));
    expect(await files.remove('cib.xml')).toEqual({ ok: true, value: undefined });
    expect(await files.remove('cib.xml')).toEqual({ ok: true, value: undefined });
    expect(await files.read('cib.xml', limit)).toEqual({ ok: true, value: undefined });
  });

  it.each(['../outside', '/absolute', '.hidden', '', 'cib.xml.new'])('take no name like "%s"', async (name) => {
    const { files } = await fresh();
    expect(() => files.replace(name, text(''))).toThrow(/name of a plain file/);
  });
});

describe('plain files under a crash', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  it('are old or new whenever the machine stops, and new once that was confirmed', async () => {
    const outcomes = { old: 0, new: 0, confirmed: 0 };
    for (let steps = 0; steps < 8; steps++) {
      for (const seed of seeds) {
        const twin = createDiskTwin(seed);
        const files = createPlainFiles('/state', twin.files);
        await files.replace('cib.xml', text('old'));
        twin.crashAfter(steps);
        const { ok } = await files.replace('cib.xml', text('newer'));
        twin.restart();
        const read = await files.read('cib.xml', limit);
        const content = read.ok && read.value !== undefined ? Buffer.from(read.value).toString() : 'nothing';
        expect(ok ? ['newer'] : ['old', 'newer'], `${steps} steps, seed ${seed}`).toContain(content);
        outcomes[ok ? 'confirmed' : content === 'old' ? 'old' : 'new'] += 1;
      }
    }
    expect(Math.min(outcomes.old, outcomes.new, outcomes.confirmed)).toBeGreaterThan(0);
  });

  it('say so when nothing happened to the file itself', async () => {
    const twin = createDiskTwin(1);
    const files = createPlainFiles('/state', twin.files);
    await files.replace('cib.xml', text('old'));
    twin.failWrites('ENOSPC');
    expect(await files.replace('cib.xml', text('newer'))).toMatchObject({
      ok: false,
      problem: { code: 'disk-full', fields: { unchanged: true } },
    });
    twin.failWrites(undefined);
    const failing = createPlainFiles('/state', {
      ...twin.files,
      syncDirectory: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })),
    });
    const answer = await failing.replace('cib.xml', text('newer'));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'disk-failed' } });
    expect(answer.ok || answer.problem.fields['unchanged']).toBe(undefined);
  });

  it('leave nothing but themselves behind on a real disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pairbeat-plain-'));
    const files = createPlainFiles(directory);
    for (const content of ['1', '2', '3']) await files.replace('cib.xml', text(content));
    expect(await readdir(directory)).toEqual(['cib.xml']);
    await rm(directory, { recursive: true });
  });
});

function text(content: string): Uint8Array {
  return new Uint8Array(Buffer.from(content));
}
