import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clientName } from '../../../src/client/client-name.ts';
import { ask, connect } from '../../../src/client/connection.ts';
import { failure, success } from '../../../src/core/result.ts';
import { createControlServer } from '../../../src/daemon/control/control-server.ts';
import { peerCredentials } from '../../../src/io/peer-credentials.ts';
import { type FakeDaemon, startFakeDaemon, temporaryDirectory } from '../../tools/fake-daemon.ts';

const daemons: FakeDaemon[] = [];
const sockets: Socket[] = [];

const fake = async (...args: Parameters<typeof startFakeDaemon>) => {
  const daemon = await startFakeDaemon(...args);
  daemons.push(daemon);
  return daemon;
};

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const daemon of daemons.splice(0)) await daemon.end();
});

/** A client without manners: raw lines in, parsed lines out. */
function rawClient(daemon: FakeDaemon, name = 'status.sock') {
  const socket = createConnection({ path: join(daemon.runDir, name), allowHalfOpen: true });
  sockets.push(socket);
  let buffer = '';
  const lines: unknown[] = [];
  let wake = () => {};
  socket.on('data', (chunk) => {
    buffer += chunk.toString();
    const parts = buffer.split('\n');
    buffer = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part));
    wake();
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const ended = new Promise<void>((resolve) => socket.on('end', () => resolve()));
  const line = async (index: number): Promise<unknown> => {
    while (lines.length <= index)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return lines[index];
  };
  return {
    socket,
    lines,
    line,
    closed,
    ended,
    send: (message: unknown) => socket.write(`${JSON.stringify(message)}\n`),
  };
}

describe('the control sockets', () => {
  it('have the modes that decide who may connect', async () => {
    const daemon = await fake({});
    const mode = (name: string) => lstatSync(join(daemon.runDir, name)).mode & 0o7777;
    expect([mode('status.sock'), mode('oper.sock'), mode('admin.sock')]).toEqual([0o666, 0o660, 0o600]);
    expect(lstatSync(daemon.runDir).mode & 0o777).toBe(0o755);
  });

  it('are gone after close', async () => {
    const daemon = await fake({});
    await daemon.server.close();
    expect(existsSync(join(daemon.runDir, 'status.sock'))).toBe(false);
    expect(existsSync(join(daemon.runDir, 'admin.sock'))).toBe(false);
  });

  it('replace what a dead daemon left behind', async () => {
    const daemon = await fake({});
    const runDir = temporaryDirectory();
    const path = join(runDir, 'status.sock');
    // A bound socket whose owner has closed its descriptor without unlinking it: rename saves it from the unlink.
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(join(runDir, 'x'), resolve));
    renameSync(join(runDir, 'x'), path);
    await new Promise((resolve) => dead.close(resolve));
    expect(lstatSync(path).isSocket()).toBe(true);
    const started = await createControlServer({ ...quiet, runDir });
    expect(started.ok).toBe(true);
    if (started.ok) await started.value.close();
    rmSync(runDir, { recursive: true });
    expect(daemon.faults).toEqual([]);
  });

  it('are not taken from a living daemon', async () => {
    const daemon = await fake({});
    expect(await createControlServer({ ...quiet, runDir: daemon.runDir })).toMatchObject({
      problem: { code: 'already-running' },
    });
    expect((await ask(daemon.runDir, 'parameters', {})).ok).toBe(true);
  });

  it('do not replace a file that is no socket, nor follow a link in place of the directory', async () => {
    const runDir = temporaryDirectory();
    writeFileSync(join(runDir, 'oper.sock'), 'precious');
    expect(await createControlServer({ ...quiet, runDir })).toMatchObject({ problem: { code: 'socket-path-taken' } });
    expect(existsSync(join(runDir, 'status.sock')), 'the socket opened before the failure').toBe(false);
    const link = `${runDir}-link`;
    mkdirSync(join(runDir, 'elsewhere'));
    symlinkSync(join(runDir, 'elsewhere'), link);
    expect(await createControlServer({ ...quiet, runDir: link })).toMatchObject({
      problem: { code: 'run-directory-unsafe' },
    });
    rmSync(link);
    rmSync(runDir, { recursive: true });
  });
});

const quiet = {
  node: 'node1',
  version: '0',
  log: { write: () => {} },
  fault: () => {},
  handle: () => Promise.resolve(success({})),
};

