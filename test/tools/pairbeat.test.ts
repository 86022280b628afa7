import { existsSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failure, success } from '../../src/core/result.ts';
import { nodeHashes } from '../../src/io/hashes.ts';
import { exportJournal } from '../../src/io/journal/export.ts';
import { openJournal } from '../../src/io/journal/read.ts';
import type { PairbeatServices } from '../../src/tools/pairbeat/command.ts';
import { authkeysText } from '../../src/tools/pairbeat/keygen.ts';
import { runPairbeat } from '../../src/tools/pairbeat/pairbeat.ts';
import { type FakeDaemon, startFakeDaemon, temporaryDirectory } from './fake-daemon.ts';
import { healthy, timeline, troubled, watched } from './fixtures.ts';
import { expectGolden, type Run, run, type TestTerminal, transcribe } from './run-command.ts';

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.end();
});

const daemonWith = async (...answers: Parameters<typeof startFakeDaemon>): Promise<FakeDaemon> => {
  const daemon = await startFakeDaemon(...answers);
  daemons.push(daemon);
  return daemon;
};

const services: PairbeatServices = {
  version: '0.1.0',
  hashes: nodeHashes,
  check: (options, write) => {
    write(`${JSON.stringify(options)}\n`);
    return Promise.resolve(6);
  },
  loadLinks: () => Promise.resolve(failure('observe-configuration-invalid', { directory: '/etc/ha.d', errors: 2 })),
  probeFenceDevices: () => Promise.resolve(failure('fencing-not-configured')),
  testLinksAlone: (_haDir, { port }) => Promise.resolve(failure('link-test-nobody', { peer: 'node2', port })),
  openJournal,
  exportJournal,
  capture: () => Promise.resolve(failure('capture-unavailable', { reason: 'EPERM' })),
};

const nowhere = { runDir: '/nonexistent/heartbeat' };

function pairbeat(
  line: string,
  daemon: { readonly runDir: string } = nowhere,
  terminal: TestTerminal = {},
): Promise<Run> {
  const argv = line.split(' ').filter((word) => word !== '');
  return run((screen) => runPairbeat(argv, screen, services), {
    ...terminal,
    environment: { PAIRBEAT_RUN_DIR: daemon.runDir },
  });
}

async function golden(
  name: string,
  lines: readonly string[],
  daemon: { readonly runDir: string } = nowhere,
  terminal: TestTerminal = {},
) {
  let text = '';
  for (const line of lines) {
    text += transcribe(`pairbeat ${line}`.trim(), await pairbeat(line, daemon, terminal), {
      [daemon.runDir]: '/run/heartbeat',
    });
  }
  expectGolden(name, text);
}

describe('pairbeat status', () => {
  it('shows a healthy pair', async () =>
    golden('status-healthy', ['status'], await daemonWith({ status: success(healthy) })));

  it('shows all that can be wrong at once, and what is old as old', async () =>
    golden('status-troubled', ['status'], await daemonWith({ status: success(troubled) })));

  it('fits the terminal it is shown on', async () => {
    const daemon = await daemonWith({ status: success(troubled) });
    const { out } = await pairbeat('status', daemon);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('uses colour only where a person watches', async () => {
    const daemon = await daemonWith({ status: success(troubled) });
    expect((await pairbeat('status', daemon)).out).not.toContain('\u001b');
    expect((await pairbeat('status', daemon, { interactive: true })).out).toContain('\u001b[31mCANNOT FAIL OVER');
  });

  it('gives JSON with the envelope, also on error', async () =>
    golden('status-json', ['status --json'], await daemonWith({ status: success(healthy) })));

  it('does not let a peer write to the terminal', async () => {
    const evil = { ...troubled, alarms: [{ code: 'x', text: 'ran \u001b]0;owned\u0007 away', ageMs: 1 }] };
    const { out } = await pairbeat('status', await daemonWith({ status: success(evil) }));
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('--watch draws every change once and ends with the stream', async () => {
    async function* changes() {
      yield success(healthy);
      yield success(healthy);
      yield success(troubled);
    }
    const watched = await pairbeat('status --watch --json', await daemonWith({ watch: () => changes() }));
    expect(watched.code).toBe(0);
    expect(
      watched.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).node),
    ).toEqual(['node1', 'node2']);
  });

  it('--watch ends at Ctrl-C', async () => {
    const interruption = new AbortController();
    async function* endless() {
      yield success(healthy);
      interruption.abort();
      await new Promise(() => {});
    }
    const watched = await pairbeat('status --watch', await daemonWith({ watch: () => endless() }), {
      interrupted: interruption.signal,
    });
    expect(watched).toMatchObject({ code: 0, error: '' });
  });
});

describe('every subcommand', () => {
  it('says that no daemon runs, as text and as JSON', async () =>
    golden('pairbeat-stopped', [
      'status',
      'status --json',
      'timeline',
      'cleanup',
      'acknowledge-split',
      'acknowledge-split --json',
    ]));

  it('explains wrong usage, as text and as JSON', async () =>
    golden('pairbeat-usage', [
      'bogus',
      'stats',
      'help statsu',
      'status --bogus',
      'status --bogus --json',
      'keygen --method md5',
      'keygen --index 16',
      'timeline --count x',
      'cleanup a b',
    ]));

  it('has help', async () =>
    golden('pairbeat-help', [
      '',
      '--version',
      'status --help',
      'check --help',
      'timeline --help',
      'cleanup --help',
      'acknowledge-split --help',
      'keygen --help',
      'observe --help',
      'demo --help',
    ]));
});

describe('ping nodes and attributes', () => {
  const nodes = healthy.nodes.map((node) =>
    node.self
      ? { ...node, livePingNodes: 1, attributes: { pingd: '100', uplink: '1' } }
      : { ...node, livePingNodes: 2, attributes: { pingd: '200' } },
  );
  const pingNodes = [
    { name: '192.168.12.237', kind: 'ping', addresses: ['192.168.12.237'], status: 'ping', lastHeardMs: 900 },
    { name: 'group1', kind: 'ping_group', addresses: ['192.168.12.120'], status: 'dead' },
  ] as const;
  const status = success({ ...healthy, nodes, pingNodes });

  it('are shown', async () =>
    golden('ping-nodes', ['status', 'attributes', 'attributes --json'], await daemonWith({ status })));

  it('are not, where there are none', async () => {
    const shown = await pairbeat('attributes', await daemonWith({ status: success(healthy) }));
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('No attributes') });
    const text = await pairbeat('status', await daemonWith({ status: success(healthy) }));
    expect(text.out).not.toContain('Ping node');
  });
});

