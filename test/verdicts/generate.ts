/**
 * Configuration files at random: lines of every directive with values that are good, nearly good or absurd, then a few
 * mutations of the text. The same seed gives the same files. Most files are valid up to one or two places, because a file
 * with ten mistakes is refused whatever we think of the eleventh.
 */
import { createRandom, type RandomState, randomBetween } from '../../src/core/random.ts';

export interface Job {
  readonly name: string;
  readonly haCf?: string;
  readonly haresources?: string;
  readonly authkeys?: string;
  /** Of authkeys, octal. */
  readonly mode: string;
}

export function generateJob(seed: number): Job {
  const random = createRandom(seed);
  const dice = new Dice(random);
  const which = dice.below(10);
  const haCf = which < 7 ? dice.mutated(haCfText(dice), 0.15) : plainHaCf;
  const haresources = which === 7 || which === 9 ? dice.mutated(haresourcesText(dice), 0.3) : plainHaresources;
  const authkeys = which === 8 || which === 9 ? dice.mutated(authkeysText(dice), 0.3) : plainAuthkeys;
  const mode = which === 8 ? dice.oneOf(['600', '600', '400', '644', '640', '700', '660', '622']) : '600';
  return { name: `seed ${seed}`, haCf, haresources, authkeys, mode };
}

export const plainHaCf =
  'logfile /dev/null\nkeepalive 2\ndeadtime 30\nauto_failback on\nucast eth0 192.168.1.8\nnode node1 node2\n';
export const plainHaresources = 'node1 IPaddr::192.168.1.100/24/eth0\n';
export const plainAuthkeys = 'auth 1\n1 sha1 secretsecretsecret\n';

class Dice {
  private readonly random: RandomState;
  constructor(random: RandomState) {
    this.random = random;
  }
  below(limit: number): number {
    return randomBetween(this.random, 0, limit - 1);
  }
  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }
  oneOf<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }
  shuffled<Value>(values: readonly Value[]): Value[] {
    const left = [...values];
    const taken: Value[] = [];
    while (left.length > 0) taken.push(...left.splice(this.below(left.length), 1));
    return taken;
  }
  /** With that probability one to three small changes of the bytes. */
  mutated(text: string, probability: number): string {
    if (!this.chance(probability)) return text;
    let changed = text;
    for (let count = 1 + this.below(3); count > 0; count--) {
      const at = this.below(changed.length + 1);
      const piece = this.oneOf([
        ' ',
        '\t',
        ',',
        '#',
        '\\',
        '"',
        "'",
        '=',
        ':',
        '\r',
        '\n',
        '0',
        '9',
        '-',
        'x',
        '::',
        'é',
      ]);
      const length = this.below(3);
      changed = this.oneOf([
        changed.slice(0, at) + piece + changed.slice(at),
        changed.slice(0, at) + changed.slice(at + length),
        changed.slice(0, at) + changed.slice(at, at + 5) + changed.slice(at),
      ]);
    }
    return changed;
  }
}

function haCfText(dice: Dice): string {
  const needed = plainHaCf.split('\n').filter((line) => line !== '');
  const kept = needed.filter(() => !dice.chance(0.06));
  const added = Array.from({ length: 1 + dice.below(4) }, () => directiveLine(dice));
  // The order of most lines is free; media after their port is what people write.
  const lines = dice.chance(0.7)
    ? [...added.slice(0, 1), ...kept, ...added.slice(1)]
    : dice.shuffled([...kept, ...added]);
  return `${lines.join(dice.chance(0.03) ? '\r\n' : '\n')}${dice.chance(0.05) ? '' : '\n'}`;
}

function directiveLine(dice: Dice): string {
  const name = dice.oneOf(Object.keys(values));
  const written = dice.chance(0.02) ? name.toUpperCase() : dice.chance(0.02) ? `${name}x` : name;
  const value = dice.chance(0.85) ? dice.oneOf(values[name]!) : dice.oneOf(Object.values(values).flat());
  const separator = dice.oneOf([' ', ' ', ' ', ' ', '\t', '   ', ' \t']);
  const words = dice.chance(0.05) ? value.replaceAll(' ', ',') : value;
  const tail = dice.chance(0.05) ? dice.oneOf([' # comment', '#comment', ' ', '\t', ' extra', ',']) : '';
  return `${dice.chance(0.05) ? ' ' : ''}${written}${separator}${words}${tail}`;
}

const times = [
  '1',
  '2',
  '5',
  '10',
  '30',
  '60',
  '0.5',
  '100ms',
  '500msec',
  '200us',
  '0',
  '-1',
  '1s',
  '2 s',
  'x',
  '1,2',
  '',
];
const booleans = ['on', 'off', 'yes', 'no', 'true', 'false', '1', '0', 'ON', 'y', 'n', 'maybe', '2', ''];
const numbers = ['0', '1', '2', '10', '255', '256', '65535', '65536', '-1', '0x10', '1.5', 'abc', '', '1 2'];
const devices = ['eth0', 'eth1', 'lo', 'eth9', 'eth0 eth1', 'eth0,eth1', ''];

