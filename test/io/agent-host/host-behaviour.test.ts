/** What only the real agent host can show: processes, signals, files, sockets. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ResourceConfiguration } from '../../../src/core/config/configuration.ts';
import { groupKey, nodeName } from '../../../src/core/types.ts';
import { fenceMarker } from '../../../src/io/agent-host/fencing/fence-run.ts';
import { daemonMarker } from '../../../src/io/agent-host/fencing/fencer.ts';
import { encodeLine, hostProtocolVersion } from '../../../src/io/agent-host/host-messages.ts';
import type {
  AgentAction,
  AgentHost,
  FenceProbeResult,
  FenceResult,
  HostHello,
  InventoryEntry,
  OperationResult,
} from '../../../src/ports/agents.ts';
import { script } from '../../contract/agent-host-contract.ts';
import { isAlive, openRealHarness, type RealHarness, until } from './real-harness.ts';

interface Hand {
  readonly host: AgentHost;
  readonly hello: HostHello;
  readonly lost: string[];
  readonly ready: HostHello[];
  readonly acted: (readonly InventoryEntry[])[];
  readonly fenced: FenceResult[];
  readonly probed: FenceProbeResult[];
  run(action: AgentAction, resource: ResourceConfiguration, timeoutMs?: number): Promise<OperationResult>;
}

let harness: RealHarness;
beforeEach(async () => {
  harness = await openRealHarness();
});
afterEach(() => harness.close());

async function daemon(deadtimeMs = 60_000, marginMs = 1000): Promise<Hand> {
  const host = harness.createHost();
  const results = new Map<number, OperationResult>();
  const lost: string[] = [];
  const ready: HostHello[] = [];
  const acted: (readonly InventoryEntry[])[] = [];
  const fenced: FenceResult[] = [];
  const probed: FenceProbeResult[] = [];
  let ids = 0;
  const hello = await host.connect(
    { deadtimeMs, marginMs, realtime: false, realtimePriority: 1 },
    {
      result: (result) => void results.set(result.id, result),
      lost: (reason) => void lost.push(reason),
      ready: (again) => void ready.push(again),
      guardianActed: (inventory) => void acted.push(inventory),
      fenced: (result) => void fenced.push(result),
      fenceDeviceProbed: (result) => void probed.push(result),
    },
  );
  host.beat(harness.nowUs());
  return {
    host,
    hello,
    lost,
    ready,
    acted,
    fenced,
    probed,
    async run(action, resource, timeoutMs = 10_000) {
      ids += 1;
      const id = ids;
      host.run({ id, group: groupKey('g'), index: 0, resource, action, timeoutMs });
      await until(() => results.has(id));
      return results.get(id)!;
    },
  };
}

const noted = (name: string): string[] => readFileSync(join(harness.directory, name), 'utf8').trim().split('\n');

it('asks an R1 script for its status before a start, gives it its arguments, and does not start what runs', async () => {
  harness.install(
    'web',
    `#!/bin/sh\necho "$@" >> ${harness.directory}/calls\n[ "$3" = status ] && echo "web is running"\nexit 0\n`,
  );
  const hand = await daemon();
  const resource: ResourceConfiguration = { written: 'web::a::b', kind: 'script', type: 'web', args: ['a', 'b'] };
  expect(await hand.run('start', resource)).toMatchObject({ outcome: 'done', reason: 'it was running already' });
  expect(noted('calls')).toEqual(['a b status']);
});

it('calls an LSB script with the action alone', async () => {
  const file = join(harness.directory, 'init.d', 'httpd');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${harness.directory}/calls\n[ "$1" = status ] && exit 3\nexit 0\n`, {
    mode: 0o755,
  });
  const hand = await daemon();
  expect(await hand.run('start', { written: 'httpd::x', kind: 'script', type: 'httpd', args: ['x'] })).toMatchObject({
    outcome: 'done',
  });
  expect(noted('calls')).toEqual(['status', 'start']);
});

it('calls an OCF agent with its parameters in a clean environment', async () => {
  const file = join(harness.directory, 'ocf/resource.d/heartbeat', 'Thing');
  writeFileSync(
    file,
    `#!/bin/sh\necho "$@" >> ${harness.directory}/calls\nenv > ${harness.directory}/environment\n[ "$1" = monitor ] && exit 7\nexit 0\n`,
    { mode: 0o755 },
  );
  mkdirSync(join(harness.haDir, 'conf/OCF/Thing'));
  writeFileSync(join(harness.haDir, 'conf/OCF/Thing/one'), 'colour=light blue\n');
  const hand = await daemon();
  const resource: ResourceConfiguration = { written: 'OCF::Thing::one', kind: 'ocf', type: 'Thing', args: ['one'] };
  expect(await hand.run('start', resource)).toMatchObject({ outcome: 'done' });
  expect(await hand.run('status', resource)).toMatchObject({ outcome: 'not-running', exitCode: 7 });
  expect(noted('calls')).toEqual(['start', 'monitor']);
  const environment = noted('environment');
  expect(environment).toContain('OCF_RESKEY_colour=light blue');
  expect(environment).toContain('OCF_RESOURCE_INSTANCE=one');
  expect(environment).toContain('OCF_RESKEY_CRM_meta_timeout=10000');
  expect(environment).toContain(`HA_DIR=${harness.haDir}`);
  expect(environment).toContain('HA_TEST=yes');
  expect(environment.some((line) => line.startsWith('VITEST') || line.startsWith('HOME='))).toBe(false);
});

it('does not know the status of a resource whose script is missing, and names the places', async () => {
  const hand = await daemon();
  expect(await hand.run('status', script('nowhere'))).toMatchObject({ outcome: 'unknown' });
  expect(await hand.run('start', script('nowhere'))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('resource.d/nowhere'),
  });
});

it('ends what a dead host had in flight before it answers a daemon', async () => {
  harness.behave('web', 'start-hangs');
  const hand = await daemon();
  void hand.run('start', script('web')).catch(() => undefined);
  await until(() => harness.runs(script('web')));
  const record = readFileSync(join(harness.runDir, 'host-inventory.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .at(-1);
  const pid = record.process.pid as number;
  expect(isAlive(pid)).toBe(true);
  process.kill(hand.hello.hostPid, 'SIGKILL');
  await until(() => hand.ready.length > 0);
  expect(isAlive(pid)).toBe(false);
});

it('reports what a host left that died together with its daemon', async () => {
  const hand = await daemon();
  await hand.run('start', script('web'));
  hand.host.dismiss(true);
  process.kill(hand.hello.hostPid, 'SIGKILL');
  await until(() => !isAlive(hand.hello.hostPid));
  const next = await daemon();
  expect(next.hello).toMatchObject({ adopted: false, inventory: [{ state: 'unknown', resource: { type: 'web' } }] });
});

it('replaces a host that hangs, and only that very process', async () => {
  const hand = await daemon(1000, 100);
  const beating = setInterval(() => hand.host.beat(harness.nowUs()), 50);
  try {
    process.kill(hand.hello.hostPid, 'SIGSTOP');
    await until(() => hand.ready.length > 0);
    expect(hand.lost).toEqual(['the agent host hangs']);
    expect(isAlive(hand.hello.hostPid)).toBe(false);
    expect(hand.ready[0]!.hostPid).not.toBe(hand.hello.hostPid);
    expect(await hand.run('start', script('web'))).toMatchObject({ outcome: 'done' });
  } finally {
    clearInterval(beating);
  }
});

it('stops a group last resource first, and addresses before everything', async () => {
  for (const name of ['web', 'database'])
    harness.install(
      name,
      `#!/bin/sh\necho "${name} $2" >> ${harness.directory}/calls\n[ "$2" = status ] && echo stopped\nexit 0\n`,
    );
  const hand = await daemon(300, 30);
  for (const [index, name] of ['database', 'web'].entries()) {
    hand.host.run({
      id: 100 + index,
      group: groupKey('g'),
      index,
      resource: script(name),
      action: 'start',
      timeoutMs: 5000,
    });
  }
  await until(
    () =>
      existsSync(join(harness.directory, 'calls')) &&
      noted('calls').filter((line) => line.endsWith('stop')).length === 2,
  );
  expect(noted('calls').filter((line) => line.endsWith('stop'))).toEqual(['web stop', 'database stop']);
});

it('does not stop as guardian what a daemon that knows has started again meanwhile', async () => {
  for (const name of ['web', 'database'])
    harness.install(
      name,
      `#!/bin/sh\n[ "$2" = status ] && echo stopped\n[ "${name} $2" = "web stop" ] && sleep 0.3\necho "${name} $2" >> ${harness.directory}/calls\nexit 0\n`,
    );
  const hand = await daemon(1000, 30);
  const start = (id: number, index: number, name: string) =>
    hand.host.run({ id, group: groupKey('g'), index, resource: script(name), action: 'start', timeoutMs: 5000 });
  start(100, 0, 'database');
  start(101, 1, 'web');
  await until(() => hand.acted.length > 0);
  hand.host.beat(harness.nowUs());
  expect(await hand.run('start', script('database'))).toMatchObject({ outcome: 'done' });
  await until(() => noted('calls').includes('web stop'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(noted('calls').filter((line) => line.endsWith('stop'))).toEqual(['web stop']);
});

it('kills a start that is under way when it acts as guardian, and stops that resource too', async () => {
  harness.behave('web', 'start-hangs');
  const hand = await daemon(300, 30);
  const result = hand.run('start', script('web'), 60_000);
  expect(await result).toMatchObject({ outcome: 'timeout' });
  await until(() => !harness.runs(script('web')));
  await until(() => hand.acted.length > 0);
});

it('ends when its daemon is gone, the deadline has passed, and nothing is held', async () => {
  const hand = await daemon(300, 30);
  await hand.run('start', script('web'));
  hand.host.dismiss(true);
  await until(() => !isAlive(hand.hello.hostPid));
  expect(harness.runs(script('web'))).toBe(false);
  expect(noted('run/guardian.log').map((line) => JSON.parse(line).code)).toContain('guardian-acted');
});

it('ends at once when it is dismissed with nothing held', async () => {
  const hand = await daemon();
  hand.host.dismiss(false);
  await until(() => !isAlive(hand.hello.hostPid));
});

it('keeps trying a stop that fails while no daemon is there, stays, and tells the next one', async () => {
  const hand = await daemon(300, 30);
  await hand.run('start', script('web'));
  harness.behave('web', 'stop-fails');
  hand.host.dismiss(true);
  await until(() => readFileSync(join(harness.runDir, 'guardian.log'), 'utf8').includes('guardian-stop-failed'));
  expect(isAlive(hand.hello.hostPid)).toBe(true);
  const next = await daemon();
  expect(next.hello).toMatchObject({ adopted: true, guardianActed: true, inventory: [{ state: 'stop-failed' }] });
  harness.behave('web', 'normal');
  expect(await next.run('stop', script('web'))).toMatchObject({ outcome: 'done' });
});

it('is reachable for root alone', async () => {
  await daemon();
  expect(statSync(join(harness.runDir, 'host.sock')).mode & 0o777).toBe(0o600);
  expect(statSync(join(harness.runDir, 'host-inventory.ndjson')).mode & 0o777).toBe(0o600);
});

it('closes the door on a stranger who talks nonsense, and serves its daemon on', async () => {
  const hand = await daemon();
  for (const words of ['nonsense\n', '{"type":"run"}\n', '[]\n', `{"type":"hello","version":99}\n`, '\n']) {
    const socket = connect(join(harness.runDir, 'host.sock'));
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(words);
    await until(() => closed);
  }
  expect(await hand.run('status', script('web'))).toMatchObject({ outcome: 'not-running' });
  expect(hand.lost).toEqual([]);
});

it('logs a fault of its own, stops everything before it ends, and is replaced', async () => {
  const hand = await daemon();
  await hand.run('start', script('web'));
  hand.host.dismiss(true);
  // A message that its own daemon never sends: nothing but a fault makes the host fail.
  const settings = {
    haDir: harness.haDir,
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: join(harness.directory, 'agents'),
    environment: {},
    conflictCheck: true,
    stopTimeoutMs: 10_000,
  };
  const terms = { deadtimeMs: 60_000, marginMs: 1000, realtime: false, realtimePriority: 1 };
  const socket = connect(join(harness.runDir, 'host.sock'));
  socket.on('error', () => undefined);
  socket.write(encodeLine({ type: 'hello', version: hostProtocolVersion, terms, settings }));
  socket.write(encodeLine({ type: 'run' } as never));
  await until(() => !isAlive(hand.hello.hostPid));
  expect(harness.runs(script('web'))).toBe(false);
  const codes = noted('run/guardian.log').map((line) => JSON.parse(line).code);
  expect(codes).toEqual(['host-fault', 'guardian-acted']);
  expect((await daemon()).hello).toMatchObject({ adopted: false, inventory: [] });
});

it('answers the status of a script that lost its interpreter with unknown, a start with failed', async () => {
  harness.install('odd', '#!/no/such/interpreter\n');
  const hand = await daemon();
  expect(await hand.run('status', script('odd'))).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringContaining('ENOENT'),
  });
  expect(await hand.run('start', script('odd'))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('ENOENT'),
  });
});

it('keeps the operations of one resource in order and bounds how many wait', async () => {
  const hand = await daemon();
  harness.behave('web', 'start-hangs');
  const first = hand.run('start', script('web'), 1000);
  const others = Array.from({ length: 70 }, () => hand.run('status', script('web'), 1000));
  const outcomes = (await Promise.all(others)).map((result) => result.reason);
  expect(outcomes.filter((reason) => reason === 'too many operations are waiting')).toHaveLength(6);
  expect(await first).toMatchObject({ outcome: 'timeout' });
});

const attempt = (id: number) =>
  ({ attempt: id, device: 'fence_test', action: 'off', target: nodeName('node2'), timeoutMs: 60_000 }) as const;

/** An attempt under way whose device hangs: its process. */
async function hangingAttempt(host: AgentHost, id = 1): Promise<number> {
  harness.behaveFence('hangs');
  host.fence(attempt(id));
  await until(() => harness.hanging().length === id && isAlive(harness.hanging().at(-1)!));
  return harness.hanging().at(-1)!;
}

