/** Totals for people and for programs. */
import { byKind, matrixTable } from './matrix.ts';
import type { Share, Totals } from './totals.ts';

/** The last line of `--json`. */
export function jsonReport(totals: Totals): object {
  const { sometimes, violations } = totals;
  return {
    simulatedHours: hours(totals.simulatedUs),
    faults: byKind(totals.matrix),
    violations: violations.length,
    statesReached: Object.values(sometimes).filter((count) => count > 0).length,
    sometimes,
    matrix: totals.matrix,
    simulatedSecondsPerSecondAndCore: perProcessorSecond(totals),
    unprotected: jsonShare(totals.unprotected),
    protected: jsonShare(totals.protected),
    seeds: totals.seeds,
    nextSeed: totals.nextSeed,
    violating: violations.map(({ seed, checker, atUs, text }) => ({ seed, checker, atS: atUs / 1e6, text })),
    leastFaultsPerMinute: totals.leastFaultsPerMinute,
    repeated: totals.repeated,
    notRepeatable: totals.notRepeatable,
    digest: totals.digest.toString(16),
    processorSeconds: totals.processorS,
    seconds: totals.wallS,
  };
}

export function textReport(totals: Totals): string[] {
  const { wallS, jobs } = totals;
  return [
    ...Object.entries(totals.sometimes).map(([name, count]) => `${String(count).padStart(10)}  ${name}`),
    ...matrixTable(totals.matrix),
    `${totals.seeds} seeds, ${hours(totals.simulatedUs).toFixed(2)} simulated hours in ${wallS.toFixed(1)} s ` +
      `(${perProcessorSecond(totals)} simulated seconds per second and core, ${Math.round(totals.simulatedUs / 1e6 / wallS)} ` +
      `per second as it passed, ${jobs} at once), ${totals.steps} steps, ${totals.faults} faults, digest ${totals.digest.toString(16)}`,
    shareLine('without protection', totals.unprotected),
    shareLine('with protection', totals.protected),
  ];
}

export function progressLine(totals: Totals, minutes: number): string {
  return (
    `${minutes.toFixed(0)} min: ${totals.seeds} seeds, ${hours(totals.simulatedUs).toFixed(1)} simulated hours, ` +
    `${totals.faults} faults, ${totals.violations.length} violations`
  );
}

/** Of processor time: a machine that is busy with something else is not slower for it. */
function perProcessorSecond({ simulatedUs, processorS }: Totals): number {
  return processorS === 0 ? 0 : Math.round(simulatedUs / 1e6 / processorS);
}

function shareLine(name: string, { runs, simulatedUs, faults, doubleRunningUs, onFalseWordUs }: Share): string {
  return (
    `${name}: ${runs} runs, ${hours(simulatedUs).toFixed(2)} hours, ${faults} faults, ${(doubleRunningUs / 1e6).toFixed(1)} s of double running, ` +
    `${(onFalseWordUs / 1e6).toFixed(1)} s of them after a word that was not true`
  );
}

function jsonShare({ runs, simulatedUs, faults, doubleRunningUs, onFalseWordUs }: Share): object {
  const doubleRunningSeconds = doubleRunningUs / 1e6;
  return { runs, hours: hours(simulatedUs), faults, doubleRunningSeconds, onFalseWordSeconds: onFalseWordUs / 1e6 };
}

function hours(us: number): number {
  return us / 3.6e9;
}
