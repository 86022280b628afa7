import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/result.ts';
import { createHostCache, parseHostCache } from '../../src/daemon/host-cache.ts';
import { realFileOperations } from '../../src/io/file-operations.ts';

const uuids: Record<string, string> = { node1: '11'.repeat(16), node2: '22'.repeat(16) };
const line1 = 'node1\t11111111-1111-1111-1111-111111111111\t100\t\n';
const line2 = 'node2\t22222222-2222-2222-2222-222222222222\t50\tcellar\n';
let stateDir: string;
let logged: Problem[];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'pairbeat-state-'));
  logged = [];
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const file = (name: string) => readFileSync(join(stateDir, name), 'utf8');
const cache = (uuidOf = (node: string) => uuids[node] ?? '', files = realFileOperations) =>
  createHostCache({
    ...{ stateDir, nodes: ['node1', 'node2'], uuidOf, files },
    log: { write: (_level, problem) => void logged.push(problem) },
  });
const told = (fields: Record<string, string>) => ({ fields, formerStatus: '' });

describe('weight and site of the nodes', () => {
  it('are what Heartbeat has where nobody has told them', () => {
    expect(cache().placeOf('node2')).toEqual({ weight: 100, site: '' });
  });

  it('are learned from the messages, kept in the form of Heartbeat, and read again', async () => {
    const first = cache();
    first.told(told({ t: 'setweight', node: 'NODE2', weight: '50', src: 'node1' }));
    first.told(told({ t: 'setsite', node: 'node2', site: 'cellar', src: 'node1' }));
    await first.settled();
    expect(file('hostcache')).toBe(line1 + line2);
    expect(cache(() => '').placeOf('node2')).toEqual({ weight: 50, site: 'cellar' });
  });

  it.each([
    { t: 'setweight', node: 'node3', weight: '5' },
    { t: 'setweight', node: 'node2', weight: 'abc' },
    { t: 'setweight', node: 'node2', weight: '9999999' },
    { t: 'setsite', node: 'node2', site: 'two words' },
    { t: 'setsite', node: 'node2', site: 'tab\tbed' },
    { t: 'hello', node: 'node2', weight: '5' },
  ])('are not changed by %j', async (fields) => {
    const host = cache();
    host.told(told(fields));
    await host.settled();
    expect(host.placeOf('node2')).toEqual({ weight: 100, site: '' });
    expect(() => file('hostcache')).toThrow('ENOENT');
  });

  it('go with a removed node, and it is no longer removed once it is heard', async () => {
    writeFileSync(join(stateDir, 'hostcache'), line1 + line2);
    const host = cache();
    host.remove('node2');
    await host.settled();
    expect([file('hostcache'), file('delhostcache').split('\t')[0]]).toEqual([line1, 'node2']);
    expect(host.placeOf('node2')).toEqual({ weight: 100, site: '' });
    host.told(told({ t: 'status', src: 'node2', st: 'dead' }));
    await host.settled();
    expect(file('delhostcache')).not.toBe('');
    host.told(told({ t: 'status', src: 'node2', st: 'active' }));
    await host.settled();
    expect([file('hostcache').includes('node2'), file('delhostcache')]).toEqual([true, '']);
  });

  it('survive a disk that is full, with a word in the log', async () => {
    const full = {
      ...realFileOperations,
      rename: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC' })),
    };
    const host = cache(undefined, full);
    host.told(told({ t: 'setweight', node: 'node2', weight: '7' }));
    await host.settled();
    expect(host.placeOf('node2').weight).toBe(7);
    expect(logged.map(({ code }) => code)).toEqual(['disk-full', 'disk-full']);
  });
});

describe('a host cache that somebody wrote', () => {
  it('may leave out weight and site; what is not a line of it is counted', () => {
    const text = `${line2}Node3\t33333333333333333333333333333333\nnode4\tshort\t5\n\u0000\u0001\n\nnode5 no tabs\n`;
    const { entries, ignored } = parseHostCache(text);
    expect(entries.map(({ name, place }) => [name, place.weight, place.site])).toEqual([
      ['node2', 50, 'cellar'],
      ['node3', 100, ''],
    ]);
    expect(ignored).toBe(3);
  });

  it('is complained about once and used as far as it goes', () => {
    writeFileSync(join(stateDir, 'hostcache'), `nonsense\n${line2}`);
    expect(cache().placeOf('node2').weight).toBe(50);
    expect(logged).toMatchObject([{ code: 'host-cache-unreadable', fields: { lines: 1 } }]);
  });
});
