/**
 * The tools' end of a control socket: connect, hear the hello, ask, hear the answers. Every way in which that can go
 * wrong is a `Problem` whose words tell a person what to do next.
 */
import { lstatSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { failure, type Result, success } from '../core/result.ts';
import { type Answer, commonVersion, type Hello, noRequest } from '../protocol/messages.ts';
import type { VerbArguments, VerbResults } from '../protocol/schemas.ts';
import { controlSockets, operatorGroup } from '../protocol/sockets.ts';
import { protocolVersion, type RightsClass, type Verb, verbs } from '../protocol/verbs.ts';
import { type Channel, createChannel } from './channel.ts';
import { clientName } from './client-name.ts';

export interface Connection {
  readonly hello: Hello;
  request<V extends Verb>(verb: V, args: VerbArguments[V], options?: RequestOptions): Promise<Result<VerbResults[V]>>;
  /** Ends after the first failure, or when the daemon says that was all. */
  stream<V extends Verb>(verb: V, args: VerbArguments[V]): AsyncGenerator<Result<VerbResults[V]>, void, void>;
  close(): void;
}

export interface RequestOptions {
  /** 0 waits for as long as the connection stands. */
  readonly timeoutMs?: number;
}

/** A daemon on the same machine that says nothing for this long is stalled, not slow. */
export const defaultTimeoutMs = 5000;

export async function connect(
  runDir: string,
  rights: RightsClass,
  timeoutMs = defaultTimeoutMs,
): Promise<Result<Connection>> {
  const path = join(runDir, controlSockets[rights].name);
  const trusted = checkRunDirectory(runDir, path, rights);
  if (!trusted.ok) return trusted;
  const socket = createConnection({ path });
  const channel = createChannel(socket, path);
  const connected = await new Promise<Result<void>>((resolve) => {
    socket.once('connect', () => resolve(success(undefined)));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(connectProblem(error, runDir, path, rights)));
  });
  if (!connected.ok) return connected;
  const hello = await channel.hello(timeoutMs);
  if (!hello.ok) {
    socket.destroy();
    return hello;
  }
  const version = commonVersion(hello.value);
  if (version === undefined) {
    socket.destroy();
    return failure('protocol-mismatch', {
      daemon: `${hello.value.product} ${hello.value.version}`,
      daemonMin: hello.value.min,
      daemonMax: hello.value.max,
      toolMin: protocolVersion.min,
      toolMax: protocolVersion.max,
    });
  }
  return success(connectionOver(channel, hello.value, version));
}

/** One question on a connection of its own, at the socket that the verb needs. */
export async function ask<V extends Verb>(
  runDir: string,
  verb: V,
  args: VerbArguments[V],
  options: RequestOptions = {},
): Promise<Result<VerbResults[V]>> {
  const connection = await connect(runDir, verbs[verb].rights, options.timeoutMs || defaultTimeoutMs);
  if (!connection.ok) return connection;
  try {
    return await connection.value.request(verb, args, options);
  } finally {
    connection.value.close();
  }
}

/** The server must be the real one too (CVE-2018-16877): only its owner or root can put a socket into this directory. */
function checkRunDirectory(runDir: string, path: string, rights: RightsClass): Result<void> {
  try {
    // Heartbeat's package leaves this directory to hacluster: as long as there is no socket in it, nothing runs here.
    lstatSync(path);
    const directory = lstatSync(runDir);
    if (!directory.isDirectory())
      return failure('run-directory-unsafe', { directory: runDir, reason: 'not a directory' });
    const ours = directory.uid === 0 || directory.uid === process.geteuid?.();
    if (!ours) return failure('run-directory-unsafe', { directory: runDir, reason: `owned by uid ${directory.uid}` });
    if ((directory.mode & 0o022) !== 0) {
      return failure('run-directory-unsafe', { directory: runDir, reason: 'writable by others than its owner' });
    }
    return success(undefined);
  } catch (error) {
    return connectProblem(error as NodeJS.ErrnoException, runDir, path, rights);
  }
}

function connectProblem(
  error: NodeJS.ErrnoException,
  runDir: string,
  path: string,
  rights: RightsClass,
): Result<never> {
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return failure('daemon-not-running', { directory: runDir });
    case 'EACCES':
    case 'EPERM':
      if (rights === 'operate') return failure('operator-rights-needed', { socket: path, group: operatorGroup });
      return failure('root-rights-needed', { socket: path });
    default:
      return failure('daemon-unreachable', { socket: path, error: error.code ?? error.message });
  }
}

function connectionOver(channel: Channel, hello: Hello, version: number): Connection {
  let lastId = noRequest;

  async function* stream<V extends Verb>(
    verb: V,
    args: VerbArguments[V],
    timeoutMs = 0,
  ): AsyncGenerator<Result<VerbResults[V]>, void, void> {
    lastId += 1;
    const id = lastId;
    const waiting: Result<Answer>[] = [];
    let wake: () => void = () => {};
    channel.listen(id, (answer) => {
      waiting.push(answer);
      wake();
    });
    const timer = timeoutMs > 0 ? setTimeout(() => expire(), timeoutMs) : undefined;
    const expire = () => {
      waiting.push(failure('answer-timeout', { verb, timeoutMs }));
      wake();
    };
    try {
      const name = clientName();
      const sent = channel.send({ v: version, id, verb, args, ...(name === undefined ? {} : { client: name }) });
      if (!sent.ok) return yield sent;
      while (true) {
        const next = waiting.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        if (!next.ok) return yield next;
        if (!next.value.ok) return yield failure(next.value.problem.code, next.value.problem.fields);
        // The line that ends a stream carries no result.
        if (next.value.result !== undefined) yield success(next.value.result as VerbResults[V]);
        if (next.value.more !== true) return;
      }
    } finally {
      clearTimeout(timer);
      channel.forget(id);
    }
  }

  return {
    hello,
    async request(verb, args, options = {}) {
      for await (const answer of stream(verb, args, options.timeoutMs ?? defaultTimeoutMs)) return answer;
      return failure('connection-lost', { verb });
    },
    stream: (verb, args) => stream(verb, args),
    close: () => channel.close(),
  };
}