describe('a request', () => {
  it('is answered with its id, after a hello that names versions, node and rights', async () => {
    const client = rawClient(await fake({ parameters: success({ keepalive: '2' }) }));
    expect(await client.line(0)).toEqual({
      hello: { min: 1, max: 1, product: 'pairbeat', version: '0.1.0', node: 'node1', rights: 'read' },
    });
    client.send({ v: 1, id: 7, verb: 'parameters', args: {} });
    expect(await client.line(1)).toEqual({ v: 1, id: 7, ok: true, result: { keepalive: '2' } });
  });

  it('needs the socket of its rights class, checked each time', async () => {
    const daemon = await fake({});
    const reader = rawClient(daemon);
    reader.send({ v: 1, id: 1, verb: 'standby', args: { scope: 'all' } });
    expect(await reader.line(1)).toMatchObject({
      id: 1,
      ok: false,
      problem: { code: 'rights-missing', fields: { needed: 'oper.sock' } },
    });
    const operator = rawClient(daemon, 'oper.sock');
    operator.send({ v: 1, id: 1, verb: 'stop', args: {} });
    expect(await operator.line(1)).toMatchObject({
      ok: false,
      problem: { code: 'rights-missing', fields: { needed: 'admin.sock' } },
    });
    operator.send({ v: 1, id: 2, verb: 'standby', args: { scope: 'all' } });
    expect(await operator.line(2)).toMatchObject({ id: 2, ok: true });
    expect(daemon.asked.map((request) => request.verb)).toEqual(['standby']);
  });

  it.each([
    ['another version', { v: 2, id: 3, verb: 'status', args: {} }, 3, 'protocol-version'],
    ['an unknown verb', { v: 1, id: 3, verb: 'constructor', args: {} }, 3, 'unknown-verb'],
    ['a misspelt argument', { v: 1, id: 3, verb: 'status', args: { verbose: 1 } }, 3, 'invalid-arguments'],
    ['no id', { v: 1, verb: 'status', args: {} }, 0, 'request-malformed'],
    ['no object', [1, 2], 0, 'request-malformed'],
  ])('with %s is refused by a code of its own and never reaches the handler', async (_name, request, id, code) => {
    const daemon = await fake({});
    const client = rawClient(daemon);
    client.send(request);
    expect(await client.line(1)).toMatchObject({ id, ok: false, problem: { code } });
    expect(daemon.asked).toEqual([]);
  });

  it("of an operator is logged with the kernel's word on who asked", async () => {
    const daemon = await fake({}, { credentials: peerCredentials });
    await ask(daemon.runDir, 'standby', { scope: 'local' });
    const uid = process.getuid?.();
    const who = `${uid === 0 ? 'root' : `uid ${uid}`} (pid ${process.pid}) on oper.sock`;
    const named = `${clientName()} of ${who}`;
    expect(daemon.logged).toEqual([
      { code: 'operator-request', fields: { verb: 'standby', who: named, scope: 'local' } },
    ]);
    expect(daemon.asked[0]?.who).toBe(who);
  });

  it('whose handler throws is answered, and the fault is reported', async () => {
    const daemon = await fake({ status: () => Promise.reject(new Error('broken')) });
    expect(await ask(daemon.runDir, 'status', {})).toMatchObject({ problem: { code: 'internal-fault' } });
    expect(daemon.faults).toHaveLength(1);
  });

  it('may be the only one: a client that says it is done still gets its answer, then the end', async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const client = rawClient(await fake({ parameters: () => asked.then(() => success({ a: 'b' })) }));
    client.socket.end('{"v":1,"id":1,"verb":"parameters"}\n');
    await client.line(0);
    answer();
    expect(await client.line(1)).toMatchObject({ id: 1, ok: true, result: { a: 'b' } });
    await client.ended;
  });
});

