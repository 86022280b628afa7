import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { success } from '../../src/core/result.ts';
import { runClStatus } from '../../src/tools/cl-status.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy, parameters, troubled } from './fixtures.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

let well: FakeDaemon;
let ill: FakeDaemon;
let silent: FakeDaemon;

beforeAll(async () => {
  const clientStatus = success({ state: 'offline' });
  well = await startFakeDaemon({ status: success(healthy), parameters: success(parameters), clientStatus });
  ill = await startFakeDaemon({ status: success(troubled), parameters: success(parameters), clientStatus });
  silent = await startFakeDaemon({ status: () => new Promise(() => {}) });
});
afterAll(async () => {
  await Promise.all([well.end(), ill.end(), silent.end()]);
});

const clStatus = (daemon: { readonly runDir: string }, line: string) =>
  run(
    (terminal) =>
      runClStatus(
        line.split(' ').filter((word) => word !== ''),
        terminal,
      ),
    {
      environment: { PAIRBEAT_RUN_DIR: daemon.runDir },
    },
  );

async function transcriptOf(daemon: { readonly runDir: string }, lines: readonly string[]): Promise<string> {
  let text = '';
  for (const line of lines) {
    text += transcribe(`cl_status ${line}`.trim(), await clStatus(daemon, line), { [daemon.runDir]: '/run/heartbeat' });
  }
  return text;
}

const everySubcommand = [
  'hbstatus',
  'hbstatus -m',
  'hbstatus -v',
  'hbstatus -m -v',
  'listnodes',
  'listnodes -m',
  'listnodes -n',
  'listnodes -p',
  'listnodes -v',
  'listnodes -mv',
  'nodestatus node1',
  'nodestatus node2',
  'nodestatus -m node1',
  'nodestatus NODE1 -m',
  'nodetype node2',
  'nodetype -m node2',
  'nodeweight node2',
  'nodeweight -m node2',
  'nodesite node2',
  'nodesite -m node2',
  'listhblinks node2',
  'listhblinks -m node2',
  'listhblinks -v node2',
  'listhblinks node1 -v',
  'hblinkstatus node2 eth0',
  'hblinkstatus -m node2 eth1',
  'hblinkstatus node1 eth0',
  'hblinkstatus node2 ucast/eth1/10.0.9.121',
  'clientstatus node2 ipfail',
  'clientstatus node2 ipfail 100',
  'rscstatus',
  'rscstatus -m',
  'hbparameter -p keepalive',
  'hbparameter -m -p deadtime',
  'hbparameter -p hbversion',
  'hbparameter -p watchdog',
];

const mistakes = [
  '',
  'bogus',
  'nodestats node1',
  '--help',
  'nodestatus',
  'nodestatus nosuch',
  'nodestatus -x node1',
  'nodetype nosuch',
  'listhblinks nosuch',
  'hblinkstatus node2',
  'hblinkstatus node2 eth9',
  'clientstatus node2',
  'clientstatus nosuch x',
  'hbparameter',
  'hbparameter -p nosuch',
  'parameter -p keepalive',
];

describe('cl_status', () => {
  it('answers every sub-command of a healthy pair as 3.0.6 does', async () => {
    expectGolden('cl_status-healthy', await transcriptOf(well, everySubcommand));
  });

  it('answers "no" with exit code 1 where something is down', async () => {
    expectGolden(
      'cl_status-troubled',
      await transcriptOf(
        ill,
        everySubcommand.filter((line) => !line.includes('10.0.9.121')),
      ),
    );
  });

  it('says what is wrong with a call, with the exit code of 3.0.6', async () => {
    expectGolden('cl_status-mistakes', await transcriptOf(well, mistakes));
  });

  it('answers without a daemon', async () => {
    const nowhere = { runDir: '/nonexistent/heartbeat' };
    expectGolden(
      'cl_status-stopped',
      await transcriptOf(nowhere, [
        'hbstatus',
        'hbstatus -m',
        'hbstatus -v',
        'nodestatus node1',
        'rscstatus',
        'hbparameter -p keepalive',
      ]),
    );
  });

  it('exits with 12 when the daemon does not answer in time', async () => {
    const answer = await clStatus(silent, 'clientstatus node1 x 20');
    expect(answer).toMatchObject({ code: 12, out: '' });
    expect(answer.error).toContain('did not answer within 20 ms');
  });

  it('takes the run directory as an option too', async () => {
    const answer = await run((terminal) => runClStatus(['hbstatus', '--run-dir', well.runDir], terminal));
    expect(answer).toMatchObject({ code: 0, out: 'Heartbeat is running on this machine.\n' });
  });
});
