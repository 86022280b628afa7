/**
 * One receiving socket. Node's event loop watches it and delivers datagrams as they come; `drain` reads it directly
 * until the kernel says that it is empty. That matters because Node runs expired timers before it reads sockets: after
 * a pause, the timer that declares silence fires while the keepalive that disproves it waits in the socket.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Problem } from '../../core/result.ts';
import { intBytes, type Libc, linux } from '../libc.ts';
import { decodeSockaddr } from './ipv4.ts';
import { decodeSockaddr6, plainAddress6, sockaddr6Bytes } from './ipv6.ts';
import type { ReceiveSocket } from './open-socket.ts';

export interface ReceiverHandlers {
  datagram(bytes: Uint8Array, sourceAddress: string, sourcePort: number): void;
  /** The socket is of no use any more. */
  broken(problem: Problem): void;
}

export interface Receiver {
  readonly fd: number;
  /** Hands over everything that was waiting when this was called. */
  drain(): void;
  close(): void;
}

/** Longer than any UDP datagram, so that none is cut. */
const datagramLimitBytes = 65_536;
/** Shared by all receivers of this thread: a datagram is copied out before the next one is read. */
const buffer = new Uint8Array(datagramLimitBytes);
const sourceBuffer = new Uint8Array(sockaddr6Bytes);
const fullLength = intBytes(sockaddr6Bytes);
const sourceLength = intBytes(sockaddr6Bytes);

export function createReceiver(native: Libc, socket: ReceiveSocket, handlers: ReceiverHandlers): Receiver {
  const watcher = watch(socket, handlers);
  const decodeSource = socket.family === 4 ? decodeSockaddr : decodeSockaddr6;
  let closed = false;
  const readOne = (): boolean => {
    // The kernel wrote the length of the last address over it.
    sourceLength.set(fullLength);
    const length = native.recvfrom(socket.fd, buffer, buffer.length, linux.MSG_DONTWAIT, sourceBuffer, sourceLength);
    if (length < 0) return false;
    const { address, port } = decodeSource(sourceBuffer);
    handlers.datagram(buffer.slice(0, length), address, port);
    return true;
  };
  return {
    fd: socket.fd,
    drain() {
      // The limit keeps a flood from holding the loop: no more can have been waiting than fits into the socket.
      for (let count = 0; count < socket.queueLimit && !closed; count += 1) {
        if (!readOne()) return;
      }
    },
    close() {
      closed = true;
      watcher.close();
    },
  };
}

/** From here on Node owns the file descriptor and closes it. */
function watch({ fd, family }: ReceiveSocket, handlers: ReceiverHandlers): Socket {
  const watcher = createSocket(family === 4 ? 'udp4' : 'udp6');
  const plain = family === 4 ? (address: string) => address : plainAddress6;
  watcher.on('message', (bytes: Buffer, { address, port }: RemoteInfo) =>
    handlers.datagram(bytes, plain(address), port),
  );
  watcher.on('error', (error: NodeJS.ErrnoException) => {
    handlers.broken({ code: 'socket-failed', fields: { call: 'receive', error: error.code ?? error.message } });
  });
  watcher.bind({ fd, exclusive: true });
  return watcher;
}
