/**
 * Draws the faults of a run, swarm style: each kind is left out of half of the runs, so that what one of them hides
 * another run shows. Every kind draws from a stream of its own.
 */
import { type Fault, type Pair, roundMs } from './faults/fault.ts';
import { type FaultName, faultKinds, faultNames } from './faults/kinds.ts';
import { phases } from './phase.ts';
import { drawTheme } from './themes.ts';
import { Draw } from './world/draw.ts';

/** No run has fewer: one a minute, with something to spare for those that find nothing to hit. */
const meanMsMax = 25_000;
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
  faults.push(...atLeast(draw, names, pair, faultsForMs, faults.length));
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

/** What chance has made too few of. */
function atLeast(draw: Draw, names: readonly FaultName[], pair: Pair, faultsForMs: number, count: number): Fault[] {
  const missing = Math.max(0, Math.ceil(faultsForMs / meanMsMax) - count);
  return Array.from({ length: missing }, () => drawOne(draw, draw.pick(names), pair, draw.between(0, faultsForMs)));
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
