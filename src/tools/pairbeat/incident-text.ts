/** What both journals tell of an incident, for the terminal: when, who, which phase, what and why. */
import type { ClockDifference } from '../../core/timeline/clocks.ts';
import type { Incident, MergedTimeline, OwnedByBoth, TimedMoment } from '../../core/timeline/merged.ts';
import { describe } from '../../protocol/catalogue.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { evidenceWords } from '../recording-words.ts';
import type { Terminal } from '../terminal.ts';
import { paint, span, type Tone, wrap } from '../text.ts';
import { stamp } from '../when.ts';
import { phaseBars } from './timeline-text.ts';

export function mergedText(terminal: Terminal, timeline: MergedTimeline): string {
  const { nodes, clocks, incidents, both } = timeline;
  const told = incidents.map((incident) => incidentText(terminal, incident, nodes)).join('\n');
  return `${told}\n${clocksText(terminal, nodes, clocks)}${bothText(terminal, clocks, both)}`;
}

/** The same for `--json`: every moment with its words. */
export function withWords(timeline: MergedTimeline): object {
  const { nodes, incidents } = timeline;
  return {
    ...timeline,
    incidents: incidents.map((incident) => ({
      ...incident,
      moments: incident.moments.map((moment) => ({
        ...moment,
        text: momentWords(moment, otherThan(moment.node, nodes)),
      })),
    })),
  };
}

const otherThan = (node: string, nodes: readonly string[]): string =>
  nodes.find((name) => name !== node) ?? 'the other node';

const kinds = {
  split: 'and the other node did not hear each other',
  crash: 'went silent',
  handover: 'handed over',
  stop: 'stopped',
  start: 'started',
  pause: 'stood still',
  other: 'changed',
} as const;

function incidentText(terminal: Terminal, incident: Incident, nodes: readonly string[]): string {
  const { from, kind, fromWallSeconds, failover, moments } = incident;
  const back =
    failover === undefined || failover.groups.length === 0
      ? ''
      : `; ${failover.groups.join(', ')} back after ${span(failover.totalMs)}${failover.protection === '' ? '' : ` (${failover.protection})`}`;
  const what =
    kind === 'split' && nodes.length > 1 ? `${nodes.join(' and ')} did not hear each other` : `${from} ${kinds[kind]}`;
  const title = `${stamp(fromWallSeconds)}  ${what}${back}`;
  const bars = failover === undefined ? '' : phaseBars(terminal, failover);
  const width = Math.max(0, ...nodes.map(({ length }) => length));
  const lines = moments.map((moment) => momentText(terminal, moment, width, nodes)).join('');
  return `${paint(terminal, 'strong', wrap(title, terminal.columns, '  ', ''))}${bars}\n${lines}`;
}

function momentText(terminal: Terminal, moment: TimedMoment, width: number, nodes: readonly string[]): string {
  const { atMs, node, phase } = moment;
  const head = `${atMs.toFixed(1).padStart(11)}  ${plainText(node).padEnd(width)}  ${phase.padEnd(8)}  `;
  const text = momentWords(moment, otherThan(node, nodes));
  return paint(terminal, toneOf(moment), wrap(text, terminal.columns, ' '.repeat(head.length), head));
}

/** One sentence, and for a start the reason. */
export function momentWords({ code, fields, evidence }: TimedMoment, peer: string): string {
  const shown = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' && name === 'ms' ? value.toFixed(1) : value,
    ]),
  );
  const { what } = describe({ code, fields: shown });
  return evidence === undefined ? what : `${what.replace(/\.$/, '')}: ${evidenceWords(evidence, peer)}`;
}

function toneOf({ code, evidence }: TimedMoment): Tone | undefined {
  if (code === 'moment-failed' || code === 'moment-fence-failed' || code === 'moment-core-broke') return 'bad';
  if (evidence?.kind === 'unprotected' || code === 'moment-journal-ends' || code === 'moment-own-pause')
    return 'doubtful';
  return undefined;
}

function clocksText(terminal: Terminal, nodes: readonly string[], clocks: ClockDifference | undefined): string {
  const [own = 'this node', other = 'the other node'] = nodes;
  if (clocks === undefined) {
    const text = `Only the journal of ${own}: what the other node did is not in it. There: pairbeat timeline --export FILE; here: --peer FILE.`;
    return wrap(text, terminal.columns, '  ', '');
  }
  const text =
    clocks.by === 'messages'
      ? `Times are those of ${own}. The clock of ${other} was compared by ${clocks.messages} messages that both journals tell of: its times are right to within ${uncertainty(clocks)}.`
      : `Times are those of ${own}. Both journals tell of no messages in both directions, so ${other} is placed by the wall clocks: how wrong those are nobody knows.`;
  return wrap(text, terminal.columns, '  ', '');
}

function uncertainty({ uncertaintyUs }: ClockDifference): string {
  return `${(Math.ceil(uncertaintyUs / 100) / 10).toFixed(1)} ms`;
}

function bothText(terminal: Terminal, clocks: ClockDifference | undefined, both: readonly OwnedByBoth[]): string {
  if (clocks === undefined) return '';
  if (both.length === 0)
    return wrap(
      'No resource was owned by both nodes at any time that both journals tell of.',
      terminal.columns,
      '  ',
      '',
    );
  const ends = {
    stopped: (node: string) => `until ${node} had stopped it`,
    guardian: (node: string) => `at the latest until the guardian of ${node} had let go of it`,
    ends: (node: string) => `until the journal of ${node} ends: what its machine did after that is not in it`,
  };
  return both
    .map(({ resource, fromWallSeconds, ms, uncertaintyMs, endedOn, end }) => {
      const doubtful =
        ms <= uncertaintyMs ? ' That is no more than the clocks allow to tell: perhaps it was not at all.' : '';
      const text = `BOTH OWNED ${resource} for ${span(ms)} (+/- ${uncertaintyMs.toFixed(1)} ms) from ${stamp(fromWallSeconds)}, ${ends[end](endedOn)}.${doubtful}`;
      return paint(terminal, 'bad', wrap(text, terminal.columns, '  ', ''));
    })
    .join('');
}
