/**
 * The first call of a function runs unoptimised code and opens what it needs: milliseconds for a first address start
 * against tenths later. A takeover is always a first start, so the host rehearses while nobody waits: the whole way
 * of an operation on an imaginary network, and the real system calls with a device number that does not exist, which
 * the kernel refuses without changing anything.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AddressFamily, NetworkAddress, NetworkLink, NetworkTools } from '../../../resource-agents/context.ts';
import { bytesOfAddress } from '../../../resource-agents/ipaddr/address-text.ts';
import { success } from '../../core/result.ts';
import { groupKey } from '../../core/types.ts';
import type { AgentAction, Operation } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import { createExecutor } from './executor.ts';
import { encodeLine, type HostSettings, lineReader, type ToHost } from './host-messages.ts';
import { createInventory } from './inventory.ts';
import { createOwnRunner } from './own-runner.ts';

const rounds = 60;
const realRounds = 20;
/** Of the documentation ranges of RFC 5737 and RFC 3849: on no network. */
const address = '192.0.2.1';
const addresses: Readonly<Record<AddressFamily, string>> = { ipv4: address, ipv6: '2001:db8::1' };

export async function warmUp(net: NetworkTools, clock: Clock, settings: HostSettings): Promise<void> {
  const rehearse = createRehearsal(clock, settings);
  for (let round = 0; round < rounds; round += 1) {
    await nextTurn();
    rehearse('start');
    rehearse('stop');
  }
  for (let round = 0; round < realRounds; round += 1) {
    await nextTurn();
    for (const family of ['ipv4', 'ipv6'] as const) await touch(net, family);
  }
}

function createRehearsal(clock: Clock, settings: HostSettings): (action: AgentAction) => void {
  const inventory = createInventory({ append: (record) => void JSON.stringify(record) }, []);
  const own = createOwnRunner({
    net: imaginaryNetwork(),
    nowUs: clock.nowUs,
    haDir: () => settings.haDir,
    conflictCheck: () => true,
    log: () => undefined,
    conflict: () => undefined,
  });
  const executor = createExecutor({ clock, inventory, own, settings: () => settings, tokenPrefix: 'warm-up' });
  const answers = lineReader(() => undefined);
  const orders = lineReader<ToHost>((message) => {
    if (message.type !== 'run') return;
    executor.submit(message.operation, (result) => void answers(encodeLine({ type: 'result', result })));
  });
  return (action) => void orders(encodeLine({ type: 'run', operation: operationFor(action) }));
}

function operationFor(action: AgentAction): Operation {
  const argument = `${address}/24/warm0`;
  const resource = { written: argument, kind: 'script', type: 'IPaddr', args: [argument] } as const;
  return { id: 1, group: groupKey('warm-up'), index: 0, resource, action, timeoutMs: 1000 };
}

async function touch(net: NetworkTools, family: AddressFamily): Promise<void> {
  const bytes = bytesOfAddress(addresses[family]) ?? new Uint8Array();
  const nowhere: NetworkAddress = { index: 0, family, address: bytes, prefixLength: 32, secondary: false };
  await net.links();
  await net.addresses();
  await net.routes(family);
  await net.addAddress(nowhere);
  await net.deleteAddress(nowhere);
  await net.announce(noLink, family, bytes);
  net.probe(noLink, family, bytes)?.close();
}

const noLink: NetworkLink = {
  index: 0,
  name: 'none',
  hardware: new Uint8Array(6),
  up: true,
  loopback: false,
  ethernet: true,
};

function imaginaryNetwork(): NetworkTools {
  const link: NetworkLink = { ...noLink, index: 1, name: 'warm0' };
  let held: NetworkAddress[] = [];
  return {
    links: () => success([link]),
    addresses: () => success(held),
    routes: () => success([]),
    addAddress(added) {
      held = [added];
      return success('added');
    },
    deleteAddress() {
      held = [];
      return success('deleted');
    },
    setLinkUp: () => success(undefined),
    announce: () => success(undefined),
    probe: () => ({ answeredBy: () => undefined, close: () => undefined }),
  };
}
