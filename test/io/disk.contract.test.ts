/** What every implementation of the disk port must do; runs on a real directory and on the twin. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../../src/core/result.ts';
import { createDurableFiles } from '../../src/io/durable-file.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { createDiskTwin } from '../twins/disk-twin.ts';

interface Setup {
  readonly disk: Disk;
  tamper(name: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void>;
  tidyUp(): Promise<void>;
}

const implementations: readonly { readonly name: string; readonly setUp: () => Promise<Setup> }[] = [
  {
    name: 'real directory',
    setUp: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'pairbeat-disk-'));
      return {
        disk: createDurableFiles(join(directory, 'made', 'when needed')),
        tamper: async (name, change) => {
          const path = join(directory, 'made', 'when needed', name);
          await writeFile(path, change(await readFile(path)));
        },
        tidyUp: () => rm(directory, { recursive: true }),
      };
    },
  },
  {
    name: 'in-memory twin',
    setUp: async () => {
      const twin = createDiskTwin();
      return {
        disk: twin.disk('/state'),
        tamper: async (name, change) => twin.tamper(`/state/${name}`, change),
        tidyUp: async () => {},
      };
    },
  },
];

describe.each(implementations)('disk port: $name', ({ setUp }) => {
  const setups: Setup[] = [];
  afterEach(async () => {
    for (const setup of setups.splice(0)) await setup.tidyUp();
  });
  async function fresh(): Promise<Setup> {
    const setup = await setUp();
    setups.push(setup);
    return setup;
  }

  it('answers undefined for a file that was never written', async () => {
    const { disk } = await fresh();
    expect(await disk.read('sticky-stops')).toEqual({ ok: true, value: undefined });
  });

  it('gives back what was written last, also nothing at all and all byte values', async () => {
    const { disk } = await fresh();
    for (const content of [Uint8Array.from({ length: 256 }, (_, byte) => byte), text('{"a":1}\n'), new Uint8Array()]) {
      expect(await disk.write('record', content)).toEqual({ ok: true, value: undefined });
      expect(bytesOf(await disk.read('record'))).toEqual([...content]);
    }
  });

  it('keeps files apart', async () => {
    const { disk } = await fresh();
    await disk.write('one', text('1'));
    await disk.write('two', text('2'));
    expect(await readText(disk, 'one')).toBe('1');
    expect(await readText(disk, 'two')).toBe('2');
  });

  it('carries out writes of one name in the order they were asked for', async () => {
    const { disk } = await fresh();
    await Promise.all(Array.from({ length: 20 }, (_, number) => disk.write('record', text(`${number}`))));
    expect(await readText(disk, 'record')).toBe('19');
  });

  it('forgets a removed file for good', async () => {
    const { disk } = await fresh();
    await disk.write('record', text('older'));
    await disk.write('record', text('newer'));
    expect(await disk.remove('record')).toEqual({ ok: true, value: undefined });
    expect(await disk.read('record')).toEqual({ ok: true, value: undefined });
    expect(await disk.remove('record')).toEqual({ ok: true, value: undefined });
  });

  it('falls back to the previous copy when a file does not verify', async () => {
    const { disk, tamper } = await fresh();
    await disk.write('record', text('older'));
    await disk.write('record', text('newer'));
    await tamper('record', flipLastBit);
    expect(await readText(disk, 'record')).toBe('older');
  });

  it('keeps the last good copy when a damaged file is written again', async () => {
    const { disk, tamper } = await fresh();
    await disk.write('record', text('good'));
    await disk.write('record', text('will be damaged'));
    await tamper('record', flipLastBit);
    await disk.write('record', text('newest'));
    await tamper('record', flipLastBit);
    expect(await readText(disk, 'record')).toBe('good');
  });

  it.each([
    ['a flipped bit', flipLastBit],
    ['nothing in it', () => new Uint8Array()],
    ['another content', () => text('not ours\n')],
    ['its end cut off', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['something appended', (bytes: Uint8Array) => Uint8Array.from([...bytes, 10])],
  ])('says so instead of answering empty when the only copy has %s', async (_, damage) => {
    const { disk, tamper } = await fresh();
    await disk.write('record', text('only copy'));
    await tamper('record', damage);
    expect(await disk.read('record')).toMatchObject({ ok: false, problem: { code: 'file-damaged' } });
  });

  it('refuses content over one mebibyte and keeps what was there', async () => {
    const { disk } = await fresh();
    await disk.write('record', text('kept'));
    expect(await disk.write('record', new Uint8Array(1024 * 1024 + 1))).toMatchObject({
      ok: false,
      problem: { code: 'file-too-large', fields: { bytes: 1024 * 1024 + 1 } },
    });
    expect(await readText(disk, 'record')).toBe('kept');
  });

  it.each(['../outside', '/absolute', '.hidden', '', 'a.new', 'a.previous'])(
    'takes no name like "%s"',
    async (name) => {
      const { disk } = await fresh();
      expect(() => disk.read(name)).toThrow(/name of a durable file/);
    },
  );

  it('answers busy rather than queueing without end', async () => {
    const { disk } = await fresh();
    const results = await Promise.all(Array.from({ length: 110 }, () => disk.read('record')));
    const refused = results.filter((result) => !result.ok);
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ problem: { code: 'disk-busy' } });
    expect(await disk.read('record')).toMatchObject({ ok: true });
  });
});

function flipLastBit(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed[changed.length - 1]! ^= 1;
  return changed;
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function bytesOf(result: Result<Uint8Array | undefined>): readonly number[] {
  return result.ok ? [...(result.value ?? [])] : [];
}

async function readText(disk: Disk, name: string): Promise<string> {
  return Buffer.from(bytesOf(await disk.read(name))).toString();
}