describe('a client that misbehaves', () => {
  it('by sending an endless line is told so and disconnected', async () => {
    const client = rawClient(await fake({}, { limits: { frameBytes: { read: 1000, operate: 1000, admin: 1000 } } }));
    await client.line(0);
    client.socket.write('x'.repeat(5000));
    expect(await client.line(1)).toMatchObject({ id: 0, ok: false, problem: { code: 'frame-oversized' } });
    await client.ended;
  });

  it('by sending garbage is told so and disconnected, others are served on', async () => {
    const daemon = await fake({});
    const good = rawClient(daemon);
    const bad = rawClient(daemon);
    bad.socket.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    expect(await bad.line(1)).toMatchObject({ problem: { code: 'frame-malformed' } });
    await bad.ended;
    good.send({ v: 1, id: 1, verb: 'status', args: {} });
    expect(await good.line(1)).toMatchObject({ id: 1, ok: true });
    expect(daemon.server.counters()).toMatchObject({ controlUnreadable: 1 });
  });

  it('by not reading is disconnected, and its stream ends', async () => {
    let streamed = 0;
    let over = () => {};
    const finished = new Promise<void>((resolve) => {
      over = resolve;
    });
    async function* flood() {
      try {
        while (streamed < 100_000) {
          streamed += 1;
          yield success({ text: 'x'.repeat(10_000) });
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        over();
      }
    }
    const daemon = await fake({ watch: () => flood() }, { limits: { unreadBytes: 200_000 } });
    const client = rawClient(daemon);
    await client.line(0);
    client.socket.pause();
    client.send({ v: 1, id: 1, verb: 'watch', args: {} });
    await finished;
    expect(streamed).toBeLessThan(1000);
    expect(daemon.server.counters()).toMatchObject({ controlSlowReaders: 1, controlClients: 0 });
  });

  it('by coming in crowds is turned away, while the other sockets keep their room', async () => {
    const daemon = await fake({}, { limits: { clientsPerSocket: 2 } });
    await Promise.all([rawClient(daemon).line(0), rawClient(daemon).line(0)]);
    expect(await rawClient(daemon).line(0)).toMatchObject({ id: 0, ok: false, problem: { code: 'too-many-clients' } });
    expect(await ask(daemon.runDir, 'status', {})).toMatchObject({ problem: { code: 'too-many-clients' } });
    expect((await ask(daemon.runDir, 'standby', { scope: 'all' })).ok).toBe(true);
  });

  it('by asking everything at once is answered up to the limit', async () => {
    const client = rawClient(await fake({ status: () => new Promise(() => {}) }, { limits: { requestsInFlight: 2 } }));
    for (const id of [1, 2, 3]) client.send({ v: 1, id, verb: 'status', args: {} });
    expect(await client.line(1)).toMatchObject({ id: 3, problem: { code: 'too-many-requests' } });
  });

  it('by connecting and saying nothing is disconnected', async () => {
    const client = rawClient(await fake({}, { limits: { idleMs: 30 } }));
    await client.line(0);
    await client.ended;
  });
});

describe('the client', () => {
  it('streams until the daemon says that was all', async () => {
    async function* three() {
      yield success({ n: 1 });
      yield success({ n: 2 });
      yield success({ n: 3 });
    }
    const daemon = await fake({ watch: () => three() });
    const connection = await connect(daemon.runDir, 'read');
    if (!connection.ok) throw new Error(connection.problem.code);
    const received: unknown[] = [];
    for await (const item of connection.value.stream('watch', {})) received.push(item.ok ? item.value : item.problem);
    connection.value.close();
    expect(received).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('passes a problem on as the daemon stated it', async () => {
    const daemon = await fake({ standby: failure('transition-in-progress', { node: 'node2' }) });
    expect(await ask(daemon.runDir, 'standby', { scope: 'all' })).toEqual(
      failure('transition-in-progress', { node: 'node2' }),
    );
  });

  it('says that no daemon runs, for a missing directory and for a socket nobody listens on', async () => {
    expect(await ask('/nonexistent/run', 'status', {})).toMatchObject({ problem: { code: 'daemon-not-running' } });
    const directory = temporaryDirectory();
    expect(await ask(directory, 'status', {})).toMatchObject({ problem: { code: 'daemon-not-running' } });
    rmSync(directory, { recursive: true });
  });

  it('does not talk to a socket that anybody could have put there (CVE-2018-16877)', async () => {
    const daemon = await fake({});
    chmodSync(daemon.runDir, 0o777);
    expect(await ask(daemon.runDir, 'status', {})).toMatchObject({ problem: { code: 'run-directory-unsafe' } });
  });

  it('takes an empty directory of another owner for one in which nothing runs', async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o777);
    expect(await ask(directory, 'status', {})).toMatchObject({ problem: { code: 'daemon-not-running' } });
    rmSync(directory, { recursive: true });
  });

  it('gives up on a daemon that does not answer, and on one that hangs up', async () => {
    const silent = await fake({ status: () => new Promise(() => {}) });
    expect(await ask(silent.runDir, 'status', {}, { timeoutMs: 30 })).toMatchObject({
      problem: { code: 'answer-timeout' },
    });
    const dying = await fake({
      status: () => {
        setImmediate(() => void dying.server.close());
        return new Promise(() => {});
      },
    });
    expect(await ask(dying.runDir, 'status', {})).toMatchObject({ problem: { code: 'connection-lost' } });
  });

  it('refuses a daemon that speaks only versions it does not know', async () => {
    const runDir = temporaryDirectory();
    const future = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('{"hello":{"min":7,"max":9,"product":"pairbeat","version":"9.0.0","node":"n","rights":"read"}}\n');
    });
    await new Promise<void>((resolve) => future.listen(join(runDir, 'status.sock'), resolve));
    expect(await ask(runDir, 'status', {})).toMatchObject({
      problem: { code: 'protocol-mismatch', fields: { daemonMin: 7 } },
    });
    future.close();
    rmSync(runDir, { recursive: true });
  });
});
