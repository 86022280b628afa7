/**
 * Themes: what a bad week looks like. A run with a theme meets, besides its other faults, many of one sort within a part
 * of its time.
 */
import { type Fault, type Pair, roundMs } from './faults/fault.ts';
import { type FaultName, faultKinds } from './faults/kinds.ts';
import type { Draw } from './world/draw.ts';

interface Theme {
  readonly kinds: readonly FaultName[];
  /** Mean time between two of them, in deadtimes. */
  readonly everyDeadtimes: readonly [number, number];
  /** How long each lasts, in deadtimes, where it is not what its kind draws. */
  readonly lastDeadtimes?: readonly [number, number];
}

export const themes: Readonly<Record<string, Theme>> = {
  'boot storm': { kinds: ['powerLoss', 'daemonKill', 'bothKill', 'gracefulStop'], everyDeadtimes: [1, 12] },
  'flapping link': { kinds: ['oneLink', 'cut', 'oneWay'], everyDeadtimes: [0.5, 6], lastDeadtimes: [0.3, 3] },
  'slow disk': {
    kinds: ['slowDisk', 'slowDisk', 'failingDisk', 'daemonKill', 'plugPulled', 'bitRot'],
    everyDeadtimes: [2, 15],
  },
  'pause storm': { kinds: ['freeze', 'daemonStop'], everyDeadtimes: [1, 8], lastDeadtimes: [0.5, 3] },
  'clock trouble': { kinds: ['clockDrift', 'clockDrift', 'freeze', 'cut'], everyDeadtimes: [1, 10] },
  'edit storm': { kinds: ['reload', 'reload', 'operator'], everyDeadtimes: [1, 10] },
  'fencing storm': {
    kinds: ['cut', 'cut', 'oneWay', 'fenceMisbehaves', 'fenceUnreachable', 'powerLoss', 'operatorConfirms'],
    everyDeadtimes: [3, 20],
  },
  'outside trouble': { kinds: ['outsideCut', 'outsideCut', 'cut'], everyDeadtimes: [2, 12] },
  'failing agents': {
    kinds: ['startFailure', 'stopFailure', 'slowAgents', 'operator', 'hostKill'],
    everyDeadtimes: [2, 15],
  },
};

/** A storm of something that the pair does not have is none. */
function fits({ kinds }: Theme, { setup }: Pair): boolean {
  return kinds.every((kind) => faultKinds[kind].applies?.(setup) !== false);
}

/** At most this many, whatever the times. */
const faultsMax = 200;

export function drawTheme(draw: Draw, pair: Pair, faultsForMs: number): { name: string; faults: Fault[] } {
  const name = draw.pick(Object.keys(themes).filter((each) => fits(themes[each]!, pair)));
  const { kinds, everyDeadtimes, lastDeadtimes } = themes[name]!;
  const { deadtimeMs } = pair.setup;
  const meanMs = draw.logUniform(...everyDeadtimes) * deadtimeMs;
  const beginMs = draw.between(0, faultsForMs / 2);
  const endMs = beginMs + draw.between(faultsForMs / 4, faultsForMs / 2);
  const faults: Fault[] = [];
  for (let atMs = beginMs; atMs < endMs && faults.length < faultsMax; atMs += draw.exponential(meanMs)) {
    const kind = draw.pick(kinds);
    const drawn: Partial<Fault> = faultKinds[kind].draw(draw, pair);
    const forMs = lastDeadtimes === undefined ? drawn.forMs : roundMs(draw.logUniform(...lastDeadtimes) * deadtimeMs);
    faults.push({ atMs: roundMs(atMs), kind, ...drawn, ...(forMs === undefined ? {} : { forMs }) });
  }
  return { name, faults };
}
