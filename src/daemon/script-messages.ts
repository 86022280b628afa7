/**
 * What scripts wrote into the FIFO, carried out: a command goes the way that the tools' commands go, everything else that
 * is allowed goes to the cluster. There is nobody to answer to, so every refusal is a line in the log.
 */
import type { Problem, Result } from '../core/result.ts';
import { readScriptMessage, type ScriptWish } from '../core/script-messages.ts';
import {
  abandonClassicStream,
  type ClassicItem,
  createClassicStream,
  hasBegun,
  readClassicStream,
} from '../core/transport/classic-stream.ts';
import type { Log } from '../ports/log.ts';
import { describeLine } from '../protocol/catalogue.ts';
import type { Administration } from './cluster-administration.ts';
import type { Driver } from './driver.ts';

export interface ScriptMessagesOptions {
  /** For the log. */
  readonly file: string;
  readonly driver: Pick<Driver, 'command'>;
  readonly administration: Administration;
  readonly log: Log;
  readonly nowMs: () => number;
}

export interface ScriptMessages {
  data(bytes: Uint8Array): void;
  close(): void;
}

const who = 'a script (fifo)';
/** A message is written with one call; whoever takes this long in the middle of one has died. */
const patienceMs = 5000;
const messagesPerSecond = 50;

export function createScriptMessages(options: ScriptMessagesOptions): ScriptMessages {
  const { file, log } = options;
  const stream = createClassicStream();
  let patience: NodeJS.Timeout | undefined;
  let second = 0;
  let taken = 0;
  let dropped = 0;

  function take(item: ClassicItem): void {
    if (item.kind === 'refused') {
      log.write('warning', { code: 'fifo-text-refused', fields: { file, bytes: item.bytes, reason: item.reason } });
      return;
    }
    if (!withinLimit()) return;
    const wish = readScriptMessage(item.message);
    if (!wish.ok) log.write('warning', wish.problem);
    else void carryOut(wish.value);
  }

  function withinLimit(): boolean {
    const now = Math.floor(options.nowMs() / 1000);
    if (now !== second) {
      if (dropped > 0)
        log.write('warning', { code: 'fifo-flood', fields: { file, limit: messagesPerSecond, dropped } });
      [second, taken, dropped] = [now, 0, 0];
    }
    taken++;
    if (taken <= messagesPerSecond) return true;
    dropped++;
    return false;
  }

  async function carryOut(wish: ScriptWish): Promise<void> {
    const problem = await problemOf(wish);
    if (problem === undefined) return;
    const verb = wish.kind === 'command' ? wish.command.verb : wish.kind === 'nodes' ? wish.verb : 'setNode';
    log.write('warning', { code: 'fifo-command-refused', fields: { verb, reason: describeLine(problem) } });
  }

  function problemOf(wish: ScriptWish): Promise<Problem | undefined> {
    const { administration } = options;
    switch (wish.kind) {
      case 'command':
        return options.driver.command(wish.command, who).accepted;
      case 'node':
        return administration.setNode(wish, who).then(failed);
      case 'nodes':
        return Promise.resolve(
          failed(
            wish.verb === 'addNode' ? administration.addNodes(wish.nodes) : administration.deleteNodes(wish.nodes, who),
          ),
        );
    }
  }

  return {
    data(bytes) {
      clearTimeout(patience);
      for (const item of readClassicStream(stream, bytes)) take(item);
      if (!hasBegun(stream)) return;
      patience = setTimeout(() => {
        for (const item of abandonClassicStream(stream)) take(item);
      }, patienceMs);
      patience.unref();
    },
    close: () => clearTimeout(patience),
  };
}

const failed = (result: Result<void>): Problem | undefined => (result.ok ? undefined : result.problem);
