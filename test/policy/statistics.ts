/** Totals over many random CIBs: how many agree, why the oracle refuses, how often each feature occurs and disagrees. */
import { type Feature, featureNames } from './random-cib/features.ts';

export interface Verdict {
  seed: number;
  features: readonly Feature[];
  kind: 'agrees' | 'agrees loosely' | 'disagrees' | 'refused' | 'product fails';
  /** Why the oracle refused, or of which class the disagreement is. */
  detail: string;
  /** Whether the oracle wants to do anything at all. */
  idle: boolean;
}

export function summary(verdicts: readonly Verdict[]): string {
  const asked = verdicts.filter(({ kind }) => kind !== 'refused');
  const strict = asked.filter(({ kind }) => kind === 'agrees').length;
  const agree = asked.filter(({ kind }) => kind.startsWith('agrees')).length;
  const refused = countBy(verdicts.filter(({ kind }) => kind === 'refused').map(({ detail }) => detail));
  const lines = [
    `${verdicts.length} random CIBs; crm_simulate refuses ${verdicts.length - asked.length} (${words(refused)})`,
    `of the other ${asked.length} agree ${share(agree, asked.length)}, on the operations of the transition too ${share(strict, asked.length)}; nothing to do in ${share(asked.filter(({ idle }) => idle).length, asked.length)}`,
  ];
  const classes = countBy(asked.filter(({ kind }) => !kind.startsWith('agrees')).map(({ detail }) => detail));
  for (const [name, count] of classes.slice(0, 25)) lines.push(`  ${String(count).padStart(5)}  ${name}`);
  return lines.join('\n');
}

export function featureTable(verdicts: readonly Verdict[]): string {
  const rows = featureNames.map((feature) => {
    const having = verdicts.filter(({ features }) => features.includes(feature));
    const wrong = having.filter(({ kind }) => kind === 'disagrees' || kind === 'product fails');
    const refused = having.filter(({ kind }) => kind === 'refused');
    return {
      feature,
      share: having.length / verdicts.length,
      wrong: wrong.length,
      of: having.length - refused.length,
      refused: refused.length,
    };
  });
  const line = ({ feature, share: part, wrong, of, refused }: (typeof rows)[number]): string =>
    `  ${feature.padEnd(34)}${(100 * part).toFixed(1).padStart(6)} %   disagree ${String(wrong).padStart(4)} of ${of}   refused ${refused}`;
  return ['feature                              in seeds', ...rows.map(line)].join('\n');
}

function share(count: number, of: number): string {
  return `${count} (${((100 * count) / Math.max(1, of)).toFixed(1)} %)`;
}

function words(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([name, count]) => `${name} ${count}`).join(', ');
}

function countBy(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}
