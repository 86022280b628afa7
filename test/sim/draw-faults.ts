/**
 * Draws the faults of a run, swarm style: each kind is left out of half of the runs, so that what one of them hides
 * another run shows. Every kind draws from a stream of its own.
 */
import { type Fault, type Pair, roundMs } from './faults/fault.ts';
import { type FaultName, faultKinds, faultNames } from './faults/kinds.ts';
import { phases } from './phase.ts';
import { drawTheme } from './themes.ts';
import { Draw } from './world/draw.ts';

const meanMsMax = 25_000;
/** No run has fewer of those that always find something to hit: one a minute, with something to spare. */
const sureMsMax = 45_000;
const neverMissing: readonly FaultName[] = [
  'loss',
  'duplicates',
  'reordering',
  'damage',
  'cut',
  'oneWay',
  'oneLink',
  'startFailure',
  'stopFailure',
  'slowAgents',
  'slowDisk',
  'failingDisk',
  'clockDrift',
  'reload',
];
/** So many of the faults wait for a moment at which the pair is busy with something. */
const steered = 0.3;
const themed = 0.4;

export interface DrawnFaults {
  readonly faults: readonly Fault[];
  readonly theme?: string;
}

/** `meanMsMin`: they do not come faster than that, themes apart. */
export function drawFaults(seed: number, pair: Pair, faultsForMs: number, meanMsMin: number): DrawnFaults {
  const draw = new Draw(seed, 'faults');
  const meanMs = Math.min(meanMsMax, Math.max(meanMsMin, draw.logUniform(0.5, 30) * pair.setup.deadtimeMs));
  const fitting = faultNames.filter((name) => faultKinds[name].applies?.(pair.setup) !== false);
  const chosen = fitting.filter((name) => new Draw(seed, `whether ${name}`).chance(0.5));
  const names = chosen.length > 0 ? chosen : [draw.pick(fitting)];
  const shares = names.reduce((sum, name) => sum + faultKinds[name].share, 0);
  const faults = names.flatMap((name) =>
    drawKind(seed, name, pair, faultsForMs, (meanMs * shares) / faultKinds[name].share),
  );
  faults.push(...atLeast(draw, names, pair, faultsForMs, faults));
  const theme = draw.chance(themed) ? drawTheme(new Draw(seed, 'theme'), pair, faultsForMs) : undefined;
  const all = [...faults, ...(theme?.faults ?? [])].sort((left, right) => left.atMs - right.atMs);
  return { faults: all, ...(theme === undefined ? {} : { theme: theme.name }) };
}

function drawKind(seed: number, kind: FaultName, pair: Pair, faultsForMs: number, meanMs: number): Fault[] {
  const draw = new Draw(seed, `faults: ${kind}`);
  const faults: Fault[] = [];
  for (let atMs = draw.exponential(meanMs); atMs < faultsForMs; atMs += draw.exponential(meanMs))
    faults.push(drawOne(draw, kind, pair, atMs));
  return faults;
}

/** What chance has made too few of: faults that strike at their time, whatever goes on. */
function atLeast(draw: Draw, names: readonly FaultName[], pair: Pair, faultsForMs: number, drawn: readonly Fault[]) {
  const sure = names.filter((name) => neverMissing.includes(name));
  const fitting = sure.length > 0 ? sure : [draw.pick(neverMissing)];
  const isSure = ({ kind, when }: Fault) => when === undefined && (neverMissing as readonly string[]).includes(kind);
  const missing = Math.max(0, Math.ceil(faultsForMs / sureMsMax) - drawn.filter(isSure).length);
  return Array.from({ length: missing }, () => {
    const { when: _, ...fault } = drawOne(draw, draw.pick(fitting), pair, draw.between(0, faultsForMs));
    return fault;
  });
}

function drawOne(draw: Draw, kind: FaultName, pair: Pair, atMs: number): Fault {
  const when = draw.chance(steered) ? draw.pick(phases) : undefined;
  return {
    atMs: roundMs(atMs),
    ...(when === undefined ? {} : { when }),
    kind,
    ...faultKinds[kind].draw(draw, pair),
  };
}
