/**
 * The ping port: echo requests without a process for each. Every question carries a random token, and only an answer
 * with that token, from the address that was asked, counts: nobody who does not see the question can answer it.
 *
 * Node cannot watch such a socket, so it is looked at: before each round of questions and a few times after it, with
 * growing pauses, until all have been answered. A ping node is dead after seconds; a millisecond is nothing to it.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { PingTarget } from '../../core/config/configuration.ts';
import type { Problem } from '../../core/result.ts';
import type { Ping, PingHandlers } from '../../ports/ping.ts';
import { type Libc, libc } from '../libc.ts';
import { equalBytes } from '../raw-socket/frames.ts';
import type { Family } from './echo.ts';
import { type EchoSocket, openEchoSocket } from './echo-socket.ts';
import { createPingCommand, type PingCommand } from './ping-command.ts';
import { type TargetAddress, targetAddress } from './target-address.ts';

export interface PingOptions {
  readonly native?: Libc | undefined;
  readonly command?: PingCommand;
}

interface Question {
  readonly text: string;
  readonly address: TargetAddress;
  readonly token: Uint8Array;
}

const tokenBytes = 16;
/** Beyond that the oldest will not be answered any more. */
const questionsMax = 1024;
/** More than can be waiting for as many questions. */
const readsMax = 2048;
const lookAfterMs = [1, 5, 20, 80, 300, 1000] as const;

export function createPing(options: PingOptions = {}): Ping {
  const native = 'native' in options ? options.native : libc();
  const command = options.command ?? createPingCommand();
  const identifier = randomInt(0x10000);
  /** Undefined: none could be had. */
  const sockets = new Map<Family, EchoSocket | undefined>();
  const questions = new Map<number, Question>();
  let handlers: PingHandlers | undefined;
  let sequence = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function look(): void {
    for (const [family, socket] of sockets) {
      for (const { source, echo } of socket?.read(readsMax) ?? []) {
        const question = questions.get(echo.sequence);
        if (question === undefined || question.address.family !== family) continue;
        if (!equalBytes(question.token, echo.payload) || !equalBytes(question.address.bytes, source)) continue;
        questions.delete(echo.sequence);
        if (!closed) handlers?.answered(question.text);
      }
    }
  }

  function lookAgain(turn: number): void {
    clearTimeout(timer);
    const afterMs = lookAfterMs[turn];
    if (afterMs === undefined || questions.size === 0 || closed) return;
    timer = setTimeout(() => {
      look();
      lookAgain(turn + 1);
    }, afterMs);
    timer.unref();
  }

  function put(target: PingTarget, address: TargetAddress, socket: EchoSocket): void {
    sequence = (sequence + 1) & 0xffff;
    const token = randomBytes(tokenBytes);
    questions.delete(sequence);
    questions.set(sequence, { text: target.address, address, token });
    if (questions.size > questionsMax) forgetOldest(questions);
    if (!socket.send(address, sequence, token)) questions.delete(sequence);
  }

  /** Once for each family, when the first address of it is known. */
  function openFor(family: Family): Problem | undefined {
    if (sockets.has(family)) return undefined;
    const opened = native === undefined ? undefined : openEchoSocket(native, family, identifier);
    sockets.set(family, opened?.ok ? opened.value : undefined);
    if (opened?.ok) return undefined;
    const error = opened === undefined ? 'no native calls' : String(opened.problem.fields['error']);
    return { code: 'ping-by-command', fields: { family: family === 4 ? 'IPv4' : 'IPv6', error } };
  }

  return {
    open(targets, given) {
      handlers = given;
      return targets.flatMap((target) => openFor(target.family) ?? []);
    },
    ask(targets) {
      if (closed || handlers === undefined) return;
      look();
      for (const target of targets) {
        const address = targetAddress(target.address);
        if (address === undefined) continue;
        // A reload may bring the first address of a family.
        const problem = openFor(target.family);
        if (problem !== undefined) handlers.problem?.(problem);
        const socket = sockets.get(target.family);
        if (socket !== undefined) put(target, address, socket);
        else command.ask(target, () => handlers?.answered(target.address));
      }
      lookAgain(0);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      command.close();
      for (const socket of sockets.values()) socket?.close();
      sockets.clear();
    },
  };
}

function forgetOldest(questions: Map<number, Question>): void {
  for (const oldest of questions.keys()) {
    questions.delete(oldest);
    return;
  }
}
