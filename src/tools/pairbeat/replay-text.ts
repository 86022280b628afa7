/** What a replay found, for the terminal: that all is the same, or the first thing that is not. */
import type { NodeEffect } from '../../core/effects.ts';
import {
  type Divergence,
  type Gap,
  isDecision,
  type ReplayedStep,
  type ReplayReport,
} from '../../core/recording/replay.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { effectWords, eventWords } from '../recording-words.ts';
import type { Terminal } from '../terminal.ts';
import { age, paint, wrap } from '../text.ts';
import { stamp } from '../when.ts';

export interface Decision {
  readonly step: number;
  readonly wallSeconds: number;
  readonly because: string;
  readonly decided: readonly string[];
}

export function decisionOf({ step, wallSeconds, event, effects, state }: ReplayedStep): Decision {
  const decided = effects.filter(isDecision).map((effect) => effectWords(effect, state.options.peer));
  return { step, wallSeconds, because: eventWords(event), decided };
}

export function decisionText(terminal: Terminal, { step, wallSeconds, because, decided }: Decision): string {
  const head = `${stamp(wallSeconds)}  event ${step}: ${because}`;
  return (
    wrap(head, terminal.columns, '      ', '') +
    decided.map((each) => wrap(each, terminal.columns, '      ', '  ')).join('')
  );
}

export function replayText(terminal: Terminal, report: ReplayReport, version: string): string {
  const { divergence } = report;
  const verdict =
    divergence === undefined
      ? paint(terminal, 'good', 'Identical: this core decides what the recorded one decided.\n')
      : divergenceText(terminal, divergence);
  return `${summary(terminal, report)}${gapsText(terminal, report.gaps)}${versionsText(terminal, report, version)}${verdict}`;
}

function summary(terminal: Terminal, report: ReplayReport): string {
  const { segments, daemons, events, decisions, stepsCompared, statesCompared } = report;
  const { fromWallSeconds: from = 0, untilWallSeconds: until = 0 } = report;
  const span = `${stamp(from, 0)} to ${stamp(until, 0)} (${age((until - from) * 1000)})`;
  return (
    wrap(
      `Replayed ${counted(events, 'event')} of ${counted(daemons, 'life', 'lives')} of the daemon, ${span}, from ${counted(segments, 'segment')}.`,
      terminal.columns,
      '  ',
      '',
    ) +
    wrap(
      `${counted(decisions, 'decision')}; ${counted(stepsCompared, 'step')} and ${counted(statesCompared, 'whole state')} compared.`,
      terminal.columns,
      '  ',
      '',
    )
  );
}

function gapsText(terminal: Terminal, gaps: readonly Gap[]): string {
  const words = {
    lost: (records: number) => `${counted(records, 'record')} were not written (the disk was full or too slow)`,
    damage: () => 'a line is torn or does not verify',
    headless: (records: number) => `${counted(records, 'step')} before the first checkpoint`,
    ended: () => 'a line has no end (the daemon was killed while it wrote it, or writes it now)',
  };
  return gaps
    .map(({ what, wallSeconds, records }) => {
      const text = `Not replayed, ${stamp(wallSeconds)}: ${words[what](records)}. It goes on at the next checkpoint.`;
      return paint(terminal, 'doubtful', wrap(text, terminal.columns, '  ', ''));
    })
    .join('');
}

function versionsText(terminal: Terminal, { versions }: ReplayReport, version: string): string {
  const others = versions.filter((each) => each !== version);
  if (others.length === 0) return '';
  const text = `Recorded by version ${others.map((each) => each || 'not named').join(', ')}; this is ${version}: a difference may be no more than that between two versions.`;
  return paint(terminal, 'doubtful', wrap(text, terminal.columns, '  ', ''));
}

function divergenceText(terminal: Terminal, divergence: Divergence): string {
  const { step, wallSeconds, event, agreedAtStep, what, fault } = divergence;
  const head = `DIFFERENT at event ${step}, ${stamp(wallSeconds)}${event === undefined ? '' : `: ${eventWords(event)}`}`;
  const reasons = {
    effects: 'This core decides something else than the recorded one.',
    quiet: 'This core asks, does or says something else than the recorded one.',
    state: `The effects agree, but what the node knows does not. It last agreed after event ${agreedAtStep}: the difference arose in between.`,
    fault: fault === undefined ? 'The recorded core broke here, this one does not.' : `This core breaks here: ${fault}`,
  };
  return (
    paint(terminal, 'bad', wrap(head, terminal.columns, '  ', '')) +
    wrap(reasons[what], terminal.columns, '  ') +
    differences(terminal, divergence)
  );
}

/** Effects that both have are left out. */
function differences(terminal: Terminal, { what, recorded, replayed }: Divergence): string {
  if (what === 'state') return '';
  const left = (recorded ?? []).map((effect) => JSON.stringify(effect));
  const right = replayed.map((effect) => JSON.stringify(effect));
  const only = (own: readonly string[], other: readonly string[]) => own.filter((each) => !other.includes(each));
  const lines = (head: string, effects: readonly string[], sign: string) =>
    effects.map((each) => wrap(`${head} ${words(each)}`, terminal.columns, '      ', `  ${sign} `)).join('');
  const missing =
    recorded === undefined ? wrap('recorded: questions only, not kept', terminal.columns, '      ', '  - ') : '';
  return missing + lines('recorded:', only(left, right), '-') + lines('this core:', only(right, left), '+');
}

function words(effect: string): string {
  try {
    return plainText(effectWords(JSON.parse(effect) as NodeEffect, 'the peer'));
  } catch {
    return plainText(effect);
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
