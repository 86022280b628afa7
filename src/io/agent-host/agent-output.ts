/**
 * Standard output and error of one agent, bounded: the first and the last 32 KiB are kept. A pipe that pours without
 * end is read at a limited rate, because the host runs at real-time priority and must not be kept busy by it (S18).
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Output {
  stdout(): string;
  stderr(): string;
  /** Grows with every byte: unchanged over a turn of the event loop means that the pipes were empty. */
  bytesSeen(): number;
  closed(): boolean;
  /** The agent has ended: what is left in the pipes is read without pause. */
  hurry(): void;
}

const keptAtEachEnd = 32 * 1024;
/** Read without pause up to here, afterwards one burst a pause: about 25 MB/s at most. */
const freeBytes = 1 << 20;
const burstBytes = 256 * 1024;
const pauseMs = 10;
/** Capacity of a pipe, pipe(7). */
const pipeBytes = 64 * 1024;

export function createOutput(child: ChildProcess): Output {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    bytesSeen: () => stdout.bytesSeen() + stderr.bytesSeen(),
    closed: () => stdout.closed() && stderr.closed(),
    hurry() {
      stdout.hurry();
      stderr.hurry();
    },
  };
}

interface Collected {
  text(): string;
  bytesSeen(): number;
  closed(): boolean;
  hurry(): void;
}

function collect(stream: Readable | null): Collected {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let seen = 0;
  let sincePause = 0;
  let closed = stream === null;
  stream?.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    const toHead = chunk.subarray(0, Math.max(0, keptAtEachEnd - head.length));
    if (toHead.length > 0) head = Buffer.concat([head, toHead]);
    const rest = chunk.subarray(toHead.length);
    if (rest.length > 0) tail = lastBytes(tail, rest);
    sincePause += chunk.length;
    if (seen <= freeBytes || sincePause < burstBytes) return;
    sincePause = 0;
    stream.pause();
    setTimeout(() => stream.resume(), pauseMs).unref();
  });
  stream?.once('close', () => {
    closed = true;
  });
  // A pipe that breaks says nothing about the agent; its exit does.
  stream?.on('error', () => undefined);
  return {
    text() {
      const dropped = seen - head.length - tail.length;
      const gap = dropped > 0 ? `\n[... ${dropped} bytes dropped ...]\n` : '';
      return head.toString('utf8') + gap + tail.toString('utf8');
    },
    bytesSeen: () => seen,
    closed: () => closed,
    hurry() {
      sincePause = -pipeBytes;
      stream?.resume();
    },
  };
}

function lastBytes(tail: Buffer, chunk: Buffer): Buffer<ArrayBuffer> {
  const joined = Buffer.concat([tail, chunk]);
  return Buffer.from(joined.subarray(Math.max(0, joined.length - keptAtEachEnd)));
}
