/** From a checked configuration and this node's identity to the pure core that runs it. */
import type { Configuration } from '../core/config/configuration.ts';
import { configurationCapability } from '../core/configuration-difference.ts';
import type { Engine } from '../core/engine.ts';
import type { FencingSettings } from '../core/fencing/settings.ts';
import { createNode, type NodeSettings } from '../core/node-state.ts';
import { reachOptions } from '../core/ping/reach-options.ts';
import { failure, type Result, success } from '../core/result.ts';
import { createTransport, type TransportSettings } from '../core/transport/machine.ts';
import type { PersistedPeer } from '../core/transport/state.ts';
import { nodeHashes } from '../io/hashes.ts';
import { nodeZlib } from '../io/zlib.ts';

export interface EngineInputs {
  readonly uuid: string;
  readonly generation: number;
  readonly persistedPeers: readonly PersistedPeer[];
  readonly seed: number;
  readonly entropy: string;
  readonly wallSeconds: number;
  readonly loadAverage: string;
}

export function createEngine(configuration: Configuration, inputs: EngineInputs): Result<Engine> {
  const peer = configuration.nodes.find((node) => node !== configuration.localNode);
  if (peer === undefined) return failure('no-peer-configured', { node: configuration.localNode });
  const transport = createTransport({
    localNode: configuration.localNode,
    localUuid: inputs.uuid,
    generation: inputs.generation,
    peer,
    ...transportSettings(configuration),
    authentication: configuration.authentication,
    seed: inputs.seed,
    persistedPeers: inputs.persistedPeers,
    hashes: nodeHashes,
    entropy: inputs.entropy,
    zlib: nodeZlib,
    ...(configuration.compression === undefined ? {} : { compression: configuration.compression }),
    capabilities: ['groups', configurationCapability, 'zlib', 'bz2', 'probe'],
    wallSeconds: inputs.wallSeconds,
    loadAverage: inputs.loadAverage,
  });
  const node = createNode(
    {
      self: configuration.localNode,
      peer,
      uuid: inputs.uuid,
      unmanaged: configuration.resourceManager === 'crm',
      ...nodeSettings(configuration),
    },
    inputs.generation,
  );
  return success({ transport, node });
}

/** What a reload takes up of the transport's options. */
export function transportSettings(configuration: Configuration): TransportSettings {
  const { links, timing, messageFormat, hopfudge, maxRexmitDelayMs, pingNodes } = configuration;
  return {
    links: links.map((link) => link.id),
    serialLinks: links.filter(({ kind }) => kind === 'serial').map(({ id }) => id),
    timing,
    messageFormat,
    hopfudge,
    pingNodes: pingNodes.length,
    maxRexmitDelayMs,
  };
}

export function nodeSettings(configuration: Configuration): NodeSettings {
  const { timing, tuning } = configuration;
  return {
    groups: configuration.groups,
    deadtimeMs: timing.deadtimeMs,
    keepaliveMs: timing.keepaliveMs,
    initdeadMs: timing.initdeadMs,
    autoFailback: configuration.autoFailback !== 'off',
    legacyFailback: configuration.autoFailback === 'legacy',
    configurationDigest: configuration.digest,
    configurationMeaning: configuration.meaning,
    clients: configuration.helpers.map(({ kind }) => kind),
    startTimeoutMs: tuning.startTimeoutMs,
    stopTimeoutMs: tuning.stopTimeoutMs,
    statusTimeoutMs: tuning.statusTimeoutMs,
    stopRetryDelayMs: tuning.stopRetryDelayMs,
    stopRetryMax: tuning.stopRetryMax,
    announceIntervalMs: tuning.announceIntervalMs,
    monitoring: tuning.monitoring,
    reach: reachOptions(configuration),
    fencing: fencingSettings(configuration),
  };
}

/** Names only: what a device is told stays out of the core. */
function fencingSettings({ fencing, tuning }: Configuration): FencingSettings | undefined {
  if (fencing === undefined) return undefined;
  return {
    devices: fencing.devices.map(({ name, type }) => ({ name, type })),
    action: tuning.fenceAction,
    timeoutMs: tuning.fenceTimeoutMs,
    delayMs: tuning.fenceDelayMs,
    waitForAll: tuning.waitForAll,
    probeIntervalMs: tuning.fenceProbeIntervalMs,
  };
}
