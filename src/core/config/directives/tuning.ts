/** pairbeat.conf: what Heartbeat does not know. It never reads that file, so the way back to it stays open. */
import type { Directive } from '../directives.ts';

const common = { file: 'pairbeat.conf', chapter: 'pairbeat.conf', status: 'active', nodeLocal: true } as const;

export const tuningDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'announce_interval',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '60',
    summary:
      'How often held addresses are announced again while nothing happens, for neighbours that missed the first time; 0 turns it off.',
  },
  {
    ...common,
    name: 'start_timeout',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: '60',
    summary: 'A start that takes longer is killed and counts as failed.',
  },
  {
    ...common,
    name: 'stop_timeout',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: '60',
    summary:
      'A stop that takes longer is killed and counts as failed: the resource may still run, so the peer is not given it.',
  },
  {
    ...common,
    name: 'status_timeout',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: '60',
    summary: 'A status call that takes longer is killed; the state is then unknown, not "stopped".',
  },
  {
    ...common,
    name: 'stop_retry_delay',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '1',
    summary: 'Pause before a failed stop is tried again.',
  },
  {
    ...common,
    name: 'stop_retry_max',
    shape: { kind: 'integer', minimum: 1, maximum: 1000 },
    usage: 'number',
    default: '10',
    summary: 'How often a stop is tried before it counts as failed for good.',
  },
  {
    ...common,
    name: 'guardian_margin',
    shape: { kind: 'time', minimumMs: 1, auto: true },
    usage: 'time|auto',
    default: 'auto',
    summary:
      'When the daemon has died or hangs, the agent host releases everything this long before the peer would take over. auto: a tenth of deadtime, at most 2 s.',
  },
  {
    ...common,
    name: 'journal_max_bytes',
    shape: { kind: 'integer', minimum: 65_536, maximum: 1_073_741_824 },
    usage: 'bytes',
    default: '8388608',
    summary: 'Size at which a new segment of the journal begins.',
  },
  {
    ...common,
    name: 'journal_segments',
    shape: { kind: 'integer', minimum: 2, maximum: 1000 },
    usage: 'number',
    default: '8',
    summary: 'How many segments of the journal are kept.',
  },
  {
    ...common,
    name: 'conflict_check',
    shape: { kind: 'boolean' },
    usage: 'on|off',
    default: 'on',
    summary: 'Ask the network whether somebody else uses an address before it is configured.',
  },
  {
    ...common,
    name: 'monitor_interval',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '10',
    summary:
      'How often each running resource is asked for its status; what has stopped is started again here. 0 turns it off. docs/monitoring.md.',
  },
  {
    ...common,
    name: 'monitor_interval_of',
    shape: { kind: 'line' },
    usage: 'resource|group|type time',
    summary:
      'Another interval for one resource as haresources writes it, for a group (its first resource word), or for a resource type. 0: not monitored. The most particular line counts.',
  },
  {
    ...common,
    name: 'monitor_failures',
    shape: { kind: 'integer', minimum: 1, maximum: 1000 },
    usage: 'number',
    default: '3',
    summary:
      'At this many failures of a group within monitor_failure_window it is not restarted here any more: the peer gets it.',
  },
  {
    ...common,
    name: 'monitor_failure_window',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: '600',
    summary: 'Failures longer ago than this are forgotten.',
  },
];
