/** The pair of a chaos round: two groups, two links, an address and a service each, and the times that bounds are computed from. */
import type { HostConfiguration } from '../lab/host.ts';

export type ProtectionKind = 'none' | 'fence';

export interface Times {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly initdeadMs: number;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly stopTries: number;
  readonly stopRetryDelayMs: number;
  readonly monitorIntervalMs: number;
}

export const times: Times = {
  keepaliveMs: 100,
  deadtimeMs: 600,
  initdeadMs: 3000,
  startTimeoutMs: 2000,
  stopTimeoutMs: 2000,
  stopTries: 2,
  stopRetryDelayMs: 300,
  monitorIntervalMs: 500,
};

export interface ChaosGroup {
  /** The first resource word, by which the product names the group. */
  readonly key: string;
  readonly owner: string;
  readonly address: string;
  readonly service: string;
}

export const groups: readonly ChaosGroup[] = [
  { key: 'IPaddr::192.168.1.100/24/eth0', owner: 'node1', address: '192.168.1.100', service: 'one' },
  { key: 'IPaddr::192.168.1.101/24/eth0', owner: 'node2', address: '192.168.1.101', service: 'two' },
];

export const relayAddress = '10.0.9.250';
export const relayPort = 694;
export const nodeNames = ['node1', 'node2'] as const;
export type ChaosNode = (typeof nodeNames)[number];

/** Lines of the fence device, when there is one, come from whoever made it. */
export function configurationOf(fenceLines: readonly string[], pairbeatLines: readonly string[]): HostConfiguration {
  const haCf = [
    'logfile /var/log/ha-log',
    `keepalive ${times.keepaliveMs}ms`,
    `deadtime ${times.deadtimeMs}ms`,
    `warntime ${times.deadtimeMs / 2}ms`,
    `initdead ${times.initdeadMs}ms`,
    `udpport ${relayPort}`,
    'bcast eth0',
    `ucast eth1 ${relayAddress}`,
    'auto_failback on',
    ...nodeNames.map((name) => `node ${name}`),
    ...fenceLines,
  ];
  const haresources = groups.map((group) => `${group.owner} ${group.key} writer::${group.service}`);
  const pairbeatConf = [
    `start_timeout ${times.startTimeoutMs}ms`,
    `stop_timeout ${times.stopTimeoutMs}ms`,
    `status_timeout ${times.stopTimeoutMs}ms`,
    `stop_retry_max ${times.stopTries}`,
    `stop_retry_delay ${times.stopRetryDelayMs}ms`,
    `monitor_interval ${times.monitorIntervalMs}ms`,
    ...pairbeatLines,
  ];
  return {
    haCf: `${haCf.join('\n')}\n`,
    haresources: `${haresources.join('\n')}\n`,
    authkeys: 'auth 1\n1 sha256 a-key-for-one-round-of-chaos-only\n',
    pairbeatConf: `${pairbeatConf.join('\n')}\n`,
  };
}

export type AgentAction = 'start' | 'stop' | 'status';
/** What the service's script does when it is asked: as it should, or not. */
export type AgentMood = 'works' | 'fails' | 'hangs' | 'slow' | 'leaves children' | 'noisy' | 'lies';

/** The file below `/etc/ha.d` that holds the mood. */
export function moodFile(service: string, action: AgentAction): string {
  return `chaos/${service}-${action}`;
}

/**
 * The service: a process that wants the lock of its service (flock on a file that both nodes share, the kernel decides),
 * says at once whether it got it, and writes who it is and when into a log, fifty times a second, for as long as it
 * exists. It goes on without the lock: it is a witness, not a guard. In bash, which can wait without a child.
 */
export function writerProgram(sharedDirectory: string): string {
  return `#!/bin/bash
service=$1
exec 9>>"${sharedDirectory}/$service.lock"
if flock -n 9; then word=lock; else word=conflict; fi
read -r up rest </proc/uptime
read -r boot </run/chaos-boot
echo "$service $HOSTNAME $$ $word $up" >>"${sharedDirectory}/writers"
echo $$ >"/run/writer-$service.pid"
exec 8<> <(:)
while :; do
  read -r up rest </proc/uptime
  echo "$HOSTNAME $boot $$ $up" >>"${sharedDirectory}/$service.log"
  read -r -t 0.02 -u 8
done
`;
}

/** The R1 script that starts, stops and asks for the service, in whatever mood it is told to be. */
export const writerScript = `#!/bin/bash
service=$1
action=$2
pidfile=/run/writer-$service.pid
mood=works
[ -r "/etc/ha.d/chaos/$service-$action" ] && read -r mood <"/etc/ha.d/chaos/$service-$action"
runs() {
  [ -r "$pidfile" ] && read -r pid <"$pidfile" && [ -n "$pid" ] && [ -e "/proc/$pid/status" ] && ! grep -q '^State:.Z' "/proc/$pid/status"
}
case "$mood" in
  fails) [ "$action" = status ] || exit 1 ;;
  hangs) exec sleep 1000 ;;
  slow) sleep 0.7 ;;
  'leaves children') sleep 3 & ;;
  noisy) head -c 3000000 /dev/zero | tr '\\0' 'x'; echo ;;
esac
case "$action" in
  start)
    runs && exit 0
    rm -f "$pidfile"
    setsid /etc/ha.d/chaos/writer "$service" </dev/null >/dev/null 2>&1 &
    for try in $(seq 100); do runs && exit 0; sleep 0.02; done
    exit 1
    ;;
  stop)
    runs || exit 0
    kill -TERM "$pid"
    for try in $(seq 50); do runs || { rm -f "$pidfile"; exit 0; }; sleep 0.02; done
    kill -KILL "$pid"
    for try in $(seq 50); do runs || { rm -f "$pidfile"; exit 0; }; sleep 0.02; done
    exit 1
    ;;
  status)
    if [ "$mood" = lies ]; then echo stopped; exit 3; fi
    if runs; then echo running; else echo stopped; exit 3; fi
    ;;
esac
exit 0
`;
