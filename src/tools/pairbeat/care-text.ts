/** The part of the status about programs of respawn and failfast lines, and about the watchdog. */
import type { ServiceReport, WatchdogReport } from '../../protocol/care-report.ts';
import type { StatusReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { type Cell, type Tone, table, wrap } from '../text.ts';

export function careText(terminal: Terminal, { services, watchdog }: StatusReport): string {
  return programsText(terminal, services ?? []) + watchdogText(terminal, watchdog);
}

const phaseTone: Readonly<Record<string, Tone>> = {
  running: 'good',
  pausing: 'doubtful',
  stopping: 'doubtful',
  'given-up': 'bad',
  'reboot-failed': 'bad',
};

function programsText(terminal: Terminal, services: readonly ServiceReport[]): string {
  if (services.length === 0) return '';
  const head: Cell[] = ['Program', 'User', 'State'].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = services.map(({ program, user, kind, phase }): Cell[] => {
    const tone = phaseTone[phase];
    const state = phase === 'finished' ? 'finished (exit code 100)' : phase.replaceAll('-', ' ');
    const text = kind === 'failfast' ? `${state}, failfast` : state;
    return [{ text: program }, { text: user }, { text, ...(tone === undefined ? {} : { tone }) }];
  });
  return table(terminal, [head, ...rows]);
}

const watchdogWords: Readonly<Record<string, string>> = {
  waiting: 'will be armed with the first keepalive',
  armed: 'armed',
  unavailable: 'does not guard this machine',
  condemned: 'is about to reset this machine',
};

function watchdogText(terminal: Terminal, watchdog: WatchdogReport | undefined): string {
  if (watchdog === undefined) return '';
  const { device, state, timeoutSeconds, reason } = watchdog;
  const waits =
    state === 'armed' && timeoutSeconds !== undefined
      ? `: resets this machine ${timeoutSeconds} s after the last keepalive`
      : '';
  const why = reason === undefined ? '' : ` (${reason})`;
  return wrap(`Watchdog ${device} ${watchdogWords[state] ?? state}${waits}${why}.`, terminal.columns, '  ', '');
}