it('ends an attempt to fence with the daemon that wanted it, and switches nothing off after that', async () => {
  const gone = await daemon();
  await gone.run('start', script('web'));
  const device = await hangingAttempt(gone.host);
  gone.host.fence(attempt(2));
  harness.behaveFence('works');
  gone.host.dismiss(true);
  await until(() => !isAlive(device));
  const next = await daemon();
  // Its turn would have come by now: the device does one thing after the other.
  next.host.probeFenceDevice({ device: 'fence_test', target: nodeName('node2'), timeoutMs: 10_000 });
  await until(() => next.probed.length === 1);
  expect(harness.switchedOff()).toEqual([]);
});

it('ends the attempt of a daemon that falls silent, and of one that another takes the place of', async () => {
  const silent = await daemon(300, 100);
  const first = await hangingAttempt(silent.host);
  await until(() => !isAlive(first));
  await until(() => silent.fenced.length === 1);
  expect(silent.fenced).toMatchObject([{ attempt: 1, outcome: 'unknown' }]);

  const superseded = await daemon();
  const second = await hangingAttempt(superseded.host, 2);
  await daemon();
  await until(() => !isAlive(second));
});

it('ends, before anything else, the attempt that a daemon made itself and did not live to see the end of', async () => {
  const identity = join(harness.runDir, 'host.pid');
  const left = spawn('sleep', ['1000'], { env: { [fenceMarker]: daemonMarker(identity) }, detached: true });
  const others = spawn('sleep', ['1000'], { env: { [fenceMarker]: daemonMarker(`${identity}x`) }, detached: true });
  try {
    await daemon();
    await until(() => !isAlive(left.pid!));
    expect(isAlive(others.pid!)).toBe(true);
    expect(harness.logged).toContainEqual({ level: 'warning', code: 'fencing-reaped' });
  } finally {
    others.kill('SIGKILL');
  }
});

it('ends what a daemon made itself also when a host is there as the daemon goes', async () => {
  const gone = await daemon();
  const identity = join(harness.runDir, 'host.pid');
  const left = spawn('sleep', ['1000'], { env: { [fenceMarker]: daemonMarker(identity) }, detached: true });
  gone.host.dismiss(true);
  await until(() => !isAlive(left.pid!));
});
