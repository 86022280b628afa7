/**
 * What the commands exit with. Three families, each because scripts out there already test for it: Pacemaker's
 * crm_exit_t for `pairbeat` (tools-and-agents 2.2), LSB for `heartbeat`, and cl_status' own, as 3.0.6 exits with them.
 */
import type { Problem } from '../core/result.ts';

export const exitCodes = {
  ok: 0,
  error: 1,
  'invalid-parameter': 2,
  unimplemented: 3,
  'insufficient-privilege': 4,
  'not-installed': 5,
  'not-configured': 6,
  'not-running': 7,
  usage: 64,
  'bad-data': 65,
  'no-input': 66,
  'no-user': 67,
  'no-host': 68,
  unavailable: 69,
  software: 70,
  'os-error': 71,
  'os-file': 72,
  'cannot-create': 73,
  'io-error': 74,
  'try-again': 75,
  protocol: 76,
  'no-permission': 77,
  configuration: 78,
  fatal: 100,
  panic: 101,
  disconnected: 102,
  old: 103,
  digest: 104,
  'no-such-object': 105,
  quorum: 106,
  unsafe: 107,
  exists: 108,
  multiple: 109,
  expired: 110,
  'not-yet-in-effect': 111,
  indeterminate: 112,
  unsatisfied: 113,
  timeout: 124,
} as const;

export type ExitName = keyof typeof exitCodes;

/** LSB 5.0, "Init Script Actions": the `status` action has a table of its own. */
export const lsbStatus = { running: 0, deadWithPidFile: 1, notRunning: 3, unknown: 4 } as const;
export const lsb = {
  ok: 0,
  error: 1,
  invalidArgument: 2,
  unimplemented: 3,
  insufficientPrivilege: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
} as const;

/** 1 is an answer ("down", "unset", also: no daemon), not a failure of the tool; 3.0.6 does the same. */
export const clStatus = { ok: 0, negative: 1, badParameter: 11, timeout: 12, otherError: 13 } as const;

/** The exit code of a `pairbeat` command that ended with this problem; 1 for all that no script needs to tell apart. */
export function exitCodeOf(problem: Problem): number {
  return exitCodes[exitNames[problem.code] ?? 'error'];
}

const exitNames: Readonly<Record<string, ExitName>> = {
  'daemon-not-running': 'disconnected',
  'daemon-unreachable': 'disconnected',
  'connection-lost': 'disconnected',
  'daemon-starting': 'try-again',
  'too-many-clients': 'try-again',
  'too-many-requests': 'try-again',
  'answer-timeout': 'timeout',
  'protocol-mismatch': 'protocol',
  'protocol-version': 'protocol',
  'daemon-unreadable': 'protocol',
  'run-directory-unsafe': 'no-permission',
  'operator-rights-needed': 'insufficient-privilege',
  'root-rights-needed': 'insufficient-privilege',
  'rights-missing': 'insufficient-privilege',
  'client-refused': 'insufficient-privilege',
  'client-unidentified': 'insufficient-privilege',
  usage: 'usage',
  'unknown-group': 'no-such-object',
  'no-such-group': 'no-such-object',
  'no-split': 'no-such-object',
  'not-unmanaged': 'no-such-object',
  'file-exists': 'exists',
  'file-not-writable': 'cannot-create',
  'file-not-readable': 'no-input',
  'authkeys-invalid': 'not-configured',
  'keys-drop-peers-key': 'unsafe',
  'keys-peer-lacks': 'unsafe',
  'keys-peer-differs': 'unsafe',
  'keys-peer-does-not-say': 'unsafe',
  'keys-heartbeat-cannot': 'unsafe',
  'rotation-peer-lacks-key': 'unsafe',
  'rotation-peer-signs-old': 'unsafe',
  'rotation-key-differs': 'unsafe',
  'rotation-other-step': 'unsafe',
  'rotation-files-differ': 'unsafe',
  'rotation-peer-not-heard': 'unavailable',
  'reload-refused': 'not-configured',
  'ssh-failed': 'no-host',
  'push-check-failed': 'not-configured',
  'push-reload-failed': 'error',
  'address-malformed': 'usage',
  'address-there': 'exists',
  'address-not-there': 'no-such-object',
  'address-group-needed': 'usage',
  'address-names-group': 'unsafe',
  'reload-cuts-links': 'unsafe',
  'reload-empties': 'unsafe',
  'restart-busy': 'try-again',
  'restart-not-covered': 'unsafe',
  'observe-configuration-invalid': 'not-configured',
  'journal-not-there': 'no-input',
  'journal-not-readable': 'no-input',
  'journal-empty': 'no-input',
  'journal-without-steps': 'bad-data',
  'timeline-nothing': 'no-such-object',
  'timeline-other-pair': 'bad-data',
  'export-exists': 'exists',
  'when-unclear': 'usage',
  'internal-fault': 'software',
};
