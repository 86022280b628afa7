/**
 * When two answers agree: the same multiset of actions (their reasons and the numbers of anonymous instances do not
 * count), every resource in the same roles on the same nodes afterwards, the same states of the nodes. The strict measure
 * asks for the same multiset of operations of the transition as well.
 */
import type { ActionEntry, Answer, TransitionEntry } from './answer.ts';

export interface Comparison {
  agrees: boolean;
  agreesStrictly: boolean;
  /** One line each, `-` what was expected and is missing, `+` what is there instead. */
  differences: string[];
  transitionDifferences: string[];
}

export function compare(expected: Answer, actual: Answer): Comparison {
  const differences = [
    ...multisetDifferences('action', expected.actions.map(actionKey), actual.actions.map(actionKey)),
    ...multisetDifferences('after', placements(expected), placements(actual)),
    ...multisetDifferences('node', nodeStates(expected), nodeStates(actual)),
  ];
  const transitionDifferences = multisetDifferences(
    'transition',
    expected.transition.map(operationKey),
    actual.transition.map(operationKey),
  );
  const agrees = differences.length === 0;
  return { agrees, agreesStrictly: agrees && transitionDifferences.length === 0, differences, transitionDifferences };
}

/** An action in words that leave out what does not count. */
export function actionKey(entry: ActionEntry): string {
  if (entry.action === 'fence') return `fence (${entry.op ?? '?'}) ${entry.node ?? '?'}`;
  const roles = [entry.fromRole, entry.toRole].filter((role) => role !== undefined).join('->');
  const parts = [entry.action, entry.resource, `${entry.from ?? '(none)'}->${entry.to ?? '(none)'}`, roles];
  return [...parts.filter((part) => part !== ''), ...(entry.blocked ? ['blocked'] : [])].join(' ');
}

export function operationKey(entry: TransitionEntry): string {
  if ('pseudo' in entry) return `pseudo ${entry.pseudo}`;
  const interval = entry.interval === undefined ? '' : `=${entry.interval}`;
  const subject = [entry.how, entry.resource].filter((part) => part !== undefined).join(' ');
  return `${entry.op}${interval} ${subject}${subject === '' ? '' : ' '}on ${entry.node ?? '?'}`;
}

function placements(answer: Answer): string[] {
  return Object.entries(answer.revised.resources).map(([id, places]) => {
    const words = Object.entries(places).map(([node, role]) => `${role} on ${node}`);
    return `${id}: ${words.length === 0 ? 'stopped' : words.sort().join(', ')}`;
  });
}

function nodeStates(answer: Answer): string[] {
  return Object.entries(answer.nodes).map(([node, state]) => `${node}: ${state.split('+').sort().join('+')}`);
}

function multisetDifferences(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  const balance = new Map<string, number>();
  for (const key of expected) balance.set(key, (balance.get(key) ?? 0) + 1);
  for (const key of actual) balance.set(key, (balance.get(key) ?? 0) - 1);
  const lines: string[] = [];
  for (const [key, count] of [...balance].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const times = Math.abs(count) > 1 ? ` (${Math.abs(count)} times)` : '';
    if (count !== 0) lines.push(`${count > 0 ? '-' : '+'} ${what} ${key}${times}`);
  }
  return lines;
}
