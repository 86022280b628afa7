/** The network port over serial lines. One that cannot be opened, or is pulled out, is tried again every second. */
import { assert } from '../../core/assert.ts';
import type { SerialLink } from '../../core/config/configuration.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import type { LinkId } from '../../core/types.ts';
import type { LinkWarning, Network, NetworkHandlers } from '../../ports/network.ts';
import { libc } from '../libc.ts';
import { createLinkHealth, type LinkHealth } from '../udp/link-health.ts';
import type { NetworkOptions } from '../udp/network.ts';
import { openSerialPort, type SerialPort } from './serial-port.ts';

interface Line {
  readonly link: SerialLink;
  readonly health: LinkHealth;
  port: SerialPort | undefined;
}

export function createSerialNetwork(links: readonly SerialLink[], options: NetworkOptions): Network {
  const native = 'native' in options ? options.native : libc();
  const lines = new Map<LinkId, Line>();
  let handlers: NetworkHandlers | undefined;
  let retryTimer: NodeJS.Timeout | undefined;

  const openAll = (): Problem | undefined => {
    let first: Problem | undefined;
    for (const line of lines.values()) {
      const problem = line.port === undefined ? openLine(line) : undefined;
      first ??= problem;
      line.health.opened(problem);
    }
    if (first !== undefined) retryLater();
    return first;
  };
  const openLine = (line: Line): Problem | undefined => {
    if (native === undefined)
      return failure('native-calls-unavailable', { needed: 'settings of serial lines' }).problem;
    const opened = openSerialPort(native, line.link, {
      frame: (bytes) => handlers?.datagram(line.link.id, bytes, line.link.device),
      broken: (problem) => {
        line.port = undefined;
        line.health.opened(problem);
        retryLater();
      },
    });
    if (!opened.ok) return opened.problem;
    line.port = opened.value;
    return undefined;
  };
  const retryLater = (): void => {
    if (handlers === undefined || retryTimer !== undefined) return;
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      openAll();
    }, options.retryIntervalMs ?? 1000);
  };

  return {
    async open(given): Promise<Result<readonly LinkWarning[]>> {
      assert(handlers === undefined, 'a network is opened once');
      handlers = given;
      for (const link of links)
        lines.set(link.id, { link, health: createLinkHealth(link.id, options.nowUs, given), port: undefined });
      const first = openAll();
      if ([...lines.values()].some(({ port }) => port !== undefined)) return success([]);
      if (options.keepTrying !== true) this.close();
      return failure('no-link-opens', {
        links: links.length,
        first: first?.code ?? 'none configured',
        ...first?.fields,
      });
    },
    change: () => [],
    transmit(id, bytes) {
      const line = lines.get(id);
      assert(line !== undefined, `transmit on a link that is not configured: ${id}`);
      if (line.port !== undefined) line.health.sent(line.port.send(bytes));
    },
    drain(done) {
      queueMicrotask(() => {
        for (const { port } of lines.values()) port?.drain();
        if (handlers !== undefined) done();
      });
    },
    close() {
      handlers = undefined;
      clearTimeout(retryTimer);
      for (const line of lines.values()) {
        line.port?.close();
        line.port = undefined;
      }
    },
  };
}
