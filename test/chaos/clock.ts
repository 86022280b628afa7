/**
 * A wall clock for each daemon that can be put forward and back while it runs, without touching the machine's. libfaketime (a
 * package of Debian) answers for CLOCK_REALTIME; the monotonic clocks and timers are the kernel's own. It keeps shared
 * memory that a killed process leaves behind, so each daemon gets a /dev/shm of its own, which ends with it.
 *
 * The agent host has the machine's clock: it begins with an empty environment. It reads the wall clock for its log only.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';

const libraries = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', '']
  .map((architecture) => `/usr/lib/${architecture}faketime/libfaketimeMT.so.1`)
  .concat('/usr/lib64/faketime/libfaketimeMT.so.1');

/** Undefined where it is not installed: the daemons then have the machine's clock. */
const library = libraries.find((file) => existsSync(file));

const clockFile = 'chaos/clock';

export function clockProblem(): string | undefined {
  return library === undefined ? 'libfaketime is not installed' : undefined;
}

/** By how much the wall clock of the daemons of this host is away from the machine's, from now on. */
export function setClock(host: Host, seconds: number): void {
  // The daemon may look at any moment: it must never find half a file.
  host.writeFile(`${clockFile}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  const file = join(host.configurationDirectory, clockFile);
  renameSync(`${file}.new`, file);
}

/** The program, with the clock that can be set. It keeps its process id. */
export function withClock(argv: readonly string[]): string[] {
  if (library === undefined) return [...argv];
  const variables = [
    `LD_PRELOAD=${library}`,
    `FAKETIME_TIMESTAMP_FILE=/etc/ha.d/${clockFile}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
    'NO_FAKE_STAT=1',
  ];
  const script = 'mount -t tmpfs pairbeat-lab /dev/shm && exec env "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...variables, ...argv];
}
