import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { success } from '../../src/core/result.ts';
import { clStatusUsage, clSubcommandNames } from '../../src/tools/cl-status-text.ts';
import { runPairbeat } from '../../src/tools/pairbeat/pairbeat.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy, parameters } from './fixtures.ts';
import { run } from './run-command.ts';

let daemon: FakeDaemon;
const hostile = { ...healthy.groups[0]!, key: '$(touch /tmp/pairbeat-was-here)' };

beforeAll(async () => {
  const status = { ...healthy, groups: [...healthy.groups, hostile] };
  daemon = await startFakeDaemon({ status: success(status), parameters: success(parameters) });
});
afterAll(() => daemon.end());

const services = { version: '0' } as Parameters<typeof runPairbeat>[2];
const pairbeat = (...argv: string[]) =>
  run((terminal) => runPairbeat(argv, terminal, services), { environment: { PAIRBEAT_RUN_DIR: daemon.runDir } });

/** What bash would offer; the names of the pair come from a stand-in for the command. */
async function offered(line: string): Promise<string[]> {
  const { out: script } = await pairbeat('completion');
  const words = line.split(' ');
  const test = `${script}
_pairbeat_names() { case $1 in nodes) echo node1 node2;; groups) echo first second;; links) echo eth0;; *) echo deadtime;; esac; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
_pairbeat
printf '%s\\n' "\${COMPREPLY[@]}"
`;
  const done = spawnSync('bash', ['--norc', '-c', test], { encoding: 'utf8' });
  expect(done.stderr).toBe('');
  return done.stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it.each<[string, string[]]>([
    ['pairbeat st', ['status']],
    ['pairbeat status --w', ['--watch']],
    ['pairbeat cleanup s', ['second']],
    ['pairbeat help time', ['timeline']],
    ['cl_status node', ['nodestatus', 'nodetype', 'nodeweight', 'nodesite']],
    ['cl_status nodestatus n', ['node1', 'node2']],
    ['cl_status hbparameter -p dead', ['deadtime']],
    ['/usr/share/heartbeat/hb_standby f', ['foreign', 'failback']],
    ['ResourceManager take', ['takegroup']],
    ['ResourceManager takegroup f', ['first']],
    ['ResourceManager listkeys node2', ['node2']],
    ['mach_down node1', ['node1']],
    ['heartbeat -k', ['-k']],
  ])('%s', async (line, words) => {
    expect(await offered(line)).toEqual(words);
  });

  it('knows every sub-command of cl_status', () => {
    const used = [...clStatusUsage.matchAll(/^ {2}([a-z]+) NODE, ([a-z]+) NODE|^ {2}([a-z]+) /gm)];
    const names = used.flatMap(([, first, second, only]) => [first, second, only]).filter((name) => name !== undefined);
    expect([...clSubcommandNames].sort()).toEqual(names.sort());
  });
});

describe('names of the running pair', () => {
  it('are listed one a line, and only those that no shell can take for something else', async () => {
    expect(await pairbeat('completion', '--names', 'nodes')).toMatchObject({ code: 0, out: 'node1\nnode2\n' });
    expect((await pairbeat('completion', '--names', 'groups')).out).toBe('192.168.1.100\n');
    expect((await pairbeat('completion', '--names', 'links')).out).toBe('eth0\neth1\n');
    expect((await pairbeat('completion', '--names', 'parameters')).out).toContain('keepalive\n');
    expect((await pairbeat('completion', '--names', 'nonsense')).code).toBe(64);
  });
});
