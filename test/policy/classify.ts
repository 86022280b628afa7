/** A name for a disagreement that many seeds share: which kinds of things differ, without the names of nodes and resources. */
import type { Comparison } from './compare.ts';

export function classOf({ differences, transitionDifferences }: Comparison): string {
  const lines = differences.length > 0 ? differences : transitionDifferences;
  return [...new Set(lines.map(kindOf))].sort().slice(0, 6).join(', ');
}

/** `- action start rsc1 ...` is of kind `-start`, `+ node ha1: ...` of kind `+node`; placements follow from actions and say nothing more. */
function kindOf(line: string): string {
  const [sign, what, word = ''] = line.split(' ');
  if (what === 'action') return `${sign}${word}${line.includes(' blocked') ? ' blocked' : ''}`;
  if (what === 'transition')
    return `${sign}op ${word.replace(/=.*/, ' recurring')}${word === 'pseudo' ? ` ${pseudoKind(line)}` : ''}`;
  return what === 'after' ? 'placement' : `${sign}${what}`;
}

function pseudoKind(line: string): string {
  return (
    /_((?:confirmed-)?(?:pre|post)_notify|start|running|stop|stopped|promote|promoted|demote|demoted)(?:_|$)/.exec(
      line,
    )?.[1] ?? ''
  );
}
