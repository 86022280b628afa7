/**
 * Whose request is next. Tools get what they ask for at once; whoever asks without end gets no more than the daemon can
 * answer beside its keepalives: a few requests in one turn of the event loop, some hundred a second for all together. The
 * sockets take turns, and so do the clients of each, so that a crowd on the public socket does not keep the
 * administrator waiting (S18).
 */
export interface TurnTaker {
  /** Serves one request; what that cost, in requests of ordinary size. 0: there was none. */
  takeOne(): number;
}

export interface Turns {
  /** The client has something to ask. Once is enough: it is asked again until it has nothing left. */
  wants(socket: string, taker: TurnTaker): void;
  close(): void;
}

export interface TurnLimits {
  readonly requestsPerSecond: number;
  /** After a quiet while so many are served without a pause. */
  readonly requestsAtOnce: number;
}

const requestsPerTurn = 4;
const pauseMs = 10;

export function createTurns(limits: TurnLimits, nowMs: () => number = () => performance.now()): Turns {
  const queues = new Map<string, TurnTaker[]>();
  let tokens = limits.requestsAtOnce;
  let refilledMs = nowMs();
  let pumping = false;
  let later: { readonly timeout?: NodeJS.Timeout; readonly immediate?: NodeJS.Immediate } | undefined;

  const refill = (): void => {
    const now = nowMs();
    tokens = Math.min(limits.requestsAtOnce, tokens + ((now - refilledMs) * limits.requestsPerSecond) / 1000);
    refilledMs = now;
  };

  /** The socket that was served moves to the end. */
  const nextTaker = (): { readonly socket: string; readonly taker: TurnTaker } | undefined => {
    for (const [socket, queue] of queues) {
      const taker = queue.shift();
      queues.delete(socket);
      if (taker === undefined) continue;
      queues.set(socket, queue);
      return { socket, taker };
    }
    return undefined;
  };

  const pump = (): void => {
    later = undefined;
    pumping = true;
    refill();
    for (let served = 0; served < requestsPerTurn && tokens >= 1; served += 1) {
      const next = nextTaker();
      if (next === undefined) break;
      const cost = next.taker.takeOne();
      tokens -= cost;
      if (cost > 0) queueOf(next.socket).push(next.taker);
    }
    pumping = false;
    if (queues.size === 0) return;
    later = tokens >= 1 ? { immediate: setImmediate(pump) } : { timeout: setTimeout(pump, pauseMs) };
  };

  const queueOf = (socket: string): TurnTaker[] => {
    const queue = queues.get(socket) ?? [];
    queues.set(socket, queue);
    return queue;
  };

  return {
    wants(socket, taker) {
      const queue = queueOf(socket);
      if (!queue.includes(taker)) queue.push(taker);
      if (!pumping && later === undefined) pump();
    },
    close() {
      queues.clear();
      clearTimeout(later?.timeout);
      clearImmediate(later?.immediate);
    },
  };
}
