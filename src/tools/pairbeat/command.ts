/** What every subcommand of `pairbeat` is given, and the two questions that most of them ask. */
import type { Command } from 'commander';
import type { Authentication, Configuration } from '../../core/config/configuration.ts';
import type { JournalEntry } from '../../core/journal-records.ts';
import type { Result } from '../../core/result.ts';
import type { Hashes } from '../../core/transport/mac.ts';
import { type Directories, directoriesFrom } from '../../protocol/directories.ts';
import type { FenceProbeReport } from '../../protocol/fence-probe.ts';
import type { LinkTestReport } from '../../protocol/link-test.ts';
import type { SeenDatagram } from '../observe/observation.ts';
import type { Invocation } from '../report.ts';
import type { Terminal } from '../terminal.ts';

/** What tools cannot do themselves, because it lies in the daemon or next to the kernel; the entry point brings it. */
export interface PairbeatServices {
  readonly version: string;
  /** To verify and open packets. */
  readonly hashes: Hashes;
  check(
    options: { directory?: string; asHeartbeat: boolean; json: boolean; node?: string },
    write: (text: string) => void,
  ): Promise<number>;
  /** For `observe`: links, nodes and port, and the keys where they may be read. */
  loadLinks(haDir: string): Promise<Result<LinkPlan>>;
  /** For `link-test` where no daemon runs. */
  testLinksAlone(
    haDir: string,
    options: { durationMs: number; port: number; patienceMs: number; signal: AbortSignal },
  ): Promise<Result<LinkTestReport>>;
  /** For `fence-status` where no daemon runs. */
  probeFenceDevices(directories: Pick<Directories, 'haDir' | 'stateDir'>): Promise<Result<FenceProbeReport>>;
  /** For `replay` and `timeline`: one segment of a journal, or the directory of one. */
  openJournal(path: string): Promise<Result<AsyncIterable<JournalEntry>>>;
  /** Writes what happened since then (seconds of the wall clock) into a new file, as one segment. Answers its records. */
  exportJournal(path: string, file: string, sinceSeconds: number): Promise<Result<number>>;
  capture(
    device: string,
    port: number,
    see: (datagram: SeenDatagram) => void,
  ): Promise<Result<{ dropped(): number; close(): void }>>;
}

export interface LinkPlan extends Pick<Configuration, 'nodes' | 'links' | 'udpport' | 'meaning'> {
  readonly authentication?: Authentication;
}

export interface Session {
  readonly terminal: Terminal;
  readonly services: PairbeatServices;
  /** The exit code of the subcommand that ran. */
  finish(code: number): void;
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly haDir?: string;
  readonly stateDir?: string;
  readonly runDir?: string;
}

/** Adds what every subcommand has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON: {apiVersion, request, ..., status: {code, message}}')
    .option('--ha-dir <dir>', 'configuration directory (PAIRBEAT_HA_DIR, /etc/ha.d)')
    .option('--run-dir <dir>', 'run directory of the daemon (PAIRBEAT_RUN_DIR, /run/heartbeat)');
}

export function invocationOf(session: Session, name: string, options: CommonOptions): Invocation {
  return { request: `pairbeat ${name}`, json: options.json === true, terminal: session.terminal };
}

export function directoriesOf(session: Session, options: CommonOptions): Directories {
  return directoriesFrom(options, session.terminal.environment);
}
