/** What happened in a number of rounds, and what should have and did not: rounds in which nothing happens prove nothing. */
export function reportLines(totals: ReadonlyMap<string, number>): readonly string[] {
  return [...totals]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([what, count]) => `${String(count).padStart(9)}  ${what}`);
}

const expected = [
  'committed on both',
  'committed here only',
  'answer configuration-stale',
  'answer configuration-outcome-unknown',
  'answer configuration-superseded',
  'answer disk-full',
  'answer disk-failed',
  'settled: fenced',
  'settled: quorum',
  'settled: held',
  'settled: leads',
  'settlement judged by the second opinion',
  'power lost at a step of a write',
  'killed at a step of a write',
  'report configuration-diverged',
  'report configuration-version-damaged',
  'report configuration-file-changed',
  'rot in the ring',
  'rot in cib.xml',
  'message ask',
  'message outcome',
  'message refused',
];

export function missingOf(totals: ReadonlyMap<string, number>): readonly string[] {
  return expected.filter((what) => (totals.get(what) ?? 0) === 0);
}
