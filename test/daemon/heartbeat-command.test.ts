import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../src/core/config/configuration.ts';
import { failure, success } from '../../src/core/result.ts';
import { type HeartbeatServices, runHeartbeatCommand } from '../../src/daemon/command-line.ts';
import { readHeartbeatOptions } from '../../src/daemon/heartbeat-options.ts';
import type { ReloadReport } from '../../src/protocol/schemas.ts';
import { parseAdded } from '../core/config/parsing.ts';
import { expectGolden } from '../golden.ts';
import { temporaryDirectory } from '../tools/fake-daemon.ts';
import { healthy, parameters } from '../tools/fixtures.ts';
import { transcribe } from '../tools/run-command.ts';

const configuration = {
  directory: '/etc/ha.d',
  localNode: 'node1',
  nodes: ['node1', 'node2'],
  links: [
    { id: 'bcast/eth0', kind: 'bcast', device: 'eth0', port: 694 },
    { id: 'ucast/eth1/10.0.9.121', kind: 'ucast', device: 'eth1', port: 694, peerAddress: '10.0.9.121' },
    { id: 'mcast/eth0/225.0.0.1', kind: 'mcast', device: 'eth0', port: 694, group: '225.0.0.1', ttl: 1, loop: false },
  ],
  realtime: { enabled: true, priority: 1 },
  logging: { debug: 0 },
  parameters: { ...parameters, deadtime: '20' },
  digest: 'different',
} as unknown as Configuration;

let runDir: string;
let children: ChildProcess[];

beforeEach(() => {
  runDir = temporaryDirectory();
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(runDir, { recursive: true, force: true });
});

/** A living process that looks like the daemon, in the pid file. */
async function daemonProcess(
  pidFile = join(runDir, 'heartbeat.pid'),
  script = 'process.stdout.write("up"); setInterval(() => {}, 1000);',
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', script, 'heartbeat'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  writeFileSync(pidFile, `${child.pid}\n`);
  return child;
}

interface Recorded {
  readonly started: Configuration[];
  readonly signals: [number, string][];
}

async function heartbeat(
  line: string,
  changes: Partial<HeartbeatServices> = {},
  recorded: Recorded = { started: [], signals: [] },
) {
  let out = '';
  let error = '';
  const argv = [
    ...line.split(' ').filter((word) => word !== ''),
    '--run-dir',
    runDir,
    '--ha-dir',
    join(runDir, 'ha.d'),
  ];
  const code = await runHeartbeatCommand(argv, {
    startDaemon: (_options, started) => {
      recorded.started.push(started);
      return Promise.resolve(success(undefined));
    },
    startInBackground: () => {
      out += '(started in the background)\n';
      return Promise.resolve(0);
    },
    check: () => {
      out += '(checked)\n';
      return Promise.resolve(6);
    },
    load: () => Promise.resolve({ exitCode: 0, configuration }),
    daemon: {
      status: () => Promise.resolve(success(healthy)),
      reload: () => Promise.resolve(success(reloaded)),
      restart: () => Promise.resolve(success({ state: 'accepted' })),
    },
    directives: [
      { name: 'keepalive', default: '1', summary: 'interval of keepalives' },
      { name: 'deadtime', default: '30', summary: 'silence after which a node counts as dead' },
      { name: 'watchdog', summary: 'device' },
    ],
    version: '0.1.0',
    environment: {},
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    kill: (pid, signal) => {
      recorded.signals.push([pid, signal]);
      process.kill(pid, signal);
    },
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    ...changes,
  });
  return { code, out, error };
}

function golden(name: string, text: string): void {
  expectGolden(
    join(import.meta.dirname, 'golden', `${name}.txt`),
    text
      .replaceAll(runDir, '/run/heartbeat')
      .replaceAll(hostname().toLowerCase(), 'node1')
      .replaceAll(hostname(), 'node1'),
  );
}

const invalid: Partial<HeartbeatServices> = { load: () => Promise.resolve({ exitCode: 6 }) };

describe('heartbeat -s', () => {
  it('says in the words of 3.0.6 whether it runs, with the LSB code', async () => {
    expect(await heartbeat('-s')).toEqual({ code: 3, out: 'heartbeat is stopped. No process\n', error: '' });
    writeFileSync(join(runDir, 'heartbeat.pid'), '99999999\n');
    expect(await heartbeat('-s')).toEqual({ code: 1, out: 'heartbeat is stopped. No process\n', error: '' });
    const child = await daemonProcess();
    const name = hostname();
    expect(await heartbeat('-s')).toEqual({
      code: 0,
      out: `heartbeat OK [pid ${child.pid} et al] is running on ${name} [${name.toLowerCase()}]...\n`,
      error: '',
    });
  });

  it('finds the pid file of Heartbeat beside the run directory too', async () => {
    const beside = `${runDir}.pid`;
    await daemonProcess(beside);
    expect((await heartbeat('-s')).code).toBe(0);
    rmSync(beside);
  });

  it('does not take another program for heartbeat that has got its pid', async () => {
    writeFileSync(join(runDir, 'heartbeat.pid'), `${process.ppid}\n`);
    expect((await heartbeat('-s')).code).toBe(1);
  });
});

