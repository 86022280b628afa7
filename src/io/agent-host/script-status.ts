/**
 * What an agent's `status` means. Heartbeat judges R1 scripts by what they print, not by their exit code; LSB scripts
 * of init.d are judged by the text too, and by the exit code when the text says nothing. OCF agents have exit codes.
 */
import type { AgentFile } from './script-lookup.ts';

export type StatusVerdict = 'running' | 'not-running' | 'failed' | 'unknown';

export function judgeStatus(convention: AgentFile['convention'], exitCode: number, output: string): StatusVerdict {
  switch (convention) {
    case 'ocf':
      return judgeOcf(exitCode);
    case 'r1':
      return judgeText(output) ?? 'not-running';
    case 'unit':
      return 'unknown';
    case 'lsb':
      return judgeText(output) ?? judgeLsb(exitCode);
  }
}

/** Upper and lower case exactly where Heartbeat accepts both. */
function judgeText(output: string): StatusVerdict | undefined {
  if (/[nN][oO][tT]\s+[rR]unning/.test(output)) return 'not-running';
  if (/[rR]unning/.test(output) || output.includes('OK')) return 'running';
  return undefined;
}

/** 0 running, 7 not running, 8 running promoted; anything else is a running resource in trouble. */
function judgeOcf(exitCode: number): StatusVerdict {
  if (exitCode === 0 || exitCode === 8) return 'running';
  return exitCode === 7 ? 'not-running' : 'failed';
}

/** LSB: 1 and 2 are dead with a pid or lock file left, 3 is stopped. */
function judgeLsb(exitCode: number): StatusVerdict {
  if (exitCode === 0) return 'running';
  return exitCode >= 1 && exitCode <= 3 ? 'not-running' : 'unknown';
}
