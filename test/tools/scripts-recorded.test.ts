/**
 * Heartbeat's own scripts as recorded on a real pair (see cl-status-recorded.test.ts): ours under the same names print the
 * same answers and end with the same codes, except where the original ends with 0 although it did nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupConfiguration, ResourceConfiguration } from '../../src/core/config/configuration.ts';
import { failure, success } from '../../src/core/result.ts';
import { groupKey, nodeName } from '../../src/core/types.ts';
import { type HandoverCommand, runHandover } from '../../src/tools/handover.ts';
import { type NodeCommandName, runNodeCommand } from '../../src/tools/node-tools.ts';
import {
  type ResourceServices,
  runMachDown,
  runReqResource,
  runResourceManager,
} from '../../src/tools/resource-manager.ts';
import type { Terminal } from '../../src/tools/terminal.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy } from './fixtures.ts';
import { run } from './run-command.ts';

interface Answer {
  readonly when: string;
  readonly line: string;
  readonly code: number;
  readonly out: string;
}

const directory = '/usr/share/heartbeat/';
const file = join(import.meta.dirname, '../data/heartbeat-3.0.6/answers.json');
const answers = (JSON.parse(readFileSync(file, 'utf8')) as Answer[])
  .filter(({ line }) => line.startsWith(directory) && !line.includes(';'))
  .map((answer) => ({ ...answer, words: answer.line.slice(directory.length).split(' ').filter(Boolean) }));

/** The original says nothing, or of a mistake only that it is none: 0. Ours end with 1 and say what is wrong. */
const endWithOne = [
  ...['ResourceManager takegroup', 'ResourceManager givegroup', 'ResourceManager statgroup nosuch'],
  ...[
    'hb_setweight node2',
    'hb_setweight node2 abc',
    'hb_setweight nosuch 5',
    'hb_setsite node2',
    'hb_setsite nosuch attic',
  ],
  ...['req_resource', 'req_resource nosuch', 'mach_down', 'mach_down nosuch'],
];
/** `status` without a word: 3 there, usage here. `statgroup` prints nothing there. */
const otherwise = ['ResourceManager status', 'ResourceManager statgroup 192.168.1.100/24/eth0'];

let daemon: FakeDaemon;
beforeAll(async () => {
  const refused = failure('node-unknown', { node: 'nosuch', nodes: 'node1 node2' });
  const done = success({ state: 'accepted' });
  daemon = await startFakeDaemon({ status: success(healthy), setNode: refused, standby: done, takeover: done });
});
afterAll(() => daemon.end());

const resource = (written: string): ResourceConfiguration => ({ written, kind: 'script', type: written, args: [] });
const groups: readonly GroupConfiguration[] = [
  ['node1', '192.168.1.100/24/eth0', 'httpd'],
  ['node2', '192.168.1.101/24/eth0'],
].map(([owner = '', ...words], index) => ({
  ...{ key: groupKey(words[0] ?? ''), index },
  owner: nodeName(owner),
  resources: words.map(resource),
}));

function services(when: string): ResourceServices {
  const running = when === 'joined' ? ['192.168.1.100/24/eth0', 'httpd'] : [];
  return {
    loadGroups: () => Promise.resolve(success({ self: 'node1', groups })),
    status: (_directories, { written }) =>
      Promise.resolve({ outcome: running.includes(written) ? 'running' : 'not-running' }),
    stop: () => Promise.resolve({ outcome: 'done' }),
    resourceNamed: (word) => resource(word),
  };
}

function command(words: readonly string[], when: string, terminal: Terminal): Promise<number> {
  const [name = '', ...argv] = words;
  if (name === 'ResourceManager') return runResourceManager(argv, terminal, services(when));
  if (name === 'req_resource') return runReqResource(argv, terminal, services(when));
  if (name === 'mach_down') return runMachDown(argv, terminal);
  if (name === 'hb_standby' || name === 'hb_takeover') return runHandover(name as HandoverCommand, argv, terminal);
  return runNodeCommand(name as NodeCommandName, argv, terminal);
}

describe("Heartbeat's scripts", () => {
  it('are all compared', () => {
    expect(answers.length).toBeGreaterThan(50);
    const lines = answers.map(({ words }) => words.join(' '));
    expect([...endWithOne, ...otherwise].filter((line) => !lines.includes(line))).toEqual([]);
  });

  it.each(answers)('$when: $line', async ({ when, words, code, out }) => {
    const line = words.join(' ');
    const environment = { PAIRBEAT_RUN_DIR: daemon.runDir };
    const ours = await run((terminal) => command(words, when, terminal), { environment });
    if (otherwise.includes(line)) return expect(ours.out + ours.error).not.toBe('');
    if (endWithOne.includes(line)) return expect({ was: code, is: ours.code }).toEqual({ was: 0, is: 1 });
    expect(ours.code, ours.error).toBe(code);
    if (words[0] === 'ResourceManager' && code === 0) expect(ours.out).toBe(out);
  });
});
