/**
 * Draws a pair and the faults that it will meet from a seed, swarm style: every class of faults is left out of about
 * half of the runs, so that what one of them hides another run shows.
 */
import { linkId } from '../../src/core/types.ts';
import { Draw } from './world/draw.ts';
import { makeGroup, nodeNames, plainSetup, type ResourceKind, type Setup } from './world/setup.ts';

export const faultClasses = [
  'loss',
  'duplicates',
  'reordering',
  'damage',
  'replay',
  'cut',
  'oneWay',
  'oneLink',
  'powerLoss',
  'daemonKill',
  'hostKill',
  'bothKill',
  'freeze',
  'daemonStop',
  'startFailure',
  'stopFailure',
  'slowAgents',
  'slowDisk',
  'failingDisk',
  'operator',
  'gracefulStop',
  'reload',
] as const;
/** The last one only where there are ping nodes. */
export type FaultClass = (typeof faultClasses)[number] | 'outsideCut';

export interface Swarm {
  readonly setup: Setup;
  readonly classes: ReadonlySet<FaultClass>;
  /** Mean time between faults of a class. */
  readonly meanMs: number;
  readonly faultPhaseMs: number;
  /** Both nodes begin at once, one after the other, or one alone for a long time. */
  readonly secondBootMs: number;
  /** The probability that a fault of a node hits both at once. */
  readonly together: number;
}

export function drawSwarm(seed: number): Swarm {
  const draw = new Draw(seed, 'swarm');
  const drawn = faultClasses.filter((name) => name !== 'reload' && draw.chance(0.4));
  const classes = new Set<FaultClass>(drawn);
  // A class that came later draws for itself, so that the seeds before it stay what they were.
  if (new Draw(seed, 'reload').chance(0.4)) classes.add('reload');
  const setup = withPingNodes(drawSetup(draw), new Draw(seed, 'outside'));
  if (setup.pingNodes.length > 0) classes.add('outsideCut');
  return {
    setup,
    classes,
    meanMs: draw.logUniform(1500, 15_000),
    faultPhaseMs: draw.between(30_000, 90_000),
    secondBootMs: draw.pick([0, 0, draw.between(0, 500), draw.between(500, 10_000)]),
    together: draw.chance(0.5) ? 0.2 : 0,
  };
}

function drawSetup(draw: Draw): Setup {
  const keepaliveMs = draw.pick([100, 100, 100, 50, 200, 250]);
  const deadtimeMs = keepaliveMs * draw.pick([3, 3, 5, 10]);
  const lowerFirst = draw.chance(0.5);
  const [low, high] = plainSetup.uuids;
  return {
    ...plainSetup,
    keepaliveMs,
    deadtimeMs,
    warntimeMs: 2 * keepaliveMs,
    initdeadMs: 2 * deadtimeMs + draw.between(0, 3000),
    autoFailback: draw.chance(0.5),
    links: draw.chance(0.6) ? [linkId('ucast/eth0/peer')] : [linkId('ucast/eth0/peer'), linkId('bcast/eth1')],
    groups: drawGroups(draw),
    startTimeoutMs: draw.between(500, 3000),
    stopTimeoutMs: draw.between(500, 3000),
    stopRetryDelayMs: draw.between(50, 500),
    stopRetryMax: draw.between(1, 3),
    announceIntervalMs: draw.chance(0.3) ? 5000 : 0,
    guardianMarginMs: Math.round(deadtimeMs * draw.pick([0.15, 0.3])),
    messageFormat: draw.chance(0.8) ? 'netstring' : 'classic',
    uuids: lowerFirst ? [low, high] : [high, low],
    latencyUs: draw.between(50, 1000),
    latencyJitterUs: draw.chance(0.5) ? draw.between(0, 2000) : 0,
    timerJitterUs: draw.chance(0.5) ? 1000 : 0,
    addressActionUs: [100, draw.between(100, 2000)],
    serviceActionUs: [1000, draw.between(1000, 300_000)],
    diskUs: [200, draw.between(200, 20_000)],
  };
}

/** Drawn apart, so that a pair without them meets the same faults as ever. */
function withPingNodes(setup: Setup, draw: Draw): Setup {
  if (!draw.chance(0.4)) return setup;
  return {
    ...setup,
    pingNodes: Array.from({ length: draw.between(1, 3) }, (_, index) => `192.0.2.${index + 1}`),
    deadpingMs: setup.keepaliveMs * draw.pick([3, 5, 10]),
    ipfail: draw.chance(0.8),
  };
}

function drawGroups(draw: Draw): Setup['groups'] {
  const count = draw.pick([1, 1, 2, 3]);
  return Array.from({ length: count }, (_, index) => {
    const kinds: ResourceKind[] = draw.pick<ResourceKind[]>([
      ['address'],
      ['address', 'service'],
      ['service', 'address', 'service'],
      ['service'],
    ]);
    return makeGroup(`group${index}`, draw.pick(nodeNames), kinds, index);
  });
}
