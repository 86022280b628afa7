/** pairbeat.conf: how the fence devices of ha.cf are used. */
import type { Directive } from '../directives.ts';

const common = { file: 'pairbeat.conf', chapter: 'pairbeat.conf', status: 'active', nodeLocal: true } as const;

export const fencingDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'fence_action',
    shape: { kind: 'choice', choices: ['reset', 'off'], ignoreCase: true },
    usage: 'reset|off',
    default: 'reset',
    summary:
      'What is done to a silent node before its groups start here: reset (with a fence agent: off, the proof that it is off, the takeover, then on again), or off for good. docs/fencing.md.',
  },
  {
    ...common,
    name: 'fence_timeout',
    shape: { kind: 'time', minimumMs: 100 },
    usage: 'time',
    default: '60',
    summary:
      'An attempt that takes longer is killed and has failed: nothing is taken over on it, and it is made again. Longer than the timeouts of the device itself.',
  },
  {
    ...common,
    name: 'fence_delay',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '2',
    summary:
      'When the links are cut and both nodes live, the one that held less waits this long before its first attempt, so that they do not switch each other off. The same on both nodes.',
  },
  {
    ...common,
    name: 'wait_for_all',
    shape: { kind: 'boolean' },
    usage: 'on|off',
    default: 'on',
    summary:
      'With a fence device: a node that starts and does not see the other one starts nothing and fences nobody before it has seen it, or an operator has said that it is off. off: it fences first, then starts. No effect without a fence device.',
  },
  {
    ...common,
    name: 'fence_probe_interval',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '3600',
    summary: 'How often each fence device is asked whether it could act. 0 turns it off.',
  },
];
