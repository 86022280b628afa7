import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupConfiguration, ResourceConfiguration } from '../../src/core/config/configuration.ts';
import { failure, success } from '../../src/core/result.ts';
import { groupKey, nodeName } from '../../src/core/types.ts';
import {
  type ResourceServices,
  runMachDown,
  runReqResource,
  runResourceManager,
} from '../../src/tools/resource-manager.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy, troubled } from './fixtures.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

let well: FakeDaemon;
let other: FakeDaemon;
const nowhere = { runDir: '/nonexistent/heartbeat' };

beforeAll(async () => {
  const done = success({ state: 'done', durationMs: 12 });
  well = await startFakeDaemon({ status: success(healthy), standby: done, takeover: done });
  other = await startFakeDaemon({
    status: success(troubled),
    standby: failure('peer-not-there', { peer: 'node1' }),
    takeover: failure('peer-not-there', { peer: 'node1' }),
  });
});
afterAll(async () => {
  await Promise.all([well.end(), other.end()]);
});

const resource = (written: string): ResourceConfiguration => ({ written, kind: 'script', type: written, args: [] });
const group = (owner: string, ...words: string[]): GroupConfiguration => ({
  key: groupKey(words[0] ?? ''),
  index: 0,
  owner: nodeName(owner),
  resources: words.map(resource),
});
const groups = [group('node1', '192.168.1.100', 'httpd'), group('node2', '192.168.1.101', 'mailto')];

/** `httpd` runs, `mailto` does not say, the addresses do not run. */
function services(stopped: string[] = [], loads = true): ResourceServices {
  return {
    loadGroups: ({ haDir }) =>
      Promise.resolve(
        loads ? success({ self: 'node1', groups }) : failure('groups-not-known', { directory: haDir, errors: 2 }),
      ),
    status: (_directories, { written }) =>
      Promise.resolve(
        written === 'mailto'
          ? { outcome: 'unknown', reason: 'there is no script of that name' }
          : { outcome: written === 'httpd' ? 'running' : 'not-running' },
      ),
    stop: (_directories, { written }) => {
      stopped.push(written);
      return Promise.resolve(written === 'mailto' ? { outcome: 'failed', reason: 'no' } : { outcome: 'done' });
    },
    resourceNamed: (word, known) =>
      known.flatMap(({ resources }) => resources).find(({ written }) => written === word) ??
      (word.startsWith('/') ? undefined : resource(word)),
  };
}

async function transcriptOf(
  { runDir }: { readonly runDir: string },
  lines: readonly string[],
  provided = services(),
): Promise<string> {
  let text = '';
  for (const line of lines) {
    const [name = '', ...argv] = line.split(' ');
    const done = await run(
      (terminal) => {
        if (name === 'mach_down') return runMachDown(argv, terminal);
        return (name === 'req_resource' ? runReqResource : runResourceManager)(argv, terminal, provided);
      },
      { environment: { PAIRBEAT_RUN_DIR: runDir } },
    );
    text += transcribe(line, done, { [runDir]: '/run/heartbeat' });
  }
  return text;
}

const prefixed = (lines: readonly string[]) => lines.map((line) => `ResourceManager ${line}`.trim());

describe('ResourceManager', () => {
  it('answers questions as the original did, with or without a daemon', async () => {
    const questions = prefixed([
      ...['listkeys node1', 'listkeys NODE2', 'listkeys nosuch', 'allkeys', 'ourkeys', 'otherkeys'],
      ...['status httpd', 'status 192.168.1.101', 'status mailto', 'status nosuch', 'status /etc/passwd'],
      ...['statgroup 192.168.1.100', 'statgroup 192.168.1.200', 'verifyallidle'],
    ]);
    expectGolden('resource-manager-questions', await transcriptOf(nowhere, questions));
  });

  it('moves a group by asking the daemon, and nothing else', async () => {
    const before = well.asked.length;
    const lines = ['takegroup 192.168.1.100', 'givegroup 192.168.1.100', 'givegroup httpd', 'takegroup nosuch'];
    expectGolden('resource-manager-moves', await transcriptOf(well, prefixed(lines)));
    const moves = well.asked.slice(before).filter(({ verb }) => verb !== 'status');
    const asked = { verb: 'standby', args: { scope: 'all', groups: ['192.168.1.100'], wait: true } };
    expect(moves.map(({ verb, args }) => ({ verb, args }))).toEqual([asked, asked]);
  });

  it('ends with 1 and the reason when the daemon refuses', async () => {
    const lines = ['takegroup 192.168.1.101', 'givegroup 192.168.1.100'];
    expectGolden('resource-manager-refused', await transcriptOf(other, prefixed(lines)));
  });

  it('starts nothing without a daemon; stops a group when told twice', async () => {
    const stopped: string[] = [];
    const lines = prefixed([
      ...['takegroup 192.168.1.100', 'takegroup 192.168.1.100 --force', 'givegroup 192.168.1.100'],
      ...['givegroup 192.168.1.100 --force', 'givegroup 192.168.1.101 --force', 'givegroup nosuch --force'],
    ]);
    expectGolden('resource-manager-alone', await transcriptOf(nowhere, lines, services(stopped)));
    expect(stopped).toEqual(['httpd', '192.168.1.100', 'mailto']);
  });

  it('says what is wrong with a call, with 1 as the original', async () => {
    const lines = [
      '',
      'bogus',
      'takegrp x',
      'status',
      'takegroup',
      'allkeys x',
      'status a b',
      '--help',
      '-x',
      'status -x',
    ];
    expectGolden('resource-manager-usage', await transcriptOf(nowhere, prefixed(lines)));
    const broken = await transcriptOf(nowhere, prefixed(['allkeys', 'status httpd']), services([], false));
    expectGolden('resource-manager-broken', broken);
  });
});

describe('req_resource and mach_down', () => {
  it('ask for a group, and tell of a dead node', async () => {
    const lines = ['req_resource httpd', 'req_resource nosuch', 'req_resource', 'mach_down node2', 'mach_down nosuch'];
    expectGolden('req-resource', await transcriptOf(well, [...lines, 'mach_down', 'mach_down --help']));
    const troubledLines = ['mach_down NODE1', 'req_resource 192.168.1.100', 'req_resource 192.168.1.101'];
    expectGolden('req-resource-troubled', await transcriptOf(other, troubledLines));
    expectGolden('req-resource-stopped', await transcriptOf(nowhere, ['mach_down node2', 'req_resource httpd']));
  });
});
