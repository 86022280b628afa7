/** The built `heartbeat` as real processes: how it starts, is asked, and ends. Loopback only, one node. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../../src/client/connection.ts';
import type { HeartbeatOptions } from '../../src/daemon/heartbeat-options.ts';
import { heartbeatServices } from '../../src/daemon/heartbeat-services.ts';
import { findDaemon } from '../../src/daemon/running-daemon.ts';
import { temporaryDirectory } from '../tools/fake-daemon.ts';

const bin = join(import.meta.dirname, '../../dist/src/bin');

let directory: string;
let runDir: string;
let port: number;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  directory = temporaryDirectory();
  runDir = join(directory, 'run');
  port = await freePort();
  mkdirSync(join(directory, 'ha.d/resource.d'), { recursive: true });
  configure();
  const marker = join(directory, 'runs');
  const script = `#!/bin/sh\ncase $1 in\nstart) : > ${marker};;\nstop) rm -f ${marker};;\nstatus) [ -e ${marker} ] && echo running || echo stopped;;\nesac\n`;
  writeFileSync(join(directory, 'ha.d/resource.d/marker'), script, { mode: 0o755 });
});

afterEach(async () => {
  const hosts = livingHosts();
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  children.clear();
  const daemon = findDaemon(runDir);
  for (const pid of [...hosts, ...(daemon.state === 'running' ? [daemon.pid] : [])]) killIfAlive(pid);
  rmSync(directory, { recursive: true, force: true });
  rmSync(`${runDir}.pid`, { force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

function configure(link = `mcast lo 225.0.0.77 ${port} 0 1`): void {
  const timing = 'keepalive 100ms\ndeadtime 3\nwarntime 500ms\ninitdead 3\n';
  const haCf = `${timing}realtime off\nudpport ${port}\n${link}\nauto_failback on\nnode node1 node2\n`;
  for (const [name, text] of [
    ['ha.cf', haCf],
    ['haresources', 'node1 marker\n'],
    ['authkeys', 'auth 1\n1 sha256 a-secret-of-some-length-4711\n'],
    ['nodeinfo', 'node1\n'],
  ] as const)
    writeFileSync(join(directory, 'ha.d', name), text);
  chmodSync(join(directory, 'ha.d/authkeys'), 0o600);
}

const directories = (): string[] => [
  ...['--ha-dir', join(directory, 'ha.d'), '--state-dir', join(directory, 'state')],
  ...['--run-dir', runDir],
];

function start(command: string, argv: readonly string[]): Started {
  const child = spawn(process.execPath, [join(bin, `${command}.js`), ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PAIRBEAT_RUN_DIR: runDir, NODE_OPTIONS: '' },
  });
  children.add(child);
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    error += String(chunk);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, error }));
  return { child, ended };
}

const heartbeat = (...letters: string[]): Started => start('heartbeat', [...letters, ...directories()]);

async function until<Value>(look: () => Value | Promise<Value>): Promise<NonNullable<Value>> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function status() {
  const answer = await ask(runDir, 'status', {});
  return answer.ok ? answer.value : undefined;
}

/** A daemon in the foreground, answering its tools. */
async function running(): Promise<Started & { readonly hostPid: number }> {
  const daemon = heartbeat('-f');
  const { hostPid } = await until(status);
  await until(() => existsSync(join(runDir, 'heartbeat.pid')));
  return { ...daemon, hostPid };
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

function livingHosts(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && commandOf(pid).includes(runDir) && commandOf(pid).includes('agent-host.js'));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port: found } = socket.address();
  socket.close();
  return found;
}

const nobodyIsAsked = (): Promise<never> => Promise.reject(new Error('nobody is asked'));
const nobody = { status: nobodyIsAsked, reload: nobodyIsAsked, restart: nobodyIsAsked };

