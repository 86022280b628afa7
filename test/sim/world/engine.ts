/** The engine of one daemon, put together as src/daemon/engine-factory.ts does it from configuration and disk. */
import type { Engine } from '../../../src/core/engine.ts';
import { createNode } from '../../../src/core/node-state.ts';
import { createTransport } from '../../../src/core/transport/state.ts';
import type { Machine } from './machine.ts';

export function createEngine(machine: Machine, generation: number): Engine {
  const { world } = machine;
  const { setup } = world;
  const timing = {
    keepaliveMs: setup.keepaliveMs,
    deadtimeMs: setup.deadtimeMs,
    warntimeMs: setup.warntimeMs,
    initdeadMs: setup.initdeadMs,
    deadpingMs: setup.deadtimeMs,
  };
  const transport = createTransport({
    localNode: machine.name,
    localUuid: machine.uuid,
    generation,
    peer: machine.other.name,
    links: setup.links,
    timing,
    authentication: {
      sendIndex: 1,
      keys: [{ index: 1, method: world.macMethod, secret: 'simulated' }],
      weaknesses: [],
    },
    messageFormat: setup.messageFormat,
    hopfudge: 1,
    maxRexmitDelayMs: 250,
    seed: world.clockDraw.uint32(),
    persistedPeers: machine.disk.peers,
    hashes: world.hashes,
    entropy: `entropy of ${machine.name}`,
    capabilities: [],
    wallSeconds: 1_700_000_000,
    loadAverage: '0.00 0.00 0.00 1/1 1',
  });
  const node = createNode(
    {
      self: machine.name,
      peer: machine.other.name,
      uuid: machine.uuid,
      groups: setup.groups,
      deadtimeMs: setup.deadtimeMs,
      keepaliveMs: setup.keepaliveMs,
      initdeadMs: setup.initdeadMs,
      autoFailback: setup.autoFailback,
      configurationDigest: '0123456789abcdef',
      startTimeoutMs: setup.startTimeoutMs,
      stopTimeoutMs: setup.stopTimeoutMs,
      statusTimeoutMs: setup.startTimeoutMs,
      stopRetryDelayMs: setup.stopRetryDelayMs,
      stopRetryMax: setup.stopRetryMax,
      announceIntervalMs: setup.announceIntervalMs,
      monitoring: setup.monitoring,
      reach: {
        pingNodes: setup.pingNodes.map((name) => ({
          name,
          kind: 'ping' as const,
          targets: [{ address: name, family: 4 as const }],
          intervalUs: setup.keepaliveMs * 1000,
          deadUs: setup.deadpingMs * 1000,
          listed: true,
        })),
        ipfail: setup.ipfail,
        pingd: [],
      },
    },
    generation,
  );
  return { transport, node };
}
