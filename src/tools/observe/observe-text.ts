/** The report of `pairbeat observe` for people. */
import type { Terminal } from '../terminal.ts';
import { span, table, wrap } from '../text.ts';
import type { IntervalFigures, ObserveReport, SenderReport } from './summary.ts';

export function observeText(terminal: Terminal, report: ObserveReport): string {
  const listened = `Listened for ${report.seconds.toFixed(0)} s: ${report.packets} packets.`;
  if (report.senders.length === 0) {
    const why =
      report.packets === 0
        ? 'Nothing passed: does the pair run, and are these the links and the port it uses?'
        : 'None of them came from a node of this configuration with a key of its authkeys.';
    return wrap(`${listened} ${why}`, terminal.columns, '  ', '') + troubles(terminal, report);
  }
  return `${listened}\n\n${report.senders.map((sender) => senderText(terminal, sender)).join('\n')}\n${keysText(terminal, report)}${troubles(terminal, report)}`;
}

function senderText(terminal: Terminal, sender: SenderReport): string {
  const head = [sender.node];
  if (sender.restarts > 0) head.push(`restarted ${sender.restarts} times meanwhile`);
  if (sender.clockOffsetSeconds !== undefined) head.push(clockText(sender.clockOffsetSeconds));
  const rows = [
    ['', 'Link', 'Messages', 'Lost', 'Interval p50', 'p99', 'max'].map((text) => ({ text, tone: 'quiet' as const })),
    ...sender.links.map((link) =>
      ['', link.link, String(link.messages), String(link.lost), ...figures(link.keepalive)].map((text) => ({ text })),
    ),
  ];
  if (sender.links.length > 1)
    rows.push(['', 'together', '', '', ...figures(sender.keepalive)].map((text) => ({ text })));
  return `${head.join('; ')}\n${table(terminal, rows)}${suggestionText(terminal, sender)}`;
}

function suggestionText(terminal: Terminal, { keepalive, suggestion, advertisedDeadtimeMs }: SenderReport): string {
  if (keepalive === undefined || suggestion === undefined) {
    return wrap('Fewer than two keepalives: nothing can be said about its deadtime.', terminal.columns, '    ', '  ');
  }
  const why =
    suggestion.because === 'longest-silence'
      ? `twice the longest silence, ${span(keepalive.maxMs)}`
      : `it must be more than two keepalives of ${span(keepalive.p50Ms)}`;
  const now = advertisedDeadtimeMs === undefined ? '' : ` It now asks for ${span(advertisedDeadtimeMs)}.`;
  const few = suggestion.fewSamples
    ? ` Only ${keepalive.count} intervals were seen: listen longer, and while backups and batch jobs run, before relying on it.`
    : '';
  return wrap(
    `Smallest deadtime that this allows: ${span(suggestion.deadtimeMs)} (${why}).${now}${few}`,
    terminal.columns,
    '    ',
    '  ',
  );
}

function keysText(terminal: Terminal, report: ObserveReport): string {
  let text = '';
  for (const key of report.keys) {
    const verdict = key.weak ? 'WEAK AUTH: make a new one with "pairbeat keygen"' : 'strong';
    text += wrap(`Key ${key.index}: ${key.method}, ${key.packets} packets, ${verdict}`, terminal.columns, '  ', '');
  }
  const { possible, verified, refused } = report.verification;
  const checked = possible
    ? `${verified} packets verify with the keys in authkeys, ${refused} do not.`
    : 'authkeys could not be read, so no packet was verified.';
  return text + wrap(checked, terminal.columns, '  ', '');
}

function troubles(terminal: Terminal, report: ObserveReport): string {
  const lines: string[] = report.weaknesses.map((weakness) => `WEAK AUTH: ${weakness}`);
  if (report.unreadable > 0) lines.push(`${report.unreadable} packets on this port are not heartbeat messages.`);
  if (report.strangers > 0)
    lines.push(`${report.strangers} packets came from nodes that this configuration does not name.`);
  if (report.captureDropped > 0) {
    lines.push(`This tool missed ${report.captureDropped} packets itself: do not trust the losses above.`);
  }
  return lines.map((line) => wrap(line, terminal.columns, '  ', '')).join('');
}

function figures(keepalive: IntervalFigures | undefined): string[] {
  if (keepalive === undefined) return ['-', '-', '-'];
  return [keepalive.p50Ms, keepalive.p99Ms, keepalive.maxMs].map(span);
}

function clockText(offsetSeconds: number): string {
  // The wire carries whole seconds: a difference of one says nothing.
  if (Math.abs(offsetSeconds) <= 1) return 'clock agrees';
  return `clock ${Math.abs(offsetSeconds)} s ${offsetSeconds > 0 ? 'ahead' : 'behind'}`;
}