describe('heartbeat -f', () => {
  it('runs, is asked, and leaves nothing behind after SIGTERM', async () => {
    const { child, ended, hostPid } = await running();
    expect(await start('cl_status', ['hbstatus']).ended).toMatchObject({
      code: 0,
      out: 'Heartbeat is running on this machine.\n',
    });
    expect(readFileSync(join(runDir, 'heartbeat.pid'), 'utf8')).toBe(`${child.pid}\n`);
    expect(readFileSync(`${runDir}.pid`, 'utf8')).toBe(`${child.pid}\n`);
    expect(livingHosts()).toEqual([hostPid]);
    // Nobody else is there: after initdead the node starts what it owns.
    await until(() => existsSync(join(directory, 'runs')));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    expect(existsSync(join(directory, 'runs'))).toBe(false);
    await until(() => !isAlive(hostPid));
    expect([join(runDir, 'heartbeat.pid'), `${runDir}.pid`].filter(existsSync)).toEqual([]);
    expect(readdirSync(runDir).filter((name) => name.endsWith('.sock'))).toEqual([]);
    expect(await heartbeat('-s').ended).toMatchObject({ code: 3 });
  });

  it('goes on when nobody reads its output any more', async () => {
    const { child, ended } = await running();
    child.stderr?.destroy();
    child.stdout?.destroy();
    for (let number = 0; number < 3; number++) {
      child.kill('SIGHUP');
      expect(await status()).toBeDefined();
    }
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('does not start with a broken ha.cf, and exits with 6', async () => {
    configure('mcast lo 225.0.0.77');
    const { code, error } = await heartbeat('-f').ended;
    expect(code).toBe(6);
    expect(error).toContain('heartbeat: not started: configuration error.');
    expect(livingHosts()).toEqual([]);
  });

  it('whose port is in use says so and ends, and so does its host', async () => {
    const other = createSocket('udp4');
    other.bind(port, '0.0.0.0');
    await once(other, 'listening');
    const { code, error } = await heartbeat('-f').ended;
    other.close();
    expect(code).toBe(1);
    expect(error).toContain('heartbeat: not started: ');
    await until(() => livingHosts().length === 0);
    expect(existsSync(join(runDir, 'heartbeat.pid'))).toBe(false);
  });

  it('whose device is missing ends with an error', async () => {
    configure(`mcast nosuch0 225.0.0.77 ${port} 0 1`);
    const { code, error } = await heartbeat('-f').ended;
    expect(code).not.toBe(0);
    expect(error).toContain('nosuch0');
    await until(() => livingHosts().length === 0);
  });

  it('whose control socket cannot be made ends with an error, and so does its host', async () => {
    mkdirSync(join(runDir, 'oper.sock'), { recursive: true });
    const { code, error } = await heartbeat('-f').ended;
    expect(code).toBe(1);
    expect(error).toContain('oper.sock exists and is not a socket');
    await until(() => livingHosts().length === 0);
  });

  it('does not start on records that it cannot read', async () => {
    const first = await running();
    first.child.kill('SIGTERM');
    await first.ended;
    writeFileSync(join(directory, 'state/failed-stops.json'), 'not what heartbeat writes\n');
    const { code, error } = await heartbeat('-f').ended;
    expect(code).toBe(1);
    expect(error).toContain('failed-stops.json');
  });
});

describe('a second daemon in the same run directory', () => {
  it('says that one is already running', async () => {
    const first = await running();
    expect(await heartbeat('-f').ended).toMatchObject({
      code: 0,
      out: `heartbeat: already running [pid ${first.child.pid}].\n`,
    });
  });

  it('takes nothing away from the first one, also where the pid files are missing', async () => {
    const first = await running();
    const before = await until(status);
    rmSync(join(runDir, 'heartbeat.pid'));
    rmSync(`${runDir}.pid`);
    const second = await heartbeat('-f').ended;
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('already running') });
    const after = await until(status);
    expect([after.pid, after.hostPid, after.alarms]).toEqual([first.child.pid, first.hostPid, []]);
    expect(before.pid).toBe(after.pid);
    // The next life of the first one has the next generation: none was used up.
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    const next = await running();
    expect((await until(status)).generation).toBe(after.generation + 1);
    next.child.kill('SIGTERM');
    await next.ended;
  });
});

describe('heartbeat in the background', () => {
  it('returns when the daemon is up, and -k when it is gone', async () => {
    expect(await heartbeat('-l').ended).toMatchObject({ code: 0 });
    expect(await status()).toBeDefined();
    expect(await heartbeat('-s').ended).toMatchObject({ code: 0 });
    expect(await heartbeat('-k').ended).toMatchObject({ code: 0 });
    expect(await heartbeat('-s').ended).toMatchObject({ code: 3 });
    await until(() => livingHosts().length === 0);
  });

  it.each([
    [5, 5],
    [0, 1],
  ])('reports a daemon that ends at once with %i as %i', async (exitCode, expected) => {
    const script = join(directory, 'heartbeat.mjs');
    writeFileSync(script, `process.exit(${exitCode});\n`);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const options: HeartbeatOptions = {
      ...{ action: 'start', foreground: false, realtime: false, debug: 1, wiki: false },
      directories: { haDir: directory, stateDir: directory, runDir, logDir: directory },
    };
    const services = heartbeatServices(script, nobody);
    const code = await services.startInBackground(options);
    const text = said.mock.calls.join('');
    said.mockRestore();
    expect(code).toBe(expected);
    expect(text).toContain('it ended as soon as it was started');
  });

  it('hands its options on', async () => {
    const script = join(directory, 'heartbeat.mjs');
    const heard = join(directory, 'heard');
    const program = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(heard)}, JSON.stringify([process.cwd(), ...process.argv.slice(2)]));`;
    writeFileSync(script, `${program}\n`);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await heartbeatServices(script, nobody).startInBackground({
      ...{ action: 'start', foreground: false, realtime: false, debug: 2, wiki: false },
      directories: { haDir: '/a', stateDir: '/b', runDir, logDir: '/d' },
    });
    said.mockRestore();
    const expected = ['/', '-f', '-l', '-d', '-d', '--ha-dir', '/a', '--state-dir', '/b', '--run-dir', runDir];
    expect(JSON.parse(readFileSync(heard, 'utf8'))).toEqual(expected);
  });
});

describe('a reader that goes away early', () => {
  it.each([
    ['heartbeat', ['-D'], 0],
    ['heartbeat', ['-k'], 0],
    ['cl_status', ['hbstatus'], 1],
    ['pairbeat', ['--help'], 141],
    ['agent-face', ['IPaddr', 'meta-data'], 0],
  ])('gets no stack trace from %s %j', async (command, argv, expected) => {
    const { child, ended } = start(command, argv);
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: expected, out: '', error: '' });
  });

  it.each([
    ['heartbeat', ['-x'], 2],
    ['hb_standby', ['--help'], 1],
    ['hb_takeover', ['--help'], 1],
    ['cl_status', ['--help'], 11],
    ['pairbeat', ['nonsense'], 64],
    ['agent-face', ['nosuch'], 2],
  ])('of the errors of %s %j changes nothing', async (command, argv, expected) => {
    const { child, ended } = start(command, argv);
    child.stderr?.destroy();
    expect(await ended).toMatchObject({ code: expected });
  });
});
