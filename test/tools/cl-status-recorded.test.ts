/**
 * test/data/heartbeat-3.0.6/answers.json holds what cl_status of a real Heartbeat 3.0.6 answered on a real pair
 * (test/lab/record-heartbeat3.ts records it). Ours must give the same words and exit codes in the same situation. Its ping
 * node is left out here, and nodes and links are compared without their order: 3.0.6 lists them as it keeps them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/core/config/parse-configuration.ts';
import { success } from '../../src/core/result.ts';
import type { NodeReport, StatusReport } from '../../src/protocol/status.ts';
import { runClStatus } from '../../src/tools/cl-status.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy } from './fixtures.ts';
import { run } from './run-command.ts';

interface Answer {
  readonly on: string;
  readonly when: string;
  readonly line: string;
  readonly code: number;
  readonly out: string;
}

const file = join(import.meta.dirname, '../data/heartbeat-3.0.6/answers.json');
const answers = (JSON.parse(readFileSync(file, 'utf8')) as Answer[]).filter(
  ({ line, on }) => line.startsWith('cl_status') && on === 'node1',
);

/** What ours says otherwise on purpose, and why. */
const differences: Readonly<Record<string, string>> = {
  'clientstatus node2 ipfail 100': 'whether 3.0.6 hears the other node within 100 ms is a matter of luck',
  'hbparameter -p compression': 'unset here: nothing is compressed unless ha.cf says so',
};

const haCf = `logfile /var/log/ha-log
debugfile /var/log/ha-debug
keepalive 500ms
deadtime 5
warntime 2
initdead 12
deadping 6
udpport 694
bcast eth0
bcast eth1
auto_failback off
node node1
node node2
`;

function parameters(): Readonly<Record<string, string>> {
  const texts = { haCf, haresources: 'node1 192.168.1.100/24/eth0\n', authkeys: 'auth 1\n1 sha1 recording-only-key\n' };
  const { configuration } = parseConfiguration(texts, { nodeName: 'node1', directory: '/etc/ha.d', sha256: () => '' });
  if (configuration === undefined) throw new Error('the recorded configuration is valid');
  return configuration.parameters;
}

const links = (up: boolean): NodeReport['links'] =>
  ['eth0', 'eth1'].map((device) => ({ link: `bcast/${device}`, device, up }));

function pair(status: 'active' | 'dead', resourceStatus: StatusReport['resourceStatus'], place = {}): StatusReport {
  const [node1, node2] = healthy.nodes as [NodeReport, NodeReport];
  const other = { ...node2, status, links: links(status === 'active'), ...place };
  return { ...healthy, resourceStatus, nodes: [{ ...node1, links: links(true) }, other] };
}

const situations: Readonly<Record<string, StatusReport | undefined>> = {
  stopped: undefined,
  joined: pair('active', 'local'),
  // The recording had called hb_setweight with rubbish in between: 0.
  'peer dead': pair('dead', 'all', { weight: 0 }),
  weight: pair('active', 'local', { weight: 50, site: 'cellar' }),
  standby: pair('active', 'none'),
};

const daemons: FakeDaemon[] = [];
const runDirs: Record<string, string> = { stopped: '/nonexistent/heartbeat' };

beforeAll(async () => {
  for (const [when, status] of Object.entries(situations)) {
    if (status === undefined) continue;
    const clientStatus = (args: unknown) => {
      const { node, client } = args as { node: string; client: string };
      const online = client === 'ipfail' && (node === 'node1' || when !== 'peer dead');
      return Promise.resolve(success({ state: online ? 'online' : 'offline' }));
    };
    const answered = { status: success(status), parameters: success(parameters()), clientStatus };
    const daemon = await startFakeDaemon(answered);
    daemons.push(daemon);
    runDirs[when] = daemon.runDir;
  }
});
afterAll(async () => void (await Promise.all(daemons.map((daemon) => daemon.end()))));

/** Without the ping node, the version's name, and the order. */
function comparable(text: string): string[] {
  const blocks = text
    .replace(/^.*192\.168\.1\.77.*\n/gm, '')
    .replace(/^(version:\t|Heartbeat version |Heartbeat parameter hbversion's value: )?3\.0\.6 \(.*\)$/gm, '$1VERSION')
    .replace(/^(version:\t|Heartbeat version |Heartbeat parameter hbversion's value: )?0\.1\.0 \(.*\)$/gm, '$1VERSION')
    .replace(/\(hb_api_signon: .*\)\n/, '(REASON)\n')
    .replace(/\(heartbeat is not running here.*\)\n/, '(REASON)\n')
    .split('\n');
  return blocks.filter((line) => line.trim() !== '' && !line.includes('this node has the following')).sort();
}

describe('cl_status beside Heartbeat 3.0.6', () => {
  it('is compared in every situation that was recorded', () => {
    expect(answers.length).toBeGreaterThan(250);
    expect(new Set(answers.map(({ when }) => when))).toEqual(new Set(Object.keys(situations)));
  });

  for (const when of Object.keys(situations)) {
    it(`${when}: the same words and exit codes`, async () => {
      const compared = answers.filter((answer) => answer.when === when && !answer.line.includes('192.168.1.77'));
      for (const { line, code, out } of compared) {
        const argv = line.split(' ').filter((word) => word !== '');
        if (differences[argv.slice(1).join(' ')] !== undefined) continue;
        const ours = await run((terminal) => runClStatus(argv.slice(1), terminal), {
          environment: { PAIRBEAT_RUN_DIR: runDirs[when] ?? '' },
        });
        const said = ours.out.startsWith('Usage:') ? 'usage' : ours.out;
        const context = `${line}: ${ours.out}${ours.error}`;
        expect.soft({ code: ours.code, out: comparable(said) }, context).toEqual({ code, out: comparable(out) });
      }
    });
  }
});
