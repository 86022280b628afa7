/** Fence devices in the status: whether each would work tonight, and what is under way or proven now. */
import type { StatusReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { age, type Cell, table, wrap } from '../text.ts';

const words = { ok: 'works', failing: 'FAILS', unknown: 'not asked yet' } as const;

export function fencingText(terminal: Terminal, { fencing }: StatusReport): string {
  if (fencing === undefined) return '';
  const head: Cell[] = ['Fence device', 'Type', 'State', 'Asked'].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = fencing.devices.map(({ name, type, state, ageMs }): Cell[] => [
    { text: name },
    { text: type },
    { text: words[state], tone: state === 'ok' ? 'good' : state === 'failing' ? 'bad' : 'doubtful' },
    { text: ageMs === undefined ? '-' : `${age(ageMs)} ago` },
  ]);
  const devices =
    rows.length === 0 ? 'No fence device of this node reaches the other one.\n' : table(terminal, [head, ...rows]);
  return devices + (fencing.now === undefined ? '' : wrap(fencing.now, terminal.columns, '  ', ''));
}
