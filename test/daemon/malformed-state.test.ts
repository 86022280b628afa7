/**
 * Every file that a node reads at its start, in every state in which one can be found: the node starts with what is true,
 * or it refuses with a reason. It never begins with a lower generation, never forgets a failed stop, never waits for
 * something that lies in place of a file. The host's own inventory has the same table beside its code
 * (test/io/agent-host/record-file.test.ts).
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem, Result } from '../../src/core/result.ts';
import { createHostCache } from '../../src/daemon/host-cache.ts';
import { openRecords } from '../../src/daemon/records.ts';
import { findDaemon, nodeNameIn } from '../../src/daemon/running-daemon.ts';
import { hostFiles } from '../../src/io/agent-host/host-files.ts';
import { recordedHost } from '../../src/io/agent-host/host-launch.ts';
import { createServiceRecord } from '../../src/io/agent-host/service-record.ts';
import { createDurableFiles } from '../../src/io/durable-file.ts';
import { openFifo } from '../../src/io/fifo.ts';
import { createJournal } from '../../src/io/journal/journal.ts';
import { nextGeneration } from '../../src/io/node-identity.ts';
import { describe as describeProblem } from '../../src/protocol/catalogue.ts';

type Damage = (path: string) => void;

/** What can lie in place of a file. Lengths and bits are gone through in tests of their own below. */
const damages: Readonly<Record<string, Damage>> = {
  empty: (path) => fs.writeFileSync(path, ''),
  'cut off': (path) => fs.truncateSync(path, Math.floor(fs.statSync(path).size / 2)),
  noise: (path) => fs.writeFileSync(path, Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 193) & 255))),
  zeros: (path) => fs.writeFileSync(path, Buffer.alloc(fs.statSync(path).size)),
  'a gigabyte': (path) => fs.truncateSync(path, 2 ** 30),
  'a directory': (path) => {
    fs.rmSync(path);
    fs.mkdirSync(path);
  },
  'a FIFO': (path) => {
    fs.rmSync(path);
    execFileSync('mkfifo', [path]);
  },
  'a link to nowhere': (path) => {
    fs.rmSync(path);
    fs.symlinkSync('/nowhere/at/all', path);
  },
  'a link to something endless': (path) => {
    fs.rmSync(path);
    fs.symlinkSync('/dev/zero', path);
  },
  'of a later version': (path) => fs.writeFileSync(path, 'pairbeat-file 2 5 blake3 00\nhello'),
  "somebody else's and open to all": (path) => {
    fs.chmodSync(path, 0o777);
    fs.chownSync(path, ...somebody);
  },
};
const somebody: readonly [number, number] =
  process.geteuid?.() === 0 ? [65534, 65534] : [process.getuid!(), process.getgid!()];
const harmless = "somebody else's and open to all";
const damageNames = Object.keys(damages);

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'pairbeat-malformed-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);

/** A refusal has words of its own, with the file in them. */
function expectRefusal(result: Result<unknown>): void {
  expect(result.ok).toBe(false);
  if (result.ok) return;
  const { what, advice } = describeProblem(result.problem);
  expect(what).toContain(directory);
  expect(advice).toBeTruthy();
}

describe('the identity of a node', () => {
  const firstGeneration = 1_800_000_000;
  const begin = (told: Problem[] = []): ReturnType<typeof nextGeneration> =>
    // A clock that has been set back: whoever believes it begins with a lower generation.
    nextGeneration(directory, { wallSeconds: () => 1000, onDamage: (problem) => told.push(problem) });
  const known = async (): Promise<string> => {
    const first = await nextGeneration(directory, { wallSeconds: () => firstGeneration - 1 });
    if (!first.ok) throw new Error(first.problem.code);
    return first.value.uuid;
  };
  const identityFiles = ['hb_generation', 'hb_uuid', 'pairbeat-identity'];
  const each = identityFiles.flatMap((file) => damageNames.map((damage) => [file, damage] as const));

  it.each(each)('%s is %s: never a lower generation, never another uuid in silence', async (file, damage) => {
    const uuid = await known();
    damages[damage]!(at(file));
    const told: Problem[] = [];
    const next = await begin(told);
    if (!next.ok) return expectRefusal(next);
    expect(next.value).toEqual({ uuid, generation: firstGeneration + 1 });
    if (damage !== harmless) expect(told).not.toEqual([]);
  });

  it.each(damageNames)('all of it is %s: it refuses to guess', async (damage) => {
    const uuid = await known();
    for (const file of identityFiles) damages[damage]!(at(file));
    const next = await begin();
    if (damage === harmless) expect(next).toMatchObject({ value: { uuid, generation: firstGeneration + 1 } });
    else expectRefusal(next);
  });

  it('is cut off at any length: the generation still grows', async () => {
    for (let length = 0; length < 16; length += 1) {
      fs.rmSync(directory, { recursive: true });
      fs.mkdirSync(directory);
      await known();
      fs.truncateSync(at('hb_generation'), length);
      expect(await begin(), `${length} bytes`).toMatchObject({ value: { generation: firstGeneration + 1 } });
    }
  });
});

