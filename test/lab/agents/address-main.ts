/**
 * Runs inside a machine of the lab: a daemon's side of the agent host, told by lines of JSON on standard input what to
 * do, answering each with one line.
 */
import { createInterface } from 'node:readline';
import type { ResourceConfiguration } from '../../../src/core/config/configuration.ts';
import { groupKey } from '../../../src/core/types.ts';
import { createAgentHost } from '../../../src/io/agent-host/agent-host.ts';
import { createOwnRunner } from '../../../src/io/agent-host/own-runner.ts';
import { createClock } from '../../../src/io/clock.ts';
import { createCommandTools } from '../../../src/io/netlink/command-tools.ts';
import type { AgentAction, HostHello, Operation, OperationResult } from '../../../src/ports/agents.ts';

export interface AddressOrder {
  readonly do: AgentAction | 'release' | 'stop-host-process' | 'events' | 'by-commands';
  /** For `release`: several, separated by spaces. */
  readonly address?: string;
  readonly type?: string;
  readonly careful?: boolean;
  /** For `by-commands`. */
  readonly action?: AgentAction;
}

export interface AddressAnswer {
  readonly result?: Partial<OperationResult>;
  readonly tookUs: number;
  readonly conflicts: readonly string[];
  readonly hostPid: number;
}

const clock = createClock();
const conflicts: string[] = [];
const waiting = new Map<number, (result: OperationResult) => void>();
let hello: HostHello | undefined;
let ids = 0;

const host = createAgentHost({
  runDir: '/run/address-lab',
  haDir: '/etc/ha.d',
  stateDir: '/run/address-lab',
  environment: {},
  log: { write: (level, message) => process.stderr.write(`${level} ${JSON.stringify(message)}\n`) },
});
const commands = createOwnRunner({
  net: createCommandTools(),
  nowUs: clock.nowUs,
  haDir: () => '/etc/ha.d',
  conflictCheck: () => true,
  log: () => undefined,
  conflict: () => undefined,
});

function operationFor(action: AgentAction, order: AddressOrder): Operation {
  ids += 1;
  const type = order.type ?? 'IPaddr';
  const address = order.address ?? '';
  const resource: ResourceConfiguration = {
    written: `${type}::${address}`,
    kind: 'script',
    type,
    args: address === '' ? [] : address.split('::'),
  };
  return {
    id: ids,
    group: groupKey('lab'),
    index: 0,
    resource,
    action,
    timeoutMs: 10_000,
    careful: order.careful === true,
  };
}

function answered(operation: Operation, send: () => void): Promise<OperationResult> {
  return new Promise((resolve) => {
    waiting.set(operation.id, resolve);
    send();
  });
}

async function obey(order: AddressOrder): Promise<Partial<OperationResult> | undefined> {
  switch (order.do) {
    case 'events':
      return undefined;
    case 'stop-host-process':
      process.kill(hello!.hostPid, 'SIGSTOP');
      return undefined;
    case 'by-commands':
      return commands.run(operationFor(order.action ?? 'status', order));
    case 'release': {
      const operations = (order.address ?? '').split(' ').map((address) => operationFor('stop', { ...order, address }));
      const results = operations.map((operation) => answered(operation, () => undefined));
      host.releaseAddresses(operations);
      const failed = (await Promise.all(results)).find((result) => result.outcome !== 'done');
      return failed ?? { outcome: 'done' };
    }
    default: {
      const operation = operationFor(order.do, order);
      return answered(operation, () => host.run(operation));
    }
  }
}

hello = await host.connect(
  { deadtimeMs: 60_000, marginMs: 2000, realtime: true, realtimePriority: 1 },
  {
    result: (result) => waiting.get(result.id)?.(result),
    lost: () => undefined,
    ready: (again) => {
      hello = again;
    },
    guardianActed: () => undefined,
    conflict: (conflict) => void conflicts.push(conflict.hardwareAddress),
  },
);
setInterval(() => host.beat(clock.nowUs()), 1000);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const startedUs = clock.nowUs();
  const result = await obey(JSON.parse(line) as AddressOrder);
  const answer: AddressAnswer = {
    ...(result === undefined ? {} : { result }),
    tookUs: clock.nowUs() - startedUs,
    conflicts,
    hostPid: hello.hostPid,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
