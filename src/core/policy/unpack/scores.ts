/** Scores as the policy reads them: what cannot be read counts as 0. */
import { parseScore } from '../../cib/values.ts';
import type { ClusterOptions } from '../working-set.ts';

export function scoreOf(text: string | undefined): number {
  return parseScore(text) ?? 0;
}

/** Where a node's health may be meant, its colours stand for the scores that the options give them. */
export function scoreOrColour(options: ClusterOptions, text: string | undefined): number {
  switch (text?.toLowerCase()) {
    case 'red':
      return options.nodeHealthRed;
    case 'yellow':
      return options.nodeHealthYellow;
    case 'green':
      return options.nodeHealthGreen;
    default:
      return scoreOf(text);
  }
}
