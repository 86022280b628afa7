/** Draws a run from a seed: what the pair is like, how it boots, and the faults that it will meet. */
import { linkId } from '../../src/core/types.ts';
import { drawFaults } from './draw-faults.ts';
import { withFencing } from './draw-fencing.ts';
import type { Plan } from './plan.ts';
import { Draw } from './world/draw.ts';
import { makeGroup, nodeNames, plainSetup, type ResourceKind, type Setup } from './world/setup.ts';

/** From this seed on pairs keep time as users do and meet a few faults a minute: long lives, for the long runs. */
export const calmSeedsFrom = 10_000_000;
const fastShare = (seed: number): number => (seed < calmSeedsFrom ? 0.25 : 0.03);

export function drawPlan(seed: number): Plan {
  const draw = new Draw(seed, 'swarm');
  const plain = withMonitoring(
    withPingNodes(drawSetup(draw, fastShare(seed)), new Draw(seed, 'outside')),
    new Draw(seed, 'monitoring'),
  );
  const setup = withVersions(withFencing(plain, new Draw(seed, 'fencing')), new Draw(seed, 'versions'));
  const faultsForMs = draw.between(180_000, 600_000);
  const { deadtimeMs } = setup;
  const boot = {
    first: draw.pick(nodeNames),
    secondMs: draw.pick([0, 0, draw.between(0, 2 * deadtimeMs), draw.between(2 * deadtimeMs, 30 * deadtimeMs)]),
  };
  const together = draw.chance(0.5) ? 0.2 : 0;
  return {
    seed,
    setup,
    mute: drawMute(setup, new Draw(seed, 'mute')),
    boot,
    faultsForMs,
    ...drawFaults(seed, { setup, together }, faultsForMs, seed < calmSeedsFrom ? 1500 : 8000),
  };
}

/** The release before refuses a configuration with fence devices. */
function withVersions(setup: Setup, draw: Draw): Setup {
  if (setup.fencing !== undefined || !draw.chance(0.3)) return setup;
  return {
    ...setup,
    versions: draw.pick([
      ['previous', 'present'],
      ['present', 'previous'],
    ] as const),
  };
}

function drawSetup(draw: Draw, fast: number): Setup {
  const timing = draw.chance(fast) ? drawFastTiming(draw) : drawSlowTiming(draw);
  const { keepaliveMs, deadtimeMs } = timing;
  const lowerFirst = draw.chance(0.5);
  const [low, high] = plainSetup.uuids;
  return {
    ...plainSetup,
    ...timing,
    warntimeMs: Math.min(2 * keepaliveMs, deadtimeMs),
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

type Timing = Pick<Setup, 'keepaliveMs' | 'deadtimeMs'>;

function drawFastTiming(draw: Draw): Timing {
  const keepaliveMs = draw.pick([100, 100, 100, 50, 200, 250]);
  return { keepaliveMs, deadtimeMs: keepaliveMs * draw.pick([3, 3, 5, 10]) };
}

/** As users of Heartbeat have it. */
function drawSlowTiming(draw: Draw): Timing {
  return { keepaliveMs: draw.pick([1000, 1000, 2000]), deadtimeMs: draw.pick([10_000, 10_000, 15_000, 30_000]) };
}

function withPingNodes(setup: Setup, draw: Draw): Setup {
  if (!draw.chance(0.4)) return setup;
  return {
    ...setup,
    pingNodes: Array.from({ length: draw.between(1, 3) }, (_, index) => `192.0.2.${index + 1}`),
    deadpingMs: setup.keepaliveMs * draw.pick([3, 5, 10]),
    ipfail: draw.chance(0.8),
  };
}

function withMonitoring(setup: Setup, draw: Draw): Setup {
  if (draw.chance(0.4)) return setup;
  const intervalMs = draw.between(2, 30) * Math.max(100, setup.keepaliveMs);
  return {
    ...setup,
    monitoring: {
      intervalMs,
      intervalsMs: {},
      failuresMax: draw.between(1, 4),
      failureWindowMs: draw.between(10, 40) * intervalMs,
    },
  };
}

/** Some services know no status, and say "stopped" whatever is. */
function drawMute({ monitoring, groups }: Setup, draw: Draw): string[] {
  if (monitoring.intervalMs === 0 || !draw.chance(0.3)) return [];
  return groups.flatMap(({ key, resources }) =>
    resources.flatMap(({ type }, index) => (type !== 'IPaddr' && draw.chance(0.5) ? [`${key}#${index}`] : [])),
  );
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
