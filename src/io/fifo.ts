/**
 * The FIFO that scripts write to. Opened for reading and writing, so that it never ends when a writer goes away; read
 * without blocking; and read no faster than scripts have any reason to write, so that a process that pours into it
 * waits in its own write(2) and takes nothing from the daemon.
 */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import { libc } from './libc.ts';

export interface Fifo {
  close(): void;
}

export interface FifoHandlers {
  data(bytes: Uint8Array): void;
  /** Reading ended; the FIFO is closed. */
  failed(problem: Problem): void;
}

/** What is read in a second; a message has some hundred bytes. */
const bytesPerSecond = 256 * 1024;
const pauseMs = 1000;

/** Problem code `fifo-unusable`. */
export function openFifo(path: string, handlers: FifoHandlers): Result<Fifo> {
  const descriptor = openDescriptor(path);
  if (!descriptor.ok) return descriptor;
  const socket = new Socket({ fd: descriptor.value, readable: true, writable: false });
  let budget = bytesPerSecond;
  let pausing: NodeJS.Timeout | undefined;
  socket.on('data', (bytes) => {
    budget -= bytes.length;
    handlers.data(bytes);
    if (budget > 0 || pausing !== undefined) return;
    socket.pause();
    pausing = setTimeout(() => {
      pausing = undefined;
      budget = bytesPerSecond;
      socket.resume();
    }, pauseMs);
    pausing.unref();
  });
  const refill = setInterval(() => {
    if (pausing === undefined) budget = bytesPerSecond;
  }, pauseMs);
  refill.unref();
  const close = (): void => {
    clearInterval(refill);
    clearTimeout(pausing);
    socket.destroy();
  };
  socket.on('error', (error: NodeJS.ErrnoException) => {
    close();
    handlers.failed(failure('fifo-unusable', { file: path, error: error.code ?? error.message }).problem);
  });
  // It must not keep a process that has ended everything else.
  socket.unref();
  return success({ close });
}

function openDescriptor(path: string): Result<number> {
  const unusable = (error: string): Result<never> => failure('fifo-unusable', { file: path, error });
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      const made = libc()?.mkfifo(path, 0o600);
      if (made === undefined) return unusable('no C library to make it with');
      if (made < 0) return unusable(libc()?.lastError() ?? '');
    }
    const { O_RDWR, O_NONBLOCK, O_NOFOLLOW } = constants;
    const descriptor = openSync(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW);
    const status = fstatSync(descriptor);
    const fault = !status.isFIFO()
      ? 'it is no FIFO'
      : status.uid !== 0 && status.uid !== process.geteuid?.()
        ? `it belongs to uid ${status.uid}`
        : undefined;
    if (fault !== undefined) {
      closeSync(descriptor);
      return unusable(fault);
    }
    // What others could write is what they could have the cluster do.
    if ((status.mode & 0o077) !== 0) chmodSync(path, 0o600);
    return success(descriptor);
  } catch (error) {
    return unusable((error as NodeJS.ErrnoException).code ?? String(error));
  }
}
