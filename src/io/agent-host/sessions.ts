/**
 * Connections of daemons to the agent host. One daemon at a time: a new hello ends the session before it, whose
 * operations are refused from then on. The socket has mode 0600 in a directory of root's: the kernel checks who connects.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Operation } from '../../ports/agents.ts';
import { encodeLine, type FromHost, hostProtocolVersion, lineReader, type ToHost } from './host-messages.ts';

export interface Session {
  /** Without effect once the session has ended. */
  send(message: FromHost): void;
  refuse(operation: Operation, reason: string, nowUs: number): void;
}

export interface Sessions {
  current(): Session | undefined;
  listen(handle: (session: Session, message: ToHost) => void, disconnected: () => void): void;
}

const helloPatienceMs = 5000;
/** A daemon that does not read its answers is not waited for (S18). */
const maximumUnsentBytes = 16 << 20;

export function createSessions(path: string): Sessions {
  let current: { readonly session: Session; readonly socket: Socket } | undefined;

  const accept = (
    socket: Socket,
    handle: (session: Session, message: ToHost) => void,
    disconnected: () => void,
  ): void => {
    const session = sessionOn(socket);
    const patience = setTimeout(() => socket.destroy(), helloPatienceMs);
    const read = lineReader<ToHost>((message) => {
      if (message.type === 'hello' && message.version === hostProtocolVersion && current?.session !== session) {
        clearTimeout(patience);
        const former = current;
        current = { session, socket };
        former?.session.send({ type: 'superseded' });
        former?.socket.destroySoon();
      }
      // Words of a superseded daemon, or of one that did not introduce itself.
      if (current?.session !== session) return void socket.destroy();
      handle(session, message);
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => void (read(chunk) || socket.destroy()));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(patience);
      if (current?.session !== session) return;
      current = undefined;
      disconnected();
    });
  };

  return {
    current: () => current?.session,
    listen(handle, disconnected) {
      rmSync(path, { force: true });
      const server = createServer((socket) => accept(socket, handle, disconnected));
      const umask = process.umask(0o177);
      server.listen(path);
      process.umask(umask);
      chmodSync(path, 0o600);
    },
  };
}

function sessionOn(socket: Socket): Session {
  const send = (message: FromHost): void => {
    if (socket.destroyed) return;
    socket.write(encodeLine(message));
    if (socket.writableLength > maximumUnsentBytes) socket.destroy();
  };
  return {
    send,
    refuse(operation, reason, nowUs) {
      send({
        type: 'result',
        result: { id: operation.id, outcome: 'failed', reason, startedUs: nowUs, finishedUs: nowUs },
      });
    },
  };
}
