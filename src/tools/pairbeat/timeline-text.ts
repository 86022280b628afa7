/** Where the time of a failover went, drawn to scale, and what the node wrote down meanwhile. */
import { plainText } from '../../protocol/plain-text.ts';
import type { TimelineReport } from '../../protocol/schemas.ts';
import type { FailoverReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { age, paint, span, wrap } from '../text.ts';

export function timelineText(terminal: Terminal, { failovers, entries }: TimelineReport): string {
  const drawn = failovers.map((failover) => waterfall(terminal, failover)).join('\n');
  const head = drawn === '' ? 'No failover since this daemon started.\n' : drawn;
  const list = entries.map((entry) => {
    const when = `${age(entry.agoMs)} ago`.padStart(12);
    return wrap(entry.text, terminal.columns, ' '.repeat(14), `${when}  `);
  });
  return list.length === 0 ? head : `${head}\n${list.join('')}`;
}

const kinds = { crash: 'Crash', standby: 'Handover', stop: 'Graceful stop', start: 'Start' } as const;

/** Phases that did not happen (nothing was fenced) have no length. */
const shortestShownMs = 0.001;

function waterfall(terminal: Terminal, failover: FailoverReport): string {
  const { kind, from, agoMs, groups, protection, totalMs } = failover;
  // The giver knows when it had stopped; when the other one had started, only the other one knows.
  const result =
    groups.length > 0 ? `${groups.join(', ')} back after ${span(totalMs)}` : `given away after ${span(totalMs)}`;
  const title = `${kinds[kind] ?? kind} of ${from}, ${age(agoMs)} ago: ${result}${protection === '' ? '' : ` (${protection})`}`;
  return paint(terminal, 'strong', wrap(title, terminal.columns, '  ', '')) + phaseBars(terminal, failover);
}

/** The phases to scale, one a line. */
export function phaseBars(
  terminal: Terminal,
  { phases: all, totalMs }: Pick<FailoverReport, 'phases' | 'totalMs'>,
): string {
  const phases = all.filter(({ startMs, endMs }) => endMs - startMs >= shortestShownMs);
  const names = Math.max(8, ...phases.map(({ name }) => name.length));
  const barColumns = Math.max(10, Math.min(40, terminal.columns - names - 30));
  const scale = (ms: number) =>
    Math.round((Math.min(Math.max(ms, 0), totalMs) / Math.max(totalMs, 0.001)) * barColumns);
  const rows = phases.map(({ name, startMs, endMs }) => {
    const from_ = scale(startMs);
    // A phase too short to see still gets a mark: it was there.
    const bar = ' '.repeat(Math.min(from_, barColumns - 1)) + '#'.repeat(Math.max(1, scale(endMs) - from_));
    const times = `${startMs.toFixed(1).padStart(9)} ${`+${(endMs - startMs).toFixed(1)} ms`.padStart(13)}`;
    return `  ${plainText(name).padEnd(names)}${times}  ${bar}\n`;
  });
  return rows.join('');
}