/** Directives whose verdict does not depend on what is installed on the machine. */
const values: Readonly<Record<string, readonly string[]>> = {
  keepalive: times,
  deadtime: times,
  warntime: times,
  initdead: [...times, '120', '29', '31'],
  deadping: times,
  hopfudge: numbers,
  max_rexmit_delay: numbers,
  udpport: ['694', '695', '1', ...numbers],
  baud: ['9600', '19200', '38400', '57600', '115200', '230400', '460800', '4800', '1', ...numbers],
  bcast: devices,
  udp: devices,
  mcast: [
    ...['eth0 225.0.0.1 694 1 0', 'eth1 239.0.0.5 694 4 1', 'eth0 225.0.0.1 694 5 0', 'eth0 225.0.0.1 694 1 2'],
    ...[
      'eth0 192.168.1.1 694 1 0',
      'eth9 225.0.0.1 694 1 0',
      'eth0 225.0.0.1 694 1',
      'eth0 225.0.0.1',
      '',
      'eth0 x y z w',
    ],
  ],
  ucast: [
    'eth0 192.168.1.8',
    'eth1 10.0.9.121',
    'eth0 192.168.1.6',
    'eth0',
    'eth9 192.168.1.8',
    'eth0 nosuch.invalid',
    '',
  ],
  mcast6: ['eth0 ff05::694 694 1 0', 'eth0 ff05::694 694 5 0', 'eth0 fe80::1 694 1 0', 'eth0 ff05::694', ''],
  ucast6: ['eth0 fe80::1%eth0', 'eth0 fe80::1%eth1', 'eth0 2001:db8::8', 'eth0', 'eth0 192.168.1.8', ''],
  serial: ['/dev/nosuch', '/dev/null', ''],
  ping: ['192.168.1.1', '192.168.1.1 192.168.1.2', '127.0.0.1', '300.1.1.1', ''],
  ping_group: ['group1 192.168.1.1 192.168.1.2', 'group1 192.168.1.1', 'group1', '', 'node1 192.168.1.1'],
  node: ['node1', 'node2', 'NODE1', 'node1 node2', '', 'Node2'],
  auto_failback: [...booleans, 'legacy', 'Legacy'],
  nice_failback: booleans,
  msgfmt: ['classic', 'netstring', 'Classic', 'xml', ''],
  autojoin: ['none', 'other', 'any', 'None', ''],
  cluster: ['linux-ha', 'mine', ''],
  hbgenmethod: ['file', 'time', 'File', 'x', ''],
  uuidfrom: ['file', 'nodename', 'x', ''],
  realtime: booleans,
  rtprio: ['1', '50', '99', '100', '0', '-1', 'x', ''],
  debug: numbers,
  logfile: ['/var/log/ha-log', '/dev/null', ''],
  debugfile: ['/var/log/ha-debug', '/dev/null', ''],
  logfacility: ['local0', 'daemon', 'none', 'local9', 'LOCAL0', 'user', '', 'local0 local1'],
  use_logd: booleans,
  conn_logd_time: times,
  syslogmsgfmt: booleans,
  log_badpack: booleans,
  use_apphbd: ['off', 'no', 'maybe', ''],
  coredumps: booleans,
  memreserve: numbers,
  compression: ['zlib', 'bz2', 'lzma', ''],
  compression_threshold: numbers,
  traditional_compression: booleans,
  respawn: [
    'root /bin/true',
    'root /bin/nosuch',
    'nosuchuser /bin/true',
    'root bin/true',
    'root',
    '',
    'root /bin/true arg',
  ],
  failfast: ['root /bin/true', 'root /bin/nosuch', 'nosuchuser /bin/true', 'root bin/true', 'root', ''],
  watchdog: ['/dev/nosuch', '/dev/null', ''],
  ping6: ['fe80::1', '2001:db8::1', '::1', 'x', '192.168.1.1', ''],
  apiauth: [
    'mine uid=root',
    'mine gid=root',
    'mine uid=root gid=root',
    'mine',
    'mine uid=nosuchuser',
    'ping gid=root',
    '',
    'default uid=root',
  ],
  env: ['NAME=value', 'NAME', '=value', 'A=b=c', ''],
  crm: ['off', 'no', 'false'],
  nosuch_directive: ['1', ''],
};

function haresourcesText(dice: Dice): string {
  const word = (): string =>
    dice.oneOf([
      ...[
        '192.168.1.100',
        '192.168.1.100/24/eth0',
        'IPaddr::192.168.1.101/24',
        'httpd',
        'Filesystem::/dev/sda1::/mnt::ext4',
      ],
      ...['IPaddr2::192.168.1.102', 'OCF::x::y', 'a::b::c', 'named', 'MailTo::root::x', '\\', '::', 'x'.repeat(40)],
    ]);
  const line = (): string => {
    const node = dice.oneOf(['node1', 'node1', 'node2', 'NODE1', 'node9', '']);
    const words = Array.from({ length: dice.below(4) }, word);
    return `${[node, ...words].join(dice.oneOf([' ', '\t', '  ']))}${dice.chance(0.1) ? ' # note' : ''}`;
  };
  const lines = Array.from({ length: dice.below(4) }, () =>
    dice.chance(0.1) ? dice.oneOf(['', '# note', ' ']) : line(),
  );
  return `${lines.join('\n')}${dice.chance(0.9) ? '\n' : ''}`;
}

function authkeysText(dice: Dice): string {
  const number = (): string => dice.oneOf(['1', '1', '1', '2', '0', '15', '16', '-1', 'x', '01', '']);
  const method = (): string => dice.oneOf(['sha1', 'sha1', 'md5', 'crc', 'SHA1', 'sha256', 'x', '']);
  const key = (): string =>
    dice.oneOf(['secretsecretsecret', 'secretsecretsecret', 'a', '', 'two words', '"quoted word"']);
  const lines = [
    ...(dice.chance(0.95) ? [`${dice.oneOf(['auth', 'auth', 'auth', 'Auth', ' auth'])} ${number()}`] : []),
    ...Array.from({ length: 1 + dice.below(2) }, () => `${number()} ${method()} ${key()}`),
    ...(dice.chance(0.1) ? [dice.oneOf(['# note', '', ' ', 'auth 1', 'nonsense', 'a'])] : []),
  ];
  return `${(dice.chance(0.85) ? lines : dice.shuffled(lines)).join('\n')}${dice.chance(0.9) ? '\n' : ''}`;
}
