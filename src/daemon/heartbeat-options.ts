/** The options of `heartbeat`: Heartbeat's own letters (heartbeat.md 1.1), and the directories of Pairbeat. */
import { resolve } from 'node:path';
import { failure, type Result, success } from '../core/result.ts';
import { type Directories, directoriesFrom } from '../protocol/directories.ts';

export type HeartbeatAction =
  | 'start'
  | 'stop'
  | 'reload'
  | 'restart'
  | 'status'
  | 'version'
  | 'check'
  | 'defaults'
  | 'effective'
  | 'help';

export interface HeartbeatOptions {
  readonly action: HeartbeatAction;
  readonly foreground: boolean;
  /** `-l`: not at real-time priority. */
  readonly realtime: boolean;
  /** `-d`, once per level. */
  readonly debug: number;
  /** `-W`, with `-D`: as a wiki table. */
  readonly wiki: boolean;
  readonly directories: Directories;
}

export const heartbeatUsage = `Usage: heartbeat [-dfl] [--ha-dir DIR] [--state-dir DIR] [--run-dir DIR]
       heartbeat -k | -r | -R | -s | -t | -v | -V | -D [-W]

  (none)  start in the background; does nothing when it runs already
  -f      start in the foreground
  -k      stop: hand the resources over, stop, and wait until it is gone
  -r      reload: check the configuration, take up what differs; start if it is not running
  -R      restart the daemon, after an upgrade say: what runs here goes on running
  -s      status: is it running
  -t      check the configuration and exit
  -v      show the directives in effect
  -D      show the default of every directive; -W: as a wiki table
  -V      version
  -d      more debug messages (may be repeated)
  -l      do not use real-time priority
  --ha-dir /etc/ha.d, --state-dir /var/lib/heartbeat, --run-dir /run/heartbeat
          other directories (also PAIRBEAT_HA_DIR, PAIRBEAT_STATE_DIR, PAIRBEAT_RUN_DIR)

Exit (LSB): 0 done or running, 1 error, 2 wrong option, 3 not built in, 4 not permitted, 6 configuration error.
With -s: 0 running, 1 dead though its pid file exists, 3 not running.
`;

const actions: Readonly<Record<string, HeartbeatAction>> = {
  k: 'stop',
  r: 'reload',
  R: 'restart',
  s: 'status',
  V: 'version',
  t: 'check',
  D: 'defaults',
  v: 'effective',
  h: 'help',
};

/** Heartbeat's options that Pairbeat has no use for, and what to do instead. Refused, because ignoring them would harm. */
const notBuilt: Readonly<Record<string, string>> = {
  M: '-M (do not manage resources) does not exist here: a node that manages nothing has an empty haresources',
  C: '-C (what an internal restart holds) is not needed here: with -R the daemon finds out itself what runs',
};

const directoryOptions = { '--ha-dir': 'haDir', '--state-dir': 'stateDir', '--run-dir': 'runDir' } as const;

/** Problem codes: usage (LSB 2), option-not-built (LSB 3). */
export function readHeartbeatOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<HeartbeatOptions> {
  const letters: string[] = [];
  const directories: { haDir?: string; stateDir?: string; runDir?: string } = {};
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [name = '', attached] = word.split(/=(.*)/s, 2);
    if (Object.hasOwn(directoryOptions, name)) {
      const value = attached ?? argv[++index];
      if (!value) return failure('usage', { reason: `option ${name} needs a directory` });
      directories[directoryOptions[name as keyof typeof directoryOptions]] = value;
    } else if (/^-[a-zA-Z]*C$/.test(word)) {
      letters.push('C');
      index += 1;
    } else if (word === '--help') letters.push('h');
    else if (word === '--version') letters.push('V');
    else if (/^-[a-zA-Z]+$/.test(word)) letters.push(...word.slice(1));
    else return failure('usage', { reason: `unknown argument "${word}"` });
  }
  return interpret(letters, absolute(directoriesFrom(directories, environment)));
}

/** The daemon works in /, and the background one does so before it reads its options. */
function absolute({ haDir, stateDir, runDir, logDir }: Directories): Directories {
  return { haDir: resolve(haDir), stateDir: resolve(stateDir), runDir: resolve(runDir), logDir: resolve(logDir) };
}

function interpret(letters: readonly string[], directories: Directories): Result<HeartbeatOptions> {
  const unknown = letters.find((letter) => !'dDkMrRsvlfVtWCh'.includes(letter));
  if (unknown !== undefined) return failure('usage', { reason: `unknown option -${unknown}` });
  const refused = letters.find(
    (letter) => Object.hasOwn(notBuilt, letter) && !(letter === 'C' && letters.includes('R')),
  );
  if (refused !== undefined) return failure('option-not-built', { reason: notBuilt[refused] ?? '' });
  const chosen = [...new Set(letters.filter((letter) => Object.hasOwn(actions, letter)))];
  const other = chosen[1];
  if (other !== undefined) return failure('usage', { reason: `-${chosen[0]} and -${other} exclude each other` });
  return success({
    action: actions[chosen[0] ?? ''] ?? 'start',
    foreground: letters.includes('f'),
    realtime: !letters.includes('l'),
    debug: letters.filter((letter) => letter === 'd').length,
    wiki: letters.includes('W'),
    directories,
  });
}