describe('heartbeat -k', () => {
  it('sends SIGTERM and returns when the process is gone, however long that takes', async () => {
    const slow =
      'process.on("SIGTERM", () => setTimeout(() => process.exit(0), 200)); process.stdout.write("up"); setInterval(() => {}, 1000);';
    const child = await daemonProcess(undefined, slow);
    const recorded: Recorded = { started: [], signals: [] };
    const answer = await heartbeat('-k', {}, recorded);
    expect(recorded.signals).toEqual([[child.pid, 'SIGTERM']]);
    expect((await heartbeat('-s')).code).toBe(1);
    golden('heartbeat-stop', transcribe('heartbeat -k', answer, { [String(child.pid)]: 'PID' }));
  });

  it('shows that it still waits', async () => {
    const child = await daemonProcess();
    let pauses = 0;
    const answer = await heartbeat('-k', {
      kill: () => {},
      pause: async () => {
        pauses += 1;
        if (pauses < 800) return;
        child.kill('SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    golden('heartbeat-stop-slow', transcribe('heartbeat -k', answer, { [String(child.pid)]: 'PID' }));
  });

  it('counts a process that has ended as gone although nobody has asked how it ended (a container without an init)', async () => {
    const program = '"$0" -e "setInterval(() => {}, 1000)" heartbeat & echo $!; exec sleep 60';
    const parent = spawn('sh', ['-c', program, process.execPath], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(parent);
    const pid = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
    );
    writeFileSync(join(runDir, 'heartbeat.pid'), `${pid}\n`);
    while ((await heartbeat('-s')).code !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await heartbeat('-k')).toMatchObject({ code: 0, error: '' });
  });

  it('has nothing to do where nothing runs', async () => {
    expect(await heartbeat('-k')).toEqual({ code: 0, out: 'heartbeat: already stopped.\n', error: '' });
  });

  it('exits with 4 when it is not permitted', async () => {
    const child = await daemonProcess();
    const answer = await heartbeat('-k', {
      kill: () => {
        throw Object.assign(new Error(), { code: 'EPERM' });
      },
    });
    golden('heartbeat-stop-refused', transcribe('heartbeat -k', answer, { [String(child.pid)]: 'PID' }));
    expect(answer.code).toBe(4);
  });
});

describe('heartbeat', () => {
  it('starts in the background, or with -f here, with -l and -d applied', async () => {
    expect(await heartbeat('')).toEqual({ code: 0, out: '(started in the background)\n', error: '' });
    const recorded: Recorded = { started: [], signals: [] };
    expect((await heartbeat('-f -l -dd', {}, recorded)).code).toBe(0);
    expect(recorded.started).toMatchObject([{ realtime: { enabled: false, priority: 1 }, logging: { debug: 2 } }]);
  });

  it('does nothing when it runs already', async () => {
    const child = await daemonProcess();
    expect(await heartbeat('-f')).toEqual({
      code: 0,
      out: `heartbeat: already running [pid ${child.pid}].\n`,
      error: '',
    });
  });

  it('does not start with a wrong configuration, and exits with 6', async () => {
    expect(await heartbeat('', invalid)).toEqual({
      code: 6,
      out: '',
      error: 'heartbeat: not started: configuration error.\n',
    });
  });

  it.each([
    ['port-forbidden', { device: 'eth0', port: 694 }, 4],
    ['run-directory-unusable', { directory: '/run/heartbeat', error: 'EACCES' }, 4],
    ['port-in-use', { device: 'eth0', port: 694 }, 1],
    ['already-running', { path: '/run/heartbeat/status.sock' }, 0],
  ])('that cannot start because of %s exits with the LSB code', async (code, fields, expected) => {
    const answer = await heartbeat('-f', { startDaemon: () => Promise.resolve(failure(code, fields)) });
    expect(answer.code).toBe(expected);
    golden(`heartbeat-start-${code}`, transcribe('heartbeat -f', answer));
  });
});

/** What `reload` answers. */
const reloaded: ReloadReport = {
  dryRun: false,
  keysChanged: true,
  changes: [
    { sign: '-', line: 'deadtime 10s', effect: 'now' },
    { sign: '-', line: 'watchdog /dev/watchdog', effect: 'restart' },
    { sign: '+', line: 'deadtime 20s', effect: 'now' },
  ],
  groups: [
    { group: 'vip', change: 'changed', runsHere: true, stops: ['old'], restarts: ['httpd'], starts: ['10.0.0.2'] },
    { group: 'web', change: 'changed', runsHere: false, stops: [], restarts: [], starts: ['10.0.0.3'] },
    { group: 'db', change: 'removed', runsHere: true, stops: ['db'], restarts: [], starts: [] },
    { group: 'mail', change: 'new', runsHere: false, stops: [], restarts: [], starts: ['postfix'] },
  ],
};
const noRequests = {
  status: () => Promise.resolve(failure('daemon-not-running')),
  reload: () => Promise.resolve(failure('daemon-not-running')),
  restart: () => Promise.resolve(failure('daemon-not-running')),
};

describe('heartbeat -R', () => {
  it('returns when a daemon of another generation answers', async () => {
    await daemonProcess();
    let asked = 0;
    const daemon = {
      ...noRequests,
      status: () => Promise.resolve(success({ ...healthy, generation: ++asked < 4 ? 7 : 8 })),
      restart: () => Promise.resolve(success({ state: 'accepted' })),
    };
    const answer = await heartbeat('-R', { daemon });
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('goes on running') });
    expect(asked).toBe(4);
  });

  it('changes nothing when the files are wrong, or the daemon will not', async () => {
    await daemonProcess();
    expect(await heartbeat('-R', invalid)).toMatchObject({ code: 6 });
    const daemon = {
      ...noRequests,
      status: () => Promise.resolve(success(healthy)),
      restart: () => Promise.resolve(failure('restart-not-covered', { deadtimeMs: 300 })),
    };
    expect(await heartbeat('-R', { daemon })).toMatchObject({ code: 1, error: expect.stringContaining('hb_standby') });
  });
});

describe('heartbeat -r', () => {
  it('has the daemon read its files again, and says what is different now', async () => {
    await daemonProcess();
    const answer = await heartbeat('-r');
    golden('heartbeat-reload', transcribe('heartbeat -r', answer));
    expect(answer.code).toBe(0);
  });

  it('has nothing to do for the configuration that runs already', async () => {
    await daemonProcess();
    const same = { ...reloaded, changes: [], groups: [], keysChanged: false };
    const daemon = { ...noRequests, reload: () => Promise.resolve(success(same)) };
    expect(await heartbeat('-r', { daemon })).toEqual({
      code: 0,
      out: 'Nothing differs: the running daemon has this configuration already.\n',
      error: '',
    });
  });

  it('exits with the code of a configuration error when the daemon refuses, with 4 when this user may not', async () => {
    await daemonProcess();
    const refusing = (code: string) => ({ ...noRequests, reload: () => Promise.resolve(failure(code, { errors: 1 })) });
    expect((await heartbeat('-r', { daemon: refusing('reload-refused') })).code).toBe(6);
    expect((await heartbeat('-r', { daemon: refusing('root-rights-needed') })).code).toBe(4);
  });

  it('leaves the running daemon alone when the files are wrong', async () => {
    await daemonProcess();
    const recorded: Recorded = { started: [], signals: [] };
    const answer = await heartbeat('-r', invalid, recorded);
    expect(answer).toMatchObject({ code: 6, error: expect.stringContaining('keeps the configuration it has') });
    expect(recorded.signals).toEqual([]);
  });

  it('starts where nothing runs', async () => {
    expect((await heartbeat('-r')).out).toBe('(started in the background)\n');
  });
});

describe('the other options', () => {
  it('print version, defaults, what is in effect, and the check', async () => {
    let text = '';
    const whole = parseAdded('respawn root /bin/true a\nwatchdog /dev/null\nenv A=1\nudpport 701\nbcast eth1\n')
      .configuration!;
    const load = () => Promise.resolve({ exitCode: 0, configuration: whole });
    for (const line of ['-V', '-D', '-D -W', '-v', '-t'])
      text += transcribe(`heartbeat ${line}`, await heartbeat(line, { load }));
    golden('heartbeat-print', text);
  });

  it('are refused where they are wrong or would do harm if ignored', async () => {
    let text = '';
    for (const line of ['-x', '-k -s', 'start', '--run-dir=', '-M', '-C all'])
      text += transcribe(`heartbeat ${line}`, await heartbeat(line));
    golden('heartbeat-usage', text);
  });

  it('may be joined, and directories are made absolute', () => {
    const options = readHeartbeatOptions(['-fld', '--state-dir', 'state'], { PAIRBEAT_HA_DIR: '/srv/ha.d' });
    expect(options).toMatchObject({
      ok: true,
      value: {
        action: 'start',
        foreground: true,
        realtime: false,
        debug: 1,
        directories: { haDir: '/srv/ha.d', stateDir: join(process.cwd(), 'state'), runDir: '/run/heartbeat' },
      },
    });
  });
});
