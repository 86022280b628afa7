/**
 * One open serial line. What is said must not wait for the line (a keepalive in a long queue says nothing about now),
 * so at most one second's worth of bytes is ever on its way; what comes beyond that is lost, and counted as such.
 */
import { readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { SerialLink } from '../../core/config/configuration.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import { createSerialReader, readSerial } from '../../core/transport/serial-framing.ts';
import type { Libc } from '../libc.ts';
import { claimTty, openTty, releaseTty, waitingOutput } from './tty.ts';

export interface SerialPortHandlers {
  /** A frame of the line, start to end line. */
  frame(bytes: Uint8Array): void;
  /** The line is gone (pulled out, hung up); the port is closed already. */
  broken(problem: Problem): void;
}

export interface SerialPort {
  /** `undefined` when the frame is on its way, else the name of the error; the frame is lost then. */
  send(frame: Uint8Array): string | undefined;
  /** Hands over what has arrived. */
  drain(): void;
  close(): void;
}

const bitsPerByte = 10;
/** One frame goes out on an idle line however slow it is, up to this size. */
const largestFrameBytes = 16_384;
const readBytes = 4096;
/** No more can have been waiting: the kernel keeps a page or two for each line. */
const maximumReads = 64;

/** Problem codes: serial-open-failed, serial-in-use. */
export function openSerialPort(native: Libc, link: SerialLink, handlers: SerialPortHandlers): Result<SerialPort> {
  const opened = openTty(native, link.device, link.baud);
  if (!opened.ok) return opened;
  const fd = opened.value;
  // The stream opens the line once more and keeps the number, so the claim comes after it.
  const stream = new ReadStream(fd);
  if (!claimTty(native, fd)) {
    stream.destroy();
    return failure('serial-in-use', { device: link.device });
  }
  return success(new OpenPort(native, link, fd, stream, handlers));
}

class OpenPort implements SerialPort {
  readonly #native: Libc;
  readonly #link: SerialLink;
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #handlers: SerialPortHandlers;
  readonly #reader = createSerialReader();
  #unwritten: Uint8Array = new Uint8Array();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(native: Libc, link: SerialLink, fd: number, stream: ReadStream, handlers: SerialPortHandlers) {
    this.#native = native;
    this.#link = link;
    this.#fd = fd;
    this.#stream = stream;
    this.#handlers = handlers;
    stream.on('data', (bytes: Buffer) => this.#take(bytes));
    stream.on('error', (error: NodeJS.ErrnoException) => this.#break(error.code ?? error.message));
    stream.on('end', () => this.#break('EIO'));
  }

  send(frame: Uint8Array): string | undefined {
    if (this.#closed) return 'EIO';
    const { baud } = this.#link;
    const waiting = this.#unwritten.length + waitingOutput(this.#native, this.#fd);
    if (frame.length > largestFrameBytes) return 'EMSGSIZE';
    if (waiting > 0 && waiting + frame.length > baud / bitsPerByte) return 'EAGAIN';
    this.#unwritten = this.#unwritten.length === 0 ? frame : Buffer.concat([this.#unwritten, frame]);
    return this.#write();
  }

  drain(): void {
    const buffer = new Uint8Array(readBytes);
    for (let count = 0; count < maximumReads && !this.#closed; count += 1) {
      try {
        const length = readSync(this.#fd, buffer);
        if (length <= 0) return;
        this.#take(buffer.subarray(0, length));
      } catch {
        // Empty; a line that is gone is noticed by the stream.
        return;
      }
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    releaseTty(this.#native, this.#fd);
    this.#stream.destroy();
  }

  #take(bytes: Uint8Array): void {
    for (const frame of readSerial(this.#reader, bytes)) {
      if (this.#closed) return;
      this.#handlers.frame(frame);
    }
  }

  /** What the kernel does not take now is tried again when the line should have made room. */
  #write(): string | undefined {
    try {
      this.#unwritten = this.#unwritten.subarray(writeSync(this.#fd, this.#unwritten));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
      if (code !== 'EAGAIN') {
        this.#break(code);
        return code;
      }
    }
    if (this.#unwritten.length > 0 && this.#timer === undefined) {
      const waitMs = Math.max(5, (this.#unwritten.length * bitsPerByte * 1000) / this.#link.baud);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#write();
      }, waitMs);
    }
    return undefined;
  }

  #break(error: string): void {
    if (this.#closed) return;
    this.close();
    this.#handlers.broken(failure('serial-lost', { device: this.#link.device, error }).problem);
  }
}
