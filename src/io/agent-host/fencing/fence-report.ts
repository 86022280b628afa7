/** What an attempt, or a question whether a device could act, ends with; and how programs' ends are read. */
import type { FenceDevice } from '../../../core/config/fencing/fence-device.ts';
import type { FenceAction, FenceOutcome } from '../../../core/fencing/settings.ts';
import type { AgentEnd } from '../agent-process.ts';
import { deviceWords } from './device-words.ts';
import type { FenceRun } from './fence-run.ts';

export interface FenceReport {
  readonly outcome: FenceOutcome;
  /** The device's own status said OFF afterwards. */
  readonly verified: boolean;
  readonly detail: string;
  /** Best effort, after the answer has gone out: power is given back. */
  readonly afterwards?: (run: FenceRun) => Promise<AgentEnd>;
}

export interface ProbeReport {
  readonly ok: boolean;
  readonly detail: string;
}

/** How a kind of device is driven. Each is told to act, or only asked. */
export interface FenceAdapter {
  fence(run: FenceRun, action: FenceAction, target: string): Promise<FenceReport>;
  probe(run: FenceRun, target: string): Promise<ProbeReport>;
}

/** It ended by itself with this code; undefined when it was killed, or died, or never ran. */
export function exitCodeOf(end: AgentEnd): number | undefined {
  return end.kind === 'exited' ? end.exitCode : undefined;
}

export function wordsOf(device: FenceDevice, what: string, end: AgentEnd): string {
  switch (end.kind) {
    case 'not-started':
      return `${what}: it could not be run (${end.reason})`;
    case 'timeout':
      return `${what}: no end in time, killed`;
    case 'signalled':
      return `${what}: ended by ${end.signal}`;
    default: {
      const words = deviceWords(device, end.output, end.errorOutput);
      return words === '' && end.exitCode !== 0 ? `${what}: exit code ${end.exitCode}` : words;
    }
  }
}

/**
 * S8: an action that did not end with success. What said "no" by itself has failed; of what was killed or died nobody
 * knows whether it had done its work.
 */
export function notDone(device: FenceDevice, what: string, end: AgentEnd): FenceReport {
  const outcome = end.kind === 'exited' || end.kind === 'not-started' ? 'failed' : 'unknown';
  return { outcome, verified: false, detail: wordsOf(device, what, end) };
}