describe('pairbeat timeline', () => {
  it('draws where the time went', async () => {
    const daemon = await daemonWith({ timeline: success(timeline) });
    await golden('timeline', ['timeline', 'timeline --count 5 --json'], daemon);
    expect(daemon.asked.map(({ args }) => args)).toEqual([{}, { count: 5 }]);
  });

  it('says so when there was none', async () =>
    golden('timeline-empty', ['timeline'], await daemonWith({ timeline: success({ failovers: [], entries: [] }) })));
});

describe('pairbeat cleanup and acknowledge-split', () => {
  it('tell the daemon, and say what was done', async () => {
    const daemon = await daemonWith({ status: success(troubled) });
    await golden(
      'operate',
      ['cleanup', 'cleanup 192.168.1.101', 'cleanup --json', 'acknowledge-split', 'acknowledge-split --json'],
      daemon,
    );
    expect(daemon.asked.filter(({ verb }) => verb === 'cleanup').map(({ args }) => args)).toEqual([
      {},
      { group: '192.168.1.101' },
      {},
    ]);
    expect(daemon.asked.filter(({ verb }) => verb === 'acknowledgeSplit')).toHaveLength(2);
  });

  it('report what the daemon refuses', async () => {
    const daemon = await daemonWith({ status: success(healthy), cleanup: failure('no-such-group', { group: 'x' }) });
    await golden('operate-refused', ['cleanup x', 'cleanup x --json', 'acknowledge-split'], daemon);
    expect(daemon.asked.some(({ verb }) => verb === 'acknowledgeSplit')).toBe(false);
  });
});

describe('pairbeat confirm-off', () => {
  it('asks nothing of the daemon without --yes, and says why', async () => {
    const daemon = await daemonWith({});
    await golden(
      'confirm-off',
      ['confirm-off node2', 'confirm-off node2 --yes', 'confirm-off node2 --yes --json'],
      daemon,
    );
    expect(daemon.asked.map(({ verb, args }) => [verb, args])).toEqual([
      ['confirmOff', { node: 'node2' }],
      ['confirmOff', { node: 'node2' }],
    ]);
  });

  it('reports what the daemon refuses', async () => {
    const fields = { peer: 'node2', node: 'node2' };
    const daemon = await daemonWith({ confirmOff: failure('confirm-off-peer-is-there', fields) });
    await golden('confirm-off-refused', ['confirm-off node2 --yes', 'confirm-off'], daemon);
  });
});

describe('pairbeat fence-status', () => {
  const report = (...devices: object[]) => success({ node: 'node1', peer: 'node2', devices });
  const works = { name: 'fence_ipmilan', type: 'fence_ipmilan', ok: true, detail: '' };
  const fails = {
    name: 'external/rackpdu',
    type: 'external/rackpdu',
    ok: false,
    detail: 'Timeout: No Response from 10.0.9.7',
  };

  it.each([
    ['works', report(works, fails)],
    [
      'short-delay',
      success({ node: 'node1', peer: 'node2', devices: [{ ...works, tookMs: 1240 }, fails], delayMs: 2000 }),
    ],
    ['fast', success({ node: 'node1', peer: 'node2', devices: [{ ...works, tookMs: 990 }], delayMs: 2000 })],
    ['no-delay', success({ node: 'node1', peer: 'node2', devices: [{ ...works, tookMs: 990 }], delayMs: 0 })],
    ['fails', report(fails)],
    ['none', report()],
    ['not-configured', failure('fencing-not-configured')],
  ])('says what each device has answered: %s', async (name, answer) => {
    const daemon = await daemonWith({ probeFence: answer });
    await golden(`fence-status-${name}`, ['fence-status', 'fence-status --json'], daemon);
  });
});

