/**
 * The helper programs of Heartbeat that are built into this daemon. A `respawn` line that names one of them, wherever
 * its distribution put it, switches the built-in one on; no process is started for it.
 */
import type { HelperConfiguration, PingdConfiguration } from './configuration.ts';

const builtIn: ReadonlySet<string> = new Set(['ipfail', 'pingd', 'dopd']);

/** True for `/usr/lib/heartbeat/ipfail` and its like: the daemon does this work itself. */
export function isBuiltInHelper(path: string): boolean {
  return builtIn.has(nameOf(path));
}

/** The daemons that Heartbeat started for crm mode, by its own paths or by name: they speak a protocol of its library. */
const managerPrograms: ReadonlySet<string> = new Set(
  'ccm cib attrd crmd lrmd stonithd stonith-ng pengine mgmtd'.split(' '),
);

/** True for a path like `/usr/lib/heartbeat/ccm`, or for the bare name as `apiauth` has it. */
export function isManagerProgram(path: string): boolean {
  return managerPrograms.has(nameOf(path)) && (!path.includes('/') || /\/(heartbeat|pacemaker)\//.test(path));
}

export interface HelperReading {
  readonly helper: HelperConfiguration;
  /** Words that mean nothing to the built-in helper. */
  readonly ignored: readonly string[];
}

/** Undefined when the program is not one of ours. */
export function readHelper(path: string, args: readonly string[]): HelperReading | undefined {
  const name = nameOf(path);
  if (name === 'ipfail') return { helper: { kind: 'ipfail' }, ignored: [] };
  if (name === 'dopd') return { helper: { kind: 'dopd' }, ignored: [] };
  return name === 'pingd' ? readPingd(args) : undefined;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What pingd does without the option: one point a node, no dampening, the attribute `pingd`, two attempts a second apart. */
const pingdDefaults: PingdConfiguration = {
  kind: 'pingd',
  multiplier: 1,
  dampenMs: 0,
  attribute: 'pingd',
  hosts: [],
  intervalMs: 1000,
  attempts: 2,
};

const longNames: Readonly<Record<string, string>> = {
  '--multiplier': '-m',
  '--attr-dampen': '-d',
  '--attr-name': '-a',
  '--ping-host': '-h',
  '--ping-interval': '-i',
  '--ping-attempts': '-n',
};

/** Options with a value that make no difference here: pid file, attribute set and section, user, uuid, timeout. */
const passedOver: ReadonlySet<string> = new Set(['-p', '-s', '-S', '-u', '-U', '-t', '-r']);
/** `-D` (go into the background) and `-V` (say more) are given by habit. */
const flags: ReadonlySet<string> = new Set(['-D', '-V']);

function readPingd(args: readonly string[]): HelperReading {
  let helper = pingdDefaults;
  const ignored: string[] = [];
  const words = args.flatMap((word) => (/^-[a-zA-Z]./.test(word) ? [word.slice(0, 2), word.slice(2)] : [word]));
  for (let index = 0; index < words.length; index++) {
    const option = longNames[words[index]!] ?? words[index]!;
    if (flags.has(option)) continue;
    const value = words[index + 1];
    if (value !== undefined && passedOver.has(option)) {
      index++;
      continue;
    }
    const next = value === undefined ? undefined : withOption(helper, option, value);
    if (next === undefined) ignored.push(words[index]!);
    else {
      helper = next;
      index++;
    }
  }
  return { helper, ignored };
}

function withOption(helper: PingdConfiguration, option: string, value: string): PingdConfiguration | undefined {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  const timeMs = readInterval(value);
  switch (option) {
    case '-a':
      return /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? { ...helper, attribute: value } : undefined;
    case '-h':
      return { ...helper, hosts: [...helper.hosts, ...value.split(/[\s,]+/).filter((host) => host !== '')] };
    case '-m':
      return number === undefined ? undefined : { ...helper, multiplier: number };
    case '-n':
      return number === undefined || number === 0 ? undefined : { ...helper, attempts: Math.min(number, 100) };
    case '-d':
      return timeMs === undefined ? undefined : { ...helper, dampenMs: timeMs };
    case '-i':
      return timeMs === undefined || timeMs === 0 ? undefined : { ...helper, intervalMs: timeMs };
    default:
      return undefined;
  }
}

const unitsMs: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  sec: 1000,
  ms: 1,
  msec: 1,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** The times of the resource manager's tools, unlike those of ha.cf: `5`, `5s`, `500ms`, `2min`. */
function readInterval(text: string): number | undefined {
  const match = /^(\d{1,9})([a-z]*)$/.exec(text);
  const unit = match === null ? undefined : unitsMs[match[2]!];
  return match === null || unit === undefined ? undefined : Math.min(Number(match[1]) * unit, 2_147_483_647);
}
