/** A group that was named and does not exist: the groups that do, and the nearest of them, help a tired person most. */
import { nearestWord } from '../config/nearest.ts';
import type { NodeState } from '../node-state.ts';
import type { Problem } from '../result.ts';

export function noSuchGroup(state: NodeState, group: string): Problem {
  const known = state.groups.map(({ configuration }) => configuration.key);
  const nearest = nearestWord(group, known) ?? known.find((key) => key.includes(group) && group !== '');
  const named = { group, groups: known.join(' ') };
  return { code: 'no-such-group', fields: nearest === undefined ? named : { ...named, nearest } };
}
