/** What the `heartbeat` command needs from this machine: files, processes, the daemon itself. */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '../core/config/configuration.ts';
import { directives } from '../core/config/directives.ts';
import { type Finding, hasErrors } from '../core/config/findings.ts';
import { renderFinding } from '../core/config/render-finding.ts';
import type { Problem } from '../core/result.ts';
import { realtimeNodeFlags } from '../io/replace-process.ts';
import type { Directories } from '../protocol/directories.ts';
import { lsb } from '../protocol/exit-codes.ts';
import { runCheck } from './check-command.ts';
import type { DaemonRequests, HeartbeatServices } from './command-line.ts';
import type { HeartbeatOptions } from './heartbeat-options.ts';
import { loadConfiguration } from './load-configuration.ts';
import { findDaemon } from './running-daemon.ts';
import { startDaemon } from './start-daemon.ts';
import { productVersion } from './version.ts';

/** How long `heartbeat` without -f waits for its child to be up before it says that it does not know. */
const backgroundWaitMs = 15_000;

export function heartbeatServices(script: string, daemon: DaemonRequests): HeartbeatServices {
  let warnings: readonly Problem[] = [];
  return {
    daemon,
    startDaemon: (options, configuration) => startDaemon({ directories: options.directories, configuration, warnings }),
    startInBackground: (options) => startInBackground(script, options),
    check: (directories) => runCheck({ directory: directories.haDir, asHeartbeat: false, json: false }, write),
    async load(directories, output) {
      const loaded = await loadConfiguration(directories);
      const shown = loaded.findings.filter(
        (finding) => finding.severity === 'error' || (output === 'findings' && finding.severity === 'warning'),
      );
      for (const finding of shown) process.stderr.write(`${renderFinding(finding)}\n`);
      warnings = loaded.findings.filter((finding) => finding.severity === 'warning').map(asProblem);
      return loadResult(loaded.configuration, loaded.findings);
    },
    directives,
    version: productVersion,
    environment: process.env,
    out: write,
    error: (text) => void process.stderr.write(text),
    kill: (pid, signal) => void process.kill(pid, signal),
    pause: async (milliseconds) => void (await pause(milliseconds)),
  };
}

function loadResult(
  configuration: Configuration | undefined,
  findings: readonly Finding[],
): { exitCode: number; configuration?: Configuration } {
  if (configuration === undefined || hasErrors(findings)) return { exitCode: lsb.notConfigured };
  return { exitCode: lsb.ok, configuration };
}

function asProblem(finding: Finding): Problem {
  return {
    code: 'configuration-warning',
    fields: { file: finding.file, line: finding.line, text: renderFinding(finding).split('\n')[0] ?? '' },
  };
}

/** The same command with `-f`, in a session of its own; done when its sockets answer or when it has ended. */
async function startInBackground(script: string, options: HeartbeatOptions): Promise<number> {
  const child = spawn(
    process.execPath,
    [...realtimeNodeFlags, script, '-f', ...letters(options), ...directoryArguments(options.directories)],
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore'],
      cwd: '/',
    },
  );
  let exitCode: number | undefined;
  child.on('exit', (code) => {
    exitCode = code ?? 1;
  });
  child.unref();
  for (let waitedMs = 0; waitedMs < backgroundWaitMs; waitedMs += 20) {
    await pause(20);
    if (exitCode !== undefined) return reportEarlyEnd(exitCode);
    if (findDaemon(options.directories.runDir).state === 'running') return lsb.ok;
  }
  process.stderr.write(
    'heartbeat: started, but not up after 15 s.\n  -> Look into its log; "heartbeat -f" shows on the terminal what it waits for.\n',
  );
  return lsb.error;
}

function reportEarlyEnd(exitCode: number): number {
  process.stderr.write(
    'heartbeat: it ended as soon as it was started.\n  -> The reason is in its log; "heartbeat -f" shows it on the terminal.\n',
  );
  return exitCode === 0 ? lsb.error : exitCode;
}

const letters = (options: HeartbeatOptions): string[] => [
  ...(options.realtime ? [] : ['-l']),
  ...Array.from({ length: options.debug }, () => '-d'),
];

function directoryArguments({ haDir, stateDir, runDir }: Directories): string[] {
  return ['--ha-dir', haDir, '--state-dir', stateDir, '--run-dir', runDir];
}

const write = (text: string): void => void process.stdout.write(text);
