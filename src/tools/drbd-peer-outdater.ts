/**
 * `drbd-peer-outdater`: DRBD's fence-peer handler. Asks the daemon to have the other node's copy marked outdated, and
 * ends with the code that DRBD understands: 3 inconsistent, 4 outdated, 5 not reachable, 6 primary, 20 failed.
 */
import { parseArgs } from 'node:util';
import { ask } from '../client/connection.ts';
import type { Problem } from '../core/result.ts';
import { describeLine } from '../protocol/catalogue.ts';
import { directoriesFrom } from '../protocol/directories.ts';
import type { Terminal } from './terminal.ts';

const outdated = 4;
const unreachable = 5;
const failed = 20;
/** What a problem may say; that it is outdated is no problem. */
const refusals: readonly number[] = [3, 5, 6, 7];
const defaultSeconds = 60;
const longestSeconds = 3600;
/** The daemon answers when its own time is over; a little more for the way. */
const extraMs = 5000;

export async function runDrbdPeerOutdater(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(argv);
  if (options === undefined) return usage(terminal, 1);
  if (options.help) return usage(terminal, 0);
  const { environment } = terminal;
  const resource = options.resource ?? environment['DRBD_RESOURCE'] ?? '';
  const peer = options.peer ?? environment['DRBD_PEER'] ?? environment['DRBD_PEERS'] ?? '';
  const seconds = Number(options.timeout ?? defaultSeconds);
  if (resource === '' || peer === '') return usage(terminal, 1);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds) return usage(terminal, 1);
  const { runDir } = directoriesFrom(options.runDir === undefined ? {} : { runDir: options.runDir }, environment);
  const timeoutMs = seconds * 1000;
  const answer = await ask(runDir, 'outdatePeer', { resource, peer, timeoutMs }, { timeoutMs: timeoutMs + extraMs });
  if (answer.ok) return outdated;
  terminal.error(`drbd-peer-outdater: ${describeLine(answer.problem)}\n`);
  return codeOf(answer.problem);
}

function codeOf({ code, fields }: Problem): number {
  if (code === 'node-unknown') return unreachable;
  const said = Number(fields['code']);
  return code === 'dopd-answer' && refusals.includes(said) ? said : failed;
}

interface Options {
  readonly resource?: string | undefined;
  readonly peer?: string | undefined;
  readonly timeout?: string | undefined;
  readonly runDir?: string | undefined;
  readonly help: boolean;
}

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        resource: { type: 'string', short: 'r' },
        peer: { type: 'string', short: 'p' },
        timeout: { type: 'string', short: 't' },
        'run-dir': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { resource, peer, timeout, help } = values;
    return { resource, peer, timeout, runDir: values['run-dir'], help };
  } catch {
    return undefined;
  }
}

function usage(terminal: Terminal, code: number): number {
  const text = `usage: drbd-peer-outdater -r RESOURCE -p PEER [-t SECONDS] [--run-dir DIR]
  Has the copy of a DRBD resource on the other node marked outdated, as a fence-peer handler of DRBD.
  -r RESOURCE  name of the resource (else $DRBD_RESOURCE)
  -p PEER      name of the other node (else $DRBD_PEER, $DRBD_PEERS)
  -t SECONDS   how long to wait for its answer, ${defaultSeconds} unless given

Exit: 4 it is outdated; 3 it was inconsistent anyway; 5 the node cannot be reached; 6 it is primary there and stays as
it is; 20 it could not be done, or nobody knows; 1 wrong arguments.
`;
  (code === 0 ? terminal.out : terminal.error)(text);
  return code;
}