describe('fence devices in the status', () => {
  const fencing = {
    action: 'reset',
    timeoutMs: 60_000,
    delayMs: 2000,
    waitForAll: true,
    request: 'waiting',
    attempts: 3,
    devices: [
      { name: 'external/ipmi', type: 'external/ipmi', state: 'failing', ageMs: 61_000, detail: 'no answer' },
      { name: 'fence_apc', type: 'fence_apc', state: 'ok', ageMs: 1000 },
      { name: 'fence_apc-2', type: 'fence_apc', state: 'unknown' },
    ],
    now: 'node2 is to be fenced: waiting for the next attempt; the last one: external/ipmi: unknown (no answer).',
  } as const;

  it('are listed with what they last said, and what is under way', async () => {
    const without = { ...healthy, fencing: { ...fencing, devices: [], now: undefined } } as unknown as typeof healthy;
    await golden('status-fencing', ['status'], await daemonWith({ status: success({ ...healthy, fencing }) }));
    await golden('status-fencing-none', ['status'], await daemonWith({ status: success(without) }));
  });
});

describe('pairbeat unmanage and manage', () => {
  it('tell the daemon, and say what it means and what it does not', async () => {
    const daemon = await daemonWith({});
    await golden('manage', ['unmanage 192.168.1.100', 'manage 192.168.1.100', 'manage x --json', 'unmanage'], daemon);
    expect(daemon.asked.map(({ verb, args }) => [verb, args])).toEqual([
      ['unmanage', { group: '192.168.1.100' }],
      ['manage', { group: '192.168.1.100' }],
      ['manage', { group: 'x' }],
    ]);
  });

  it('report what the daemon refuses', async () => {
    const fields = { group: 'x', peer: 'node2' };
    const daemon = await daemonWith({
      unmanage: failure('unmanage-at-peer', fields),
      manage: failure('not-unmanaged', fields),
    });
    await golden('manage-refused', ['unmanage x', 'manage x'], daemon);
  });

  it('show in the status what is unmanaged, unreliable, unclear or failing', async () => {
    await golden('status-monitoring', ['status'], await daemonWith({ status: success(watched) }));
  });
});

describe('pairbeat keygen', () => {
  const fixed = (bytes: number) => Buffer.alloc(bytes, 0xa5);

  it('prints an authkeys file', () => {
    expectGolden(
      'keygen',
      authkeysText({ method: 'sha256', index: 1 }, fixed) + authkeysText({ method: 'sha512', index: 7 }, fixed),
    );
  });

  it('never makes the same key twice', async () => {
    const keys = new Set<string>();
    for (let round = 0; round < 20; round += 1) keys.add((await pairbeat('keygen')).out);
    expect(keys.size).toBe(20);
    expect([...keys][0]).toMatch(/\nauth 1\n1 sha256 [0-9a-f]{64}\n$/);
  });

  it('writes the file with mode 0600, whatever the umask, and never over an existing one', async () => {
    const haDir = temporaryDirectory();
    const umask = process.umask(0);
    const first = await pairbeat(`keygen --write --method sha512 --index 2 --ha-dir ${haDir}`);
    process.umask(umask);
    expect(first).toMatchObject({ code: 0, error: '' });
    const path = join(haDir, 'authkeys');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/\nauth 2\n2 sha512 [0-9a-f]{128}\n$/);
    expect(first.out).not.toContain(text.trim().split(' ').at(-1));
    const second = await pairbeat(`keygen --write --ha-dir ${haDir}`);
    expect(second.code).toBe(108);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expectGolden(
      'keygen-write',
      transcribe('pairbeat keygen --write', first, { [haDir]: '/etc/ha.d' }) +
        transcribe('pairbeat keygen --write', second, { [haDir]: '/etc/ha.d' }),
    );
    rmSync(haDir, { recursive: true });
  });

  it('says when it cannot write', async () => {
    const { code, error } = await pairbeat('keygen --write --ha-dir /nonexistent/ha.d');
    expect({ code, error }).toEqual({
      code: 73,
      error: expect.stringContaining('/nonexistent/ha.d/authkeys cannot be written: ENOENT'),
    });
    expect(existsSync('/nonexistent')).toBe(false);
  });
});

describe('pairbeat check', () => {
  it("hands its options to the daemon's own parsers and exits as they say", async () => {
    const { code, out } = await pairbeat('check /tmp/x --as-heartbeat --node node2 --json');
    expect(code).toBe(6);
    expect(JSON.parse(out)).toEqual({ asHeartbeat: true, json: true, directory: '/tmp/x', node: 'node2' });
    expect(JSON.parse((await pairbeat('check --ha-dir /tmp/y')).out)).toEqual({
      asHeartbeat: false,
      json: false,
      directory: '/tmp/y',
    });
  });
});

it('pairbeat demo says how', async () => golden('demo', ['demo', 'demo --json']));

it('pairbeat observe says why it cannot', async () =>
  golden('observe-refused', ['observe', 'observe --json', 'observe --seconds 0']));
