/**
 * One connection of this daemon to its agent host, with the watch over it: the host answers pings, and one that has not
 * answered for the hang limit is given up. After a pause of this process itself nothing is concluded, and the socket is
 * read once more before silence is believed.
 */
import type { Socket } from 'node:net';
import type { Problem } from '../../core/result.ts';
import type { ServiceView } from '../../core/services/service.ts';
import type { WatchdogView } from '../../core/watchdog-view.ts';
import type {
  AddressConflict,
  FenceProbeResult,
  FenceResult,
  GuardianTerms,
  HostHello,
  InventoryEntry,
  OperationResult,
} from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogLevel } from '../../ports/log.ts';
import { drain } from './drain.ts';
import {
  encodeLine,
  type FromHost,
  type HostSettings,
  hostProtocolVersion,
  lineReader,
  type ToHost,
} from './host-messages.ts';

export interface HostLineHandlers {
  result(result: OperationResult): void;
  guardianActed(inventory: readonly InventoryEntry[]): void;
  conflict(conflict: AddressConflict): void;
  outdated(id: number, exitCode: number | undefined): void;
  fenced(result: FenceResult): void;
  fenceDeviceProbed(result: FenceProbeResult): void;
  hookEnded(number: number): void;
  services(services: readonly ServiceView[]): void;
  watchdog(watchdog: WatchdogView | undefined): void;
  log(level: LogLevel, message: Problem): void;
  /** Once, and not before a hello has been answered. `superseded`: the host lives and serves another daemon. */
  closed(reason: string, superseded: boolean): void;
}

export interface HostLine {
  /** Undefined when the host does not answer properly within a second. */
  readonly hello: Promise<HostHello | undefined>;
  isOpen(): boolean;
  /** The host can run fence devices (one of an older version cannot). */
  fences(): boolean;
  send(message: ToHost): void;
  /** Says a last word and closes; `closed` is not called. */
  end(message: ToHost): void;
}

const helloPatienceMs = 1000;
const drainTurns = 3;

export function openHostLine(
  socket: Socket,
  terms: GuardianTerms,
  settings: HostSettings,
  clock: Clock,
  handlers: HostLineHandlers,
): HostLine {
  let greeted = false;
  let fences = false;
  let answerHello: (hello: HostHello | undefined) => void = () => undefined;
  const hello = new Promise<HostHello | undefined>((resolve) => {
    answerHello = resolve;
  });
  const watch = createWatch(
    terms,
    clock,
    (number) => send({ type: 'ping', number }),
    () => give('the agent host hangs'),
  );
  const send = (message: ToHost): void => {
    if (!socket.destroyed) socket.write(encodeLine(message));
  };
  const give = (reason: string, superseded = false): void => {
    watch.stop();
    clearTimeout(patience);
    socket.destroy();
    answerHello(undefined);
    if (greeted) handlers.closed(reason, superseded);
    greeted = false;
  };
  const patience = setTimeout(() => give('no answer'), helloPatienceMs);

  const read = lineReader<FromHost>((message) => {
    switch (message.type) {
      case 'hello':
        if (message.version !== hostProtocolVersion) return give('the agent host speaks another version');
        clearTimeout(patience);
        greeted = true;
        fences = message.fences === true;
        watch.start();
        return answerHello(message.hello);
      case 'superseded':
        return give('another daemon has taken over the agent host', true);
      case 'pong':
        return watch.answered();
      case 'hookEnded':
        return handlers.hookEnded(message.number);
      case 'result':
        return handlers.result(message.result);
      case 'guardianActed':
        return handlers.guardianActed(message.inventory);
      case 'outdated':
        return handlers.outdated(message.id, message.exitCode);
      case 'fenced':
        return handlers.fenced(message.result);
      case 'fenceDeviceProbed':
        return handlers.fenceDeviceProbed(message.result);
      case 'conflict':
        return handlers.conflict(message.conflict);
      case 'services':
        return handlers.services(message.services);
      case 'watchdog':
        return handlers.watchdog(message.watchdog);
      case 'log':
        return handlers.log(message.level, message.message);
    }
  });
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    if (!read(chunk)) give('the agent host sent something that is not a message');
  });
  socket.on('error', () => undefined);
  socket.once('close', () => give('the agent host ended'));
  send({ type: 'hello', version: hostProtocolVersion, terms, settings });

  return {
    hello,
    isOpen: () => !socket.destroyed,
    fences: () => fences,
    send,
    end(message) {
      greeted = false;
      watch.stop();
      socket.end(encodeLine(message));
    },
  };
}

interface Watch {
  start(): void;
  answered(): void;
  stop(): void;
}

/** Pings four times within the limit; a host at normal priority may wait 200 ms for its turn on a busy machine. */
function createWatch(terms: GuardianTerms, clock: Clock, ping: (number: number) => void, hangs: () => void): Watch {
  const limitMs = Math.min(5000, Math.max(1000, terms.deadtimeMs));
  const intervalMs = limitMs / 4;
  let answeredUs = 0;
  let tickedUs = 0;
  let number = 0;
  let timer: NodeJS.Timeout | undefined;

  const tick = (): void => {
    const nowUs = clock.nowUs();
    // This process was held up itself, and perhaps the whole machine: begin to count anew.
    if (nowUs - tickedUs > 2 * intervalMs * 1000) answeredUs = nowUs;
    tickedUs = nowUs;
    if (nowUs - answeredUs < limitMs * 1000) {
      number += 1;
      ping(number);
      return;
    }
    drain(drainTurns, () => {
      if (timer !== undefined && clock.nowUs() - answeredUs >= limitMs * 1000) hangs();
    });
  };

  return {
    start() {
      answeredUs = tickedUs = clock.nowUs();
      timer = setInterval(tick, intervalMs);
    },
    answered() {
      answeredUs = clock.nowUs();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
