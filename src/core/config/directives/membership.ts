/** Who belongs to the cluster, and after how much silence something is done. */
import type { Directive } from '../directives.ts';

const common = { file: 'ha.cf', chapter: 'Nodes and timing', status: 'active', nodeLocal: false } as const;

export const membershipDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'node',
    shape: { kind: 'list' },
    usage: 'name ...',
    summary:
      'The machines of the cluster, by the name that `uname -n` prints there (or the first line of nodeinfo). Names are lower-cased. Exactly two make a pair; one runs alone and cannot fail over.',
  },
  {
    ...common,
    name: 'keepalive',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: '1',
    summary: 'How often this node says that it is alive, on every link.',
  },
  {
    ...common,
    name: 'deadtime',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: '30',
    summary:
      'After this much silence the other node takes over. It travels with every keepalive: the peer counts by our value. Must be more than twice keepalive.',
  },
  {
    ...common,
    name: 'warntime',
    shape: { kind: 'time', minimumMs: 1 },
    usage: 'time',
    default: 'half of deadtime',
    summary:
      'A keepalive later than this is logged as late: the warning that deadtime is too short for this network or machine.',
  },
  {
    ...common,
    name: 'initdead',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: 'deadtime when above 10 s, 12 s when below 6 s, else twice deadtime',
    summary:
      'How long a node that has just booted waits for the other one before it starts resources alone. Long enough for switches and routing to come up. At least deadtime.',
  },
  {
    ...common,
    name: 'deadping',
    shape: { kind: 'time', minimumMs: 0 },
    usage: 'time',
    default: 'same as deadtime',
    summary: 'After this much silence a ping node counts as unreachable. Must be more than twice keepalive.',
  },
  {
    ...common,
    name: 'hopfudge',
    shape: { kind: 'integer', minimum: 0, maximum: 255 },
    usage: 'number',
    default: '1',
    summary: 'Added to the number of nodes to give the hop limit of a packet.',
  },
  {
    ...common,
    name: 'max_rexmit_delay',
    shape: { kind: 'integer', minimum: 1, maximum: 2_147_483_647 },
    usage: 'milliseconds',
    default: '250',
    summary: 'Upper bound of the random pause before a lost packet is asked for again.',
  },
  {
    ...common,
    name: 'msgfmt',
    shape: { kind: 'choice', choices: ['classic', 'netstring'], ignoreCase: false },
    usage: 'classic|netstring',
    default: 'classic',
    summary:
      'Whether packets carry the second, inner signature that old releases ask for (classic) or only the outer one.',
  },
  {
    ...common,
    name: 'autojoin',
    shape: { kind: 'choice', choices: ['none', 'other', 'any'], ignoreCase: true },
    usage: 'none|other|any',
    default: 'none',
    status: 'refused',
    harmless: ['none'],
    summary: 'Whether nodes that no `node` line names may join.',
    reason:
      'With haresources both nodes must be named, here as in Heartbeat: a stranger that joins would be asked to take resources. Write `autojoin none` or remove the line. In crm mode the line is accepted, and still only the named nodes take part.',
  },
  {
    ...common,
    name: 'cluster',
    shape: { kind: 'word' },
    usage: 'name',
    default: 'linux-ha',
    status: 'no-effect',
    summary: 'A name for the cluster.',
    reason: 'Only the membership service of crm mode ever read it.',
  },
  {
    ...common,
    name: 'quorum_server',
    shape: { kind: 'word' },
    usage: 'host',
    status: 'no-effect',
    summary: 'A third machine that breaks a tie.',
    reason: 'Only the membership service of crm mode ever asked it; haresources never did.',
  },
  {
    ...common,
    name: 'hbgenmethod',
    shape: { kind: 'choice', choices: ['file', 'time'], ignoreCase: false },
    usage: 'file|time',
    default: 'file',
    status: 'active',
    summary:
      'Where the number comes from that tells one run of a node from the next: one more than the last, which is kept in a file; with time, the seconds of the clock if they are more.',
  },
  {
    ...common,
    name: 'uuidfrom',
    shape: { kind: 'choice', choices: ['file', 'nodename'], ignoreCase: false },
    usage: 'file|nodename',
    default: 'file',
    status: 'no-effect',
    harmless: ['file'],
    summary: 'Where the identity of a node comes from.',
    reason:
      'The identity is kept in the state directory, so it stays the same from start to start; a Heartbeat node as peer takes it as it comes.',
  },
];
