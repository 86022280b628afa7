/** From a checked configuration and this node's identity to the pure core that runs it. */
import type { Configuration } from '../core/config/configuration.ts';
import { configurationCapability } from '../core/configuration-difference.ts';
import type { Engine } from '../core/engine.ts';
import { createNode } from '../core/node-state.ts';
import { reachOptions } from '../core/ping/reach-options.ts';
import { failure, type Result, success } from '../core/result.ts';
import { createTransport } from '../core/transport/machine.ts';
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
  const { timing, tuning } = configuration;
  const transport = createTransport({
    localNode: configuration.localNode,
    localUuid: inputs.uuid,
    generation: inputs.generation,
    peer,
    links: configuration.links.map((link) => link.id),
    serialLinks: configuration.links.filter(({ kind }) => kind === 'serial').map(({ id }) => id),
    timing,
    authentication: configuration.authentication,
    messageFormat: configuration.messageFormat,
    hopfudge: configuration.hopfudge,
    pingNodes: configuration.pingNodes.length,
    maxRexmitDelayMs: configuration.maxRexmitDelayMs,
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
    },
    inputs.generation,
  );
  return success({ transport, node });
}
