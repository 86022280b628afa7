/**
 * Sorts what comes in on one connection: the hello, and answers by the request they belong to. When the connection
 * ends, everybody who still waits is told so, once.
 */
import type { Socket } from 'node:net';
import { failure, type Result, success } from '../core/result.ts';
import { createFrameReader, encodeFrame } from '../protocol/frames.ts';
import { type Answer, type Hello, noRequest, readAnswer, readHello } from '../protocol/messages.ts';

export type Listener = (answer: Result<Answer>) => void;

export interface Channel {
  hello(timeoutMs: number): Promise<Result<Hello>>;
  send(message: object): Result<void>;
  listen(id: number, listener: Listener): void;
  forget(id: number): void;
  close(): void;
}

export function createChannel(socket: Socket, path: string): Channel {
  const reader = createFrameReader();
  const listeners = new Map<number, Listener>();
  let greeted: ((hello: Result<Hello>) => void) | undefined;
  let ended: Result<never> | undefined;

  const end = (problem: Result<never>) => {
    ended ??= problem;
    greeted?.(ended);
    greeted = undefined;
    for (const listener of [...listeners.values()]) listener(ended);
    listeners.clear();
    socket.destroy();
  };
  const receive = (frame: unknown) => {
    const hello = readHello(frame);
    if (hello !== undefined) {
      greeted?.(success(hello));
      greeted = undefined;
      return;
    }
    const answer = readAnswer(frame);
    if (answer === undefined) return;
    // An answer to nobody is about the connection as a whole: too many clients, a frame that could not be read.
    if (answer.id === noRequest && !answer.ok) end(answer);
    else listeners.get(answer.id)?.(success(answer));
  };
  socket.on('data', (chunk: Buffer) => {
    const frames = reader.push(chunk);
    if (!frames.ok) return end(failure('daemon-unreadable', { socket: path, reason: frames.problem.code }));
    for (const frame of frames.value) receive(frame);
  });
  socket.on('error', () => {});
  socket.on('close', () => end(failure('connection-lost', { socket: path })));

  return {
    hello: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          greeted = undefined;
          resolve(failure('answer-timeout', { socket: path, timeoutMs }));
        }, timeoutMs);
        greeted = (hello) => {
          clearTimeout(timer);
          resolve(hello);
        };
        if (ended !== undefined) greeted(ended);
      }),
    send(message) {
      if (ended !== undefined) return ended;
      const frame = encodeFrame(message);
      if (!frame.ok) return frame;
      socket.write(frame.value);
      return success(undefined);
    },
    listen: (id, listener) => void listeners.set(id, listener),
    forget: (id) => void listeners.delete(id),
    close: () => socket.destroy(),
  };
}
