/**
 * The first call of a function runs unoptimised code and loads what it needs: about 3 ms for a first address start
 * against 0.3 ms later. A takeover is always a first start, so the host runs the agent a few times on an imaginary
 * network before it is asked, and asks the real one what it may ask without changing anything.
 */

import type { AgentContext, NetworkAddress, NetworkLink, NetworkTools } from '../../../resource-agents/context.ts';
import { IPaddr } from '../../../resource-agents/IPaddr.ts';
import { success } from '../../core/result.ts';
import { groupKey } from '../../core/types.ts';
import type { Operation } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OwnRunner } from './own-runner.ts';

const rounds = 50;
const realRounds = 5;
/** TEST-NET-1 of RFC 5737: on no network. */
const address = '192.0.2.1';

export function warmUp(own: OwnRunner, clock: Clock): void {
  void warm(own, clock);
}

async function warm(own: OwnRunner, clock: Clock): Promise<void> {
  const context = imaginaryContext(clock);
  for (let round = 0; round < rounds; round += 1) {
    await IPaddr.start(context);
    await IPaddr.stop(context);
  }
  for (let round = 0; round < realRounds; round += 1) await own.run(statusOperation);
}

const statusOperation: Operation = {
  id: 0,
  group: groupKey('warm-up'),
  index: 0,
  resource: { written: address, kind: 'script', type: 'IPaddr', args: [address] },
  action: 'status',
  timeoutMs: 1000,
};

function imaginaryContext(clock: Clock): AgentContext {
  return {
    parameters: { ip: address, nic: 'warm0', cidr_netmask: '24' },
    careful: false,
    conflictCheck: true,
    net: imaginaryNetwork(),
    nowUs: clock.nowUs,
    sleep: () => Promise.resolve(),
    background: () => undefined,
    log: () => undefined,
    conflict: () => undefined,
  };
}

function imaginaryNetwork(): NetworkTools {
  const link: NetworkLink = {
    index: 1,
    name: 'warm0',
    hardware: new Uint8Array(6),
    up: true,
    loopback: false,
    ethernet: true,
  };
  let addresses: NetworkAddress[] = [];
  return {
    links: () => success([link]),
    addresses: () => success(addresses),
    routes: () => success([]),
    addAddress(added) {
      addresses = [added];
      return success('added');
    },
    deleteAddress() {
      addresses = [];
      return success('deleted');
    },
    setLinkUp: () => success(undefined),
    announce: () => success(undefined),
    probe: () => ({ answeredBy: () => undefined, close: () => undefined }),
  };
}
