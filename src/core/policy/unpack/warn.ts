/** Remarks for the user, each once: the same operation is looked at many times in a decision. */
import type { Cluster, PolicyWarning } from '../working-set.ts';

const said = new WeakMap<readonly PolicyWarning[], Set<string>>();

export function warnOnce({ warnings }: Pick<Cluster, 'warnings'>, warning: PolicyWarning): void {
  const known = said.get(warnings) ?? new Set<string>();
  said.set(warnings, known);
  const key = JSON.stringify(warning);
  if (known.has(key)) return;
  known.add(key);
  warnings.push(warning);
}