describe('the records that decisions wait for', () => {
  const bootId = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const groups = JSON.stringify({ bootId, groups: ['web'] });
  const contents: Readonly<Record<string, string>> = {
    'peers.json': JSON.stringify([{ node: 'node2', uuid: 'ab'.repeat(16), generation: 7 }]),
    'failed-stops.json': groups,
    'taken-on-silence.json': groups,
    'split.json': groups,
    'stuck-at-peer.json': groups,
    'unmanaged.json': JSON.stringify({ bootId, unmanaged: [{ group: 'web', who: 'root', at: 'now' }] }),
  };
  const files = Object.keys(contents);
  const write = async (file: string, text: string): Promise<void> => {
    const written = await createDurableFiles(directory).write(file, Buffer.from(text));
    if (!written.ok) throw new Error(written.problem.code);
  };
  const open = (told: Problem[] = []) =>
    openRecords(createDurableFiles(directory, { onDamage: (problem) => told.push(problem) }), async () => ({
      ok: true,
      value: 1,
    }));
  const isRemembered = (records: Awaited<ReturnType<typeof open>>, file: string): boolean => {
    if (!records.ok) return false;
    const { persistedPeers, stickyStopFailures, takenOnSilence, splitGroups, stuckAtPeer, unmanaged } = records.value;
    const all = [persistedPeers, stickyStopFailures, takenOnSilence, splitGroups, stuckAtPeer, unmanaged];
    return all[files.indexOf(file)]!.length === 1;
  };
  const each = files.flatMap((file) => damageNames.map((damage) => [file, damage] as const));

  it.each(each)('%s is %s, and there is no copy: it does not start without what is in it', async (file, damage) => {
    await write(file, contents[file]!);
    damages[damage]!(at(file));
    const records = await open();
    if (damage === harmless) expect(isRemembered(records, file)).toBe(true);
    else expectRefusal(records);
  });

  it.each(each)('%s is %s, beside a good copy: that is used and said, or it does not start', async (file, damage) => {
    await write(file, contents[file]!);
    await write(file, contents[file]!);
    damages[damage]!(at(file));
    const told: Problem[] = [];
    const records = await open(told);
    if (!records.ok) return expectRefusal(records);
    expect(isRemembered(records, file)).toBe(true);
    if (damage !== harmless) expect(told.map(({ code }) => code)).toEqual(['file-damaged-previous-used']);
  });

  it('any bit of one is changed, or it ends at any length: never read as something else', async () => {
    await write('failed-stops.json', groups);
    const good = fs.readFileSync(at('failed-stops.json'));
    for (let bit = 0; bit < good.length * 8; bit += 11) {
      const damaged = Buffer.from(good);
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
      fs.writeFileSync(at('failed-stops.json'), damaged);
      expect((await open()).ok, `bit ${bit}`).toBe(false);
    }
    for (let length = 0; length < good.length; length += 1) {
      fs.writeFileSync(at('failed-stops.json'), good.subarray(0, length));
      expect((await open()).ok, `${length} bytes`).toBe(false);
    }
  });
});

describe('what nothing depends on', () => {
  const log = () => {
    const codes: string[] = [];
    return { codes, write: (_level: unknown, { code }: Problem) => void codes.push(code) };
  };

  it.each(damageNames)('hostcache is %s: the node starts with the defaults', async (damage) => {
    const line = `node1\t${'ab'.repeat(16)}\t100\tberlin\n`;
    fs.writeFileSync(at('hostcache'), line);
    damages[damage]!(at('hostcache'));
    const cache = createHostCache({ stateDir: directory, nodes: ['node1', 'node2'], uuidOf: () => '', log: log() });
    expect(cache.placeOf('node1').weight).toBe(100);
  });

  it.each(damageNames)('the FIFO is %s: said, and the node goes on without it', (damage) => {
    fs.writeFileSync(at('fifo'), 'x');
    damages[damage]!(at('fifo'));
    const opened = openFifo(at('fifo'), { data: () => {}, failed: () => {} });
    if (opened.ok) opened.value.close();
    else expectRefusal(opened);
  });

  it.each(damageNames)('the journal is %s: a new segment begins, or the journal is lost and that is said', (damage) => {
    const path = at('journal');
    const options = { directory: path, maxBytes: 10_000, segments: 4, nowUs: () => 1, wallSeconds: () => 1 };
    fs.mkdirSync(path);
    fs.writeFileSync(join(path, 'journal-0000000007.ndjson'), 'x'.repeat(100));
    damages[damage]!(join(path, 'journal-0000000007.ndjson'));
    const problems: Problem[] = [];
    const journal = createJournal({ ...options, onProblem: (problem) => problems.push(problem) });
    journal.append({ kind: 'event', us: 1 });
    journal.flushSync();
    journal.close();
    expect(problems).toEqual([]);
    expect(fs.readFileSync(join(path, 'journal-0000000008.ndjson'), 'utf8')).toContain('"kind":"event"');
  });

  it('a file is where the journal should be: said once', () => {
    fs.writeFileSync(at('journal'), '');
    const problems: Problem[] = [];
    const options = { directory: at('journal'), maxBytes: 10_000, segments: 4, nowUs: () => 1, wallSeconds: () => 1 };
    const journal = createJournal({ ...options, onProblem: (problem) => problems.push(problem) });
    journal.append({ kind: 'event', us: 1 });
    journal.flushSync();
    journal.close();
    expect(problems.map(({ code }) => code)).toContain('file-wrong-type');
  });

  it.each(damageNames)('the pid files and nodeinfo are %s: as if they were not there', (damage) => {
    for (const name of ['heartbeat.pid', 'nodeinfo']) {
      fs.writeFileSync(at(name), '1234567');
      damages[damage]!(at(name));
    }
    expect(findDaemon(directory).state).not.toBe('running');
    expect(nodeNameIn(directory).length).toBeLessThan(5000);
  });

  it.each(damageNames)("the host's identity and its programs are %s: nobody is killed by mistake", async (damage) => {
    const files = hostFiles(directory);
    for (const path of [files.identity, files.services]) {
      fs.writeFileSync(path, JSON.stringify({ pid: process.pid, startTime: 1, processes: [] }));
      damages[damage]!(path);
    }
    if (damage !== harmless) expect(recordedHost(files)).toBeUndefined();
    expect(await createServiceRecord(files.services).endLeftovers()).toBe(0);
  });
});
