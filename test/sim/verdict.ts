/**
 * What the standard run must show besides that no checker objects. A run that reaches little proves little, and must
 * not look like one that reaches everything.
 */
import { emptyCells } from './matrix.ts';
import { sometimesNames } from './sometimes.ts';
import type { Totals } from './totals.ts';

export interface Standard {
  readonly seeds: number;
  readonly hoursMin: number;
  readonly faultsMin: number;
}

/** The share of `npm test`. */
export const standard: Standard = { seeds: 900, hoursMin: 100, faultsMin: 5000 };

/** One in so many seeds is run twice. */
export const repeatEvery = 75;
const faultsPerMinuteMin = 1;

export interface Check {
  readonly text: string;
  readonly ok: boolean;
  /** What is missing, one by one. */
  readonly problems: readonly string[];
}

/** `asked` is absent for a run of so few seeds that it need not reach everything. */
export function checksOf(totals: Totals, asked: Standard | undefined): Check[] {
  const { violations, notRepeatable, repeated, seeds } = totals;
  const always = [
    check(`${violations.length} violations in ${seeds} runs`, violations.length === 0),
    check(
      `${repeated} seeds run twice, ${notRepeatable.length} of them came out otherwise`,
      notRepeatable.length === 0,
      notRepeatable.map((seed) => `NOT THE SAME TWICE seed ${seed}`),
    ),
  ];
  return asked === undefined ? always : [...always, ...coverage(totals, asked)];
}

function coverage(totals: Totals, { hoursMin, faultsMin }: Standard): Check[] {
  const never = sometimesNames.filter((name) => !(totals.sometimes[name]! > 0));
  const empty = emptyCells(totals.matrix);
  const hours = totals.simulatedUs / 3.6e9;
  return [
    check(
      `${never.length} of ${sometimesNames.length} states never reached`,
      never.length === 0,
      never.map((name) => `NEVER REACHED ${name}`),
    ),
    check(
      `${empty.length} kinds of faults never struck in some phase`,
      empty.length === 0,
      empty.map((cell) => `NEVER STRUCK ${cell}`),
    ),
    check(`${hours.toFixed(1)} simulated hours of at least ${hoursMin}`, hours >= hoursMin),
    check(`${totals.faults} faults of at least ${faultsMin}`, totals.faults >= faultsMin),
    check(
      `at least ${totals.leastFaultsPerMinute.toFixed(2)} faults a minute in the first phase of every run`,
      totals.leastFaultsPerMinute >= faultsPerMinuteMin,
    ),
    check(
      `${(totals.faults / (hours * 60)).toFixed(1)} faults a simulated minute on average`,
      totals.faults >= hours * 60 * faultsPerMinuteMin,
    ),
    check(`at least 1 % of the seeds run twice`, totals.repeated * 100 >= totals.seeds),
  ];
}

function check(text: string, ok: boolean, problems: readonly string[] = []): Check {
  return { text, ok, problems };
}
