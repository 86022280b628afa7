/** `pairbeat fence-status`: could each fence device of this node act against the other one? Nothing is switched. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import type { Result } from '../../core/result.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import type { FenceProbeReport } from '../../protocol/fence-probe.ts';
import { fail, succeed } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { type Cell, table } from '../text.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

/** Devices may take their fence_timeout, which is the daemon's to know. */
const patienceMs = 600_000;

export function addFenceStatus(program: Command, session: Session): void {
  const command = program
    .command('fence-status')
    .description('ask each fence device of this node whether it could act; nothing is switched');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const invocation = invocationOf(session, 'fence-status', options);
    const report = await run(session, options);
    if (!report.ok) return session.finish(fail(invocation, report.problem));
    const works = report.value.devices.some(({ ok }) => ok);
    const text = (): string => fenceStatusText(session.terminal, report.value);
    session.finish(succeed(invocation, { fencing: report.value }, text, works ? exitCodes.ok : exitCodes.error));
  });
}

async function run(session: Session, options: CommonOptions): Promise<Result<FenceProbeReport>> {
  const { runDir, haDir, stateDir } = directoriesOf(session, options);
  const answer = await ask(runDir, 'probeFence', {}, { timeoutMs: patienceMs });
  if (answer.ok || answer.problem.code !== 'daemon-not-running') return answer;
  return session.services.probeFenceDevices({ haDir, stateDir });
}

export function fenceStatusText(terminal: Terminal, report: FenceProbeReport): string {
  const { node, peer, devices } = report;
  if (devices.length === 0)
    return `No fence device of ${node} can switch ${peer} off: nothing of a silent ${peer} would be\ntaken over without an operator. "pairbeat check" says why.\n`;
  const head: Cell[] = ['Fence device', 'State', 'Answers in', 'It says'].map((text) => ({
    text,
    tone: 'quiet' as const,
  }));
  const rows = devices.map(({ name, ok, detail, tookMs }): Cell[] => [
    { text: name },
    ok ? { text: 'works', tone: 'good' } : { text: 'FAILS', tone: 'bad' },
    { text: tookMs === undefined ? '-' : seconds(tookMs) },
    { text: detail === '' ? '-' : detail },
  ]);
  const works = devices.some(({ ok }) => ok);
  const conclusion = works
    ? `${node} could fence ${peer} now.`
    : `${node} could NOT fence ${peer} now: if ${peer} died, nothing of it would be started.`;
  return `${table(terminal, [head, ...rows])}${conclusion}\n${shortDelay(report)}`;
}

/** An attempt asks how things are, switches, and asks again: the power is not gone before two of its answers. */
const answersPerAttempt = 2;

function shortDelay({ devices, delayMs = 0 }: FenceProbeReport): string {
  if (delayMs === 0) return '';
  const slow = devices.find(({ tookMs = 0 }) => tookMs * answersPerAttempt >= delayMs);
  if (slow?.tookMs === undefined) return '';
  return `fence_delay ${seconds(delayMs)} is short for ${slow.name}: it takes ${seconds(slow.tookMs)} for one answer, and an attempt needs two or three.\nWith only the links cut both nodes may switch each other off. Write a longer one on both nodes.\n`;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0)} s`;
