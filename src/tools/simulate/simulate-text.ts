/** `pairbeat simulate` for a reader: what is, what would be done and why, what would be then. */

import type { OrderingCycle } from '../../core/policy/graph.ts';
import type { Contribution } from '../../core/policy/reasons.ts';
import { scoreText } from '../../core/policy/score.ts';
import type { ActionEntry, Answer, TransitionEntry } from '../../core/policy/simulate/answer.ts';
import type { PolicyWarning } from '../../core/policy/working-set.ts';
import { describe } from '../../protocol/catalogue.ts';
import { heading } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { paint, type Tone, table, wrap } from '../text.ts';

export interface SimulationView {
  readonly answer: Answer;
  readonly cycles: readonly OrderingCycle[];
  readonly warnings: readonly PolicyWarning[];
  readonly steps: boolean;
}

export function simulationText(terminal: Terminal, { answer, cycles, warnings, steps }: SimulationView): string {
  const { actions, transition } = answer;
  const parts = [
    nodesText(terminal, answer),
    heading(terminal, 'Now'),
    placesText(terminal, answer.current),
    '\n',
    heading(terminal, actions.length === 0 ? 'Nothing would be done' : 'What would be done'),
    actionsText(terminal, actions),
    ...limited(cycles.map((cycle) => cycleText(terminal, cycle))),
    ...(steps && transition.length > 0 ? ['\n', heading(terminal, 'Step by step'), stepsText(transition)] : []),
    '\n',
    heading(terminal, 'Afterwards'),
    placesText(terminal, answer.revised),
    ...(warnings.length > 0 ? ['\n', heading(terminal, 'Remarks')] : []),
    ...limited(warnings.map((warning) => wrap(describe(warning).what, terminal.columns, '    ', '  '))),
  ];
  return parts.join('');
}

/** Beyond this many remarks of one kind a reader looks for the first cause, not for more of them. */
const mostShown = 20;

function limited(texts: readonly string[]): string[] {
  const more = texts.length - mostShown;
  return more <= 0
    ? [...texts]
    : [...texts.slice(0, mostShown), `  and ${String(more)} more; --json has all of them\n`];
}

function nodesText(terminal: Terminal, { nodesBefore, nodes }: Answer): string {
  const rows = Object.entries(nodesBefore).map(([name, words]) => {
    const after = nodes[name] ?? words;
    const text = after === words ? words : `${words}, then ${after}`;
    const tone: Tone = words === 'online' ? 'good' : words.includes('unclean') ? 'bad' : 'doubtful';
    return [{ text: `  ${name}` }, { text: text.replaceAll('+', ', '), tone }];
  });
  return `${heading(terminal, 'Nodes')}${table(terminal, rows)}\n`;
}

function placesText(terminal: Terminal, { resources, flags }: Answer['current']): string {
  const rows = Object.entries(resources).map(([id, places]) => {
    const where = Object.entries(places).map(([node, role]) => `${role} on ${node}`);
    const marks = flags[id] ?? [];
    const tone: Tone =
      marks.includes('failed') || marks.includes('blocked') ? 'bad' : where.length === 0 ? 'quiet' : 'good';
    return [
      { text: `  ${id}` },
      { text: where.length === 0 ? 'stopped' : where.join(', '), tone },
      { text: marks.join(', ') },
    ];
  });
  return rows.length === 0 ? '  no resources\n' : table(terminal, rows);
}

function actionsText(terminal: Terminal, actions: readonly ActionEntry[]): string {
  const rows = actions.map((action) => [
    { text: `  ${action.action}`, ...(action.blocked ? { tone: 'bad' as const } : {}) },
    { text: action.instance ?? action.resource ?? action.node ?? '' },
    { text: pathOf(action) },
    { text: [action.blocked ? 'BLOCKED' : '', action.reason ?? ''].filter((word) => word !== '').join(': ') },
  ]);
  return rows.length === 0 ? '' : table(terminal, rows);
}

function pathOf({ action, op, from, to, fromRole, toRole }: ActionEntry): string {
  if (action === 'fence') return op ?? '';
  const roles = [fromRole, toRole].filter((word) => word !== undefined).join(' -> ');
  const nodes = from === to || to === null ? (from ?? '') : from === null ? (to ?? '') : `${from} -> ${to}`;
  return [nodes, roles].filter((word) => word !== '').join('  ');
}

function stepsText(transition: readonly TransitionEntry[]): string {
  return transition
    .filter((entry) => !('pseudo' in entry))
    .map((entry, index) => ('pseudo' in entry ? '' : `${String(index + 1).padStart(5)}. ${stepText(entry)}\n`))
    .join('');
}

function stepText(entry: Exclude<TransitionEntry, { pseudo: string }>): string {
  const interval = entry.interval === undefined ? '' : ` every ${entry.interval / 1000} s`;
  const what =
    entry.op === 'fence' ? `fence (${entry.how ?? ''})` : `${entry.op} ${entry.instance ?? entry.resource ?? ''}`;
  return `${what.trim()} on ${entry.node ?? '?'}${interval}`;
}

function cycleText(terminal: Terminal, { actions, dropConstraint }: OrderingCycle): string {
  const text = `These are ordered in a circle: ${actions.join(', ')}.`;
  const advice =
    dropConstraint === undefined
      ? ' One of these orders is not kept here.'
      : ` The constraint ${dropConstraint} is not kept here: take it out, or make it kind=Optional.`;
  return wrap(paint(terminal, 'bad', text) + advice, terminal.columns, '     ', '  ');
}

/** `--why web[@node1]`: every contribution in the order in which it was made. An id is to be looked up: it is never cut. */
export function whyText(terminal: Terminal, contributions: readonly Contribution[]): string {
  const rows = contributions.map(({ resource, node, phase, amount, sum, reason }) => [
    { text: `  ${resource}` },
    { text: node },
    { text: phase === 'promotion' ? 'promotion' : '' },
    { text: `${amount >= 0 ? '+' : ''}${scoreText(amount)}` },
    { text: `= ${scoreText(sum)}` },
    { text: reason.kind.replaceAll('-', ' ') },
    { text: [reason.constraint, reason.resource, reason.detail].filter((word) => word !== undefined).join(', ') },
  ]);
  return `${heading(terminal, 'Why')}${rows.length === 0 ? '  nothing speaks for or against any node\n' : table({ ...terminal, columns: Number.POSITIVE_INFINITY }, rows)}\n`;
}
