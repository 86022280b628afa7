/** The engine of one daemon, put together as src/daemon/engine-factory.ts does it from configuration and disk. */
import type { Engine } from '../../../src/core/engine.ts';
import type { FencingSettings } from '../../../src/core/fencing/settings.ts';
import type { NodeSettings } from '../../../src/core/node-state.ts';
import type { TransportSettings } from '../../../src/core/transport/state.ts';
import type { Machine } from './machine.ts';
import type { Setup } from './setup.ts';
import { cores } from './versions.ts';

export function createEngine(machine: Machine, generation: number): Engine {
  const { world } = machine;
  const { createNode, createTransport } = cores[machine.version];
  const transport = createTransport({
    localNode: machine.name,
    localUuid: machine.uuid,
    generation,
    peer: machine.other.name,
    ...transportSettings(machine.files),
    authentication: machine.keys,
    seed: machine.streams.clock.uint32(),
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
      ...nodeSettings(machine.files),
    },
    generation,
  );
  return { transport, node };
}

/** What a reload brings. */
export function transportSettings(files: Setup): TransportSettings {
  const { keepaliveMs, deadtimeMs, warntimeMs, initdeadMs, links, messageFormat } = files;
  const timing = { keepaliveMs, deadtimeMs, warntimeMs, initdeadMs, deadpingMs: deadtimeMs };
  return { links, timing, messageFormat, hopfudge: 1, maxRexmitDelayMs: 250 };
}

function fencingSettings({ fencing }: Setup): FencingSettings | undefined {
  if (fencing === undefined) return undefined;
  const { action, timeoutMs, delayMs, waitForAll, probeIntervalMs } = fencing;
  const devices = Array.from({ length: fencing.devices }, (_, index) => ({ name: `fence${index}`, type: 'simulated' }));
  return { devices, action, timeoutMs, delayMs, waitForAll, probeIntervalMs };
}

export function nodeSettings(files: Setup): NodeSettings {
  return {
    groups: files.groups,
    deadtimeMs: files.deadtimeMs,
    keepaliveMs: files.keepaliveMs,
    initdeadMs: files.initdeadMs,
    autoFailback: files.autoFailback,
    configurationDigest: '0123456789abcdef',
    configurationMeaning: [],
    startTimeoutMs: files.startTimeoutMs,
    stopTimeoutMs: files.stopTimeoutMs,
    statusTimeoutMs: files.startTimeoutMs,
    stopRetryDelayMs: files.stopRetryDelayMs,
    stopRetryMax: files.stopRetryMax,
    announceIntervalMs: files.announceIntervalMs,
    monitoring: files.monitoring,
    fencing: fencingSettings(files),
    reach: {
      pingNodes: files.pingNodes.map((name) => ({
        name,
        kind: 'ping' as const,
        targets: [{ address: name, family: 4 as const }],
        intervalUs: files.keepaliveMs * 1000,
        deadUs: files.deadpingMs * 1000,
        listed: true,
      })),
      ipfail: files.ipfail,
      pingd: [],
    },
  };
}
