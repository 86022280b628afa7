/**
 * One sending socket. A keepalive must leave at once, so sending is a direct system call on a non-blocking socket
 * (about 5 microseconds) and never waits for the event loop.
 */
import { type Libc, linux } from '../libc.ts';
import type { SendSocket } from './open-socket.ts';

export interface Sender {
  readonly fd: number;
  /** `undefined` when the datagram left, else the name of the error; the datagram is lost then. */
  send(bytes: Uint8Array): string | undefined;
  close(): void;
}

export function createSender(native: Libc, socket: SendSocket): Sender {
  const { destination } = socket;
  const flags = linux.MSG_DONTWAIT | linux.MSG_NOSIGNAL;
  return {
    fd: socket.fd,
    send(bytes) {
      const sent = native.sendto(socket.fd, bytes, bytes.length, flags, destination, destination.length);
      return sent === bytes.length ? undefined : native.lastError();
    },
    close() {
      native.close(socket.fd);
    },
  };
}
