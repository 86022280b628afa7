/**
 * The daemon's side of docs/reference/commands.md: three sockets whose modes decide who may ask what. Tools never touch
 * the node machine; what they want arrives here, is checked, and is handed to `handle` as a verb with valid arguments.
 */
import { unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ClientAccess } from '../../core/client-access.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import type { Log } from '../../ports/log.ts';
import type { VerbArguments } from '../../protocol/schemas.ts';
import { type ControlSocket, controlSockets, operatorGroup } from '../../protocol/sockets.ts';
import type { RightsClass, Verb } from '../../protocol/verbs.ts';
import { serveClient } from './client.ts';
import { type ControlLimits, defaultLimits } from './limits.ts';
import { clearStaleSocket, groupIdOf, listenAt, prepareRunDirectory } from './listen.ts';
import { createTurns } from './turns.ts';

export interface Caller {
  readonly rights: RightsClass;
  /** For log and journal: `root (pid 4711) on admin.sock`. Not used for any decision. */
  readonly who: string;
  /** Fires when the tool has gone: nobody reads the answer any more. */
  readonly gone: AbortSignal;
}

/** In `(verb, args, caller)`, testing `verb` tells the type of `args`. */
export type VerbCall = { [V in Verb]: [verb: V, args: VerbArguments[V], caller: Caller] }[Verb];

/** One answer, or a stream of them. A handler that throws has broken an invariant; `fault` hears of it. */
export type RequestHandler = (...call: VerbCall) => Promise<Result<unknown>> | AsyncIterable<Result<unknown>>;

export interface ControlServerOptions {
  readonly runDir: string;
  readonly node: string;
  readonly version: string;
  readonly handle: RequestHandler;
  readonly log: Log;
  /** A handler threw. The tool has been told; whether the daemon can go on is not for this file to say. */
  readonly fault: (error: unknown) => void;
  /** SO_PEERCRED of an accepted descriptor; absent means that the audit line says "unknown". */
  readonly credentials?: (
    descriptor: number,
  ) => { readonly pid: number; readonly uid: number; readonly gids?: readonly number[] } | undefined;
  /** `apiauth`; absent: the sockets' modes are all. */
  readonly access?: ClientAccess;
  readonly limits?: Partial<ControlLimits>;
}

export interface ControlServer {
  /** Clients now connected, and what was refused or dropped since the start. */
  counters(): Readonly<Record<string, number>>;
  /** Ends every connection and removes the sockets. */
  close(): Promise<void>;
}

export async function createControlServer(options: ControlServerOptions): Promise<Result<ControlServer>> {
  const prepared = prepareRunDirectory(options.runDir);
  if (!prepared.ok) return prepared;
  const limits = { ...defaultLimits, ...options.limits };
  const turns = createTurns(limits);
  const tally = { refused: 0, slowReaders: 0, unreadable: 0, idle: 0 };
  const open: { readonly server: Server; readonly path: string; readonly clients: Set<Socket> }[] = [];

  const close = async () => {
    turns.close();
    for (const { server, path, clients } of open) {
      for (const client of clients) client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      try {
        unlinkSync(path);
      } catch {
        // Closing removes the path already where libuv knows it.
      }
    }
    open.length = 0;
  };

  const groupId = groupIdOf(operatorGroup);
  for (const socket of Object.values(controlSockets) as ControlSocket[]) {
    const path = join(options.runDir, socket.name);
    const clients = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (client) => {
      // Each socket has room of its own: whoever fills the public one does not lock the administrator out.
      if (clients.size >= limits.clientsPerSocket) return turnAway(client, limits, tally);
      clients.add(client);
      client.once('close', () => clients.delete(client));
      serveClient(client, socket, { ...options, limits, turns, tally });
    });
    const cleared = await clearStaleSocket(path);
    const listening = cleared.ok ? await listenAt(server, path, socket, groupId) : cleared;
    if (!listening.ok) {
      await close();
      return listening;
    }
    server.on('error', (error) => options.log.write('error', serverProblem(path, error)));
    open.push({ server, path, clients });
  }
  return success({
    counters: () => ({
      controlClients: open.reduce((sum, { clients }) => sum + clients.size, 0),
      controlRefused: tally.refused,
      controlSlowReaders: tally.slowReaders,
      controlUnreadable: tally.unreadable,
      controlIdle: tally.idle,
    }),
    close,
  });
}

function turnAway(client: Socket, limits: ControlLimits, tally: { refused: number }): void {
  tally.refused += 1;
  const problem = failure('too-many-clients', { limit: limits.clientsPerSocket }).problem;
  client.on('error', () => {});
  client.end(`${JSON.stringify({ v: 1, id: 0, ok: false, problem })}\n`);
  // One that does not even read its refusal is cut off: half-open connections cost a descriptor each.
  client.setTimeout(1000, () => client.destroy());
  client.resume();
}

function serverProblem(path: string, error: Error): Problem {
  return { code: 'socket-unusable', fields: { path, error: (error as NodeJS.ErrnoException).code ?? error.message } };
}
