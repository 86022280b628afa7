/**
 * The configuration that the first users bring: two CentOS machines, one broadcast link, an address and a web server.
 * Only the times are scaled, and tests add what they need. The web server is a script of the R1 kind that keeps a note
 * of everything asked of it, and fails on demand.
 */
import type { Host, HostConfiguration } from './host.ts';

export const seedAddress = '192.168.1.100';

export interface SeedOptions {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly initdeadMs?: number;
  readonly autoFailback?: 'on' | 'off';
  readonly baud?: number;
  /** Media lines instead of `bcast eth0`. */
  readonly links?: readonly string[];
  /** Resources instead of the address and the web server. */
  readonly haresources?: string;
  readonly authkeys?: string;
  /** Lines added to `ha.cf`. */
  readonly extra?: readonly string[];
  readonly pairbeatConf?: string;
}

/** What the seed says, with its times unless others are given; every host gets the same files. */
export const seedTimers = { keepaliveMs: 2000, deadtimeMs: 30_000, initdeadMs: 120_000 } as const;

export function seedConfiguration(options: SeedOptions): HostConfiguration {
  const { keepaliveMs, deadtimeMs, initdeadMs = Math.max(5000, 2 * deadtimeMs) } = options;
  const haCf = [
    'logfile /var/log/ha-log',
    `keepalive ${keepaliveMs}ms`,
    `deadtime ${deadtimeMs}ms`,
    `warntime ${Math.round(Math.max(deadtimeMs / 3, 1.5 * keepaliveMs))}ms`,
    `initdead ${initdeadMs}ms`,
    'udpport 694',
    `baud ${options.baud ?? 19_200}`,
    ...(options.links ?? ['bcast eth0 # Linux']),
    `auto_failback ${options.autoFailback ?? 'on'}`,
    'node node1',
    'node node2',
    'ping 192.168.12.237',
    'ping_group group1 192.168.12.120 192.168.12.237',
    'compression bz2',
    'compression_threshold 2',
    ...(options.extra ?? []),
  ];
  return {
    haCf: `${haCf.join('\n')}\n`,
    haresources: options.haresources ?? `node1 IPaddr::${seedAddress}/24/eth0 httpd\n`,
    authkeys: options.authkeys ?? 'auth 1\n1 crc\n',
    ...(options.pairbeatConf === undefined ? {} : { pairbeatConf: options.pairbeatConf }),
  };
}

/** Writes the configuration and the web server's script on a host. */
export function installSeed(host: Host, options: SeedOptions): void {
  host.writeConfiguration(seedConfiguration(options));
  host.writeFile('resource.d/httpd', httpdScript, 0o755);
}

/** Makes an action of the web server fail on this host from now on, or work again. */
export function failHttpd(host: Host, action: 'start' | 'stop', fails: boolean): void {
  host.writeFile(`lab-httpd-${action}`, fails ? 'fail\n' : 'work\n');
}

const httpdScript = `#!/bin/sh
# A web server as far as a cluster manager can tell: an R1 script with start, stop and status.
state=/run/httpd.running
note() {
  read -r seconds rest < /proc/uptime
  echo "$seconds $1" >> /var/log/httpd-actions
}
wanted() {
  word=work
  [ -r "/etc/ha.d/lab-httpd-$1" ] && read -r word < "/etc/ha.d/lab-httpd-$1"
  [ "$word" = work ]
}
case "$1" in
  start)
    if ! wanted start; then note start-failed; exit 1; fi
    : > "$state"
    note start
    ;;
  stop)
    if ! wanted stop; then note stop-failed; exit 1; fi
    [ -e "$state" ] && note stop
    rm -f "$state"
    ;;
  status)
    if [ -e "$state" ]; then echo running; else echo stopped; fi
    ;;
  *)
    echo "usage: httpd start|stop|status"
    exit 1
    ;;
esac
exit 0
`;
