/** `rsc-pattern`: a location for every outermost resource whose id fits (or with `!` in front does not fit) an expression. */
import type { LocationConstraint } from '../../cib/model.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { warnOnce } from './warn.ts';

/** An expression longer than this is no expression of a person. */
const longestPattern = 500;

export function matchesOfPattern(
  cluster: Cluster,
  { id, resourcePattern = '' }: LocationConstraint,
): readonly { readonly resource: Resource; readonly captures?: readonly (string | undefined)[] }[] {
  const inverted = resourcePattern.startsWith('!');
  const expression = compiled(inverted ? resourcePattern.slice(1) : resourcePattern);
  if (expression === undefined) {
    warnOnce(cluster, { code: 'location-pattern-malformed', fields: { constraint: id, pattern: resourcePattern } });
    return [];
  }
  return cluster.resources.flatMap((resource) => {
    const match = expression.exec(resource.id);
    if (inverted) return match === null ? [{ resource }] : [];
    return match === null ? [] : [{ resource, captures: [...match] }];
  });
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** POSIX extended expressions are expressions here too, but for the named classes. */
function compiled(pattern: string): RegExp | undefined {
  if (pattern.length > longestPattern) return undefined;
  try {
    return new RegExp(pattern.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole));
  } catch {
    return undefined;
  }
}
