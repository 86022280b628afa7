/** Meta attributes of resources, and what a clone knows besides. Facts of Pacemaker 2.1 and 3.0; the words are ours. */
import type { OptionWord } from './option.ts';

export const resourceOptions: readonly OptionWord[] = [
  {
    name: 'priority',
    type: 'score',
    default: '0',
    meaning: 'When not everything can run, what has the higher priority runs.',
  },
  {
    name: 'critical',
    type: 'boolean',
    default: 'true',
    since: '2.1.0',
    meaning: 'Whether the others of its colocations and its group move rather than let it stop.',
  },
  {
    name: 'target-role',
    type: 'choice',
    default: 'Started',
    values: ['Stopped', 'Started', 'Unpromoted', 'Promoted'],
    otherValues: { Slave: 'Unpromoted', Master: 'Promoted' },
    meaning: 'The state it is to be in, at the most.',
  },
  {
    name: 'is-managed',
    type: 'boolean',
    default: 'true',
    meaning: 'Whether it may be started and stopped; it is still monitored when not.',
  },
  {
    name: 'maintenance',
    type: 'boolean',
    default: 'false',
    meaning: 'Hands off: neither started nor stopped nor monitored.',
  },
  {
    name: 'resource-stickiness',
    type: 'score',
    default: '0',
    meaning: 'How much it wants to stay where it is. Clones have 1 where nothing is said.',
  },
  {
    name: 'requires',
    type: 'choice',
    values: ['nothing', 'quorum', 'fencing', 'unfencing'],
    meaning:
      'What must be so before it starts. Without a word: fencing with fencing enabled, quorum for fence devices and without.',
  },
  {
    name: 'migration-threshold',
    type: 'score',
    default: 'INFINITY',
    meaning: 'After how many failures on a node it must leave that node; 0: never.',
  },
  {
    name: 'failure-timeout',
    type: 'duration',
    default: '0',
    meaning: 'After how long failures are forgotten; 0: never.',
  },
  {
    name: 'multiple-active',
    type: 'choice',
    default: 'stop_start',
    values: ['block', 'stop_only', 'stop_start', 'stop_unexpected'],
    meaning: 'What is done when it is found running on both nodes.',
  },
  {
    name: 'allow-migrate',
    type: 'boolean',
    meaning: 'Whether it can move while it runs. Its agent must know how.',
  },
  {
    name: 'allow-unhealthy-nodes',
    type: 'boolean',
    default: 'false',
    since: '2.1.3',
    meaning: 'Whether it may run on a node whose health forbids it.',
  },
  {
    name: 'container-attribute-target',
    type: 'choice',
    default: '',
    values: ['host', ''],
    meaning: 'For bundles: where attributes of a container belong.',
  },
  { name: 'container', type: 'text', meaning: 'The resource that this one runs inside of.' },
  { name: 'remote-node', type: 'text', meaning: 'Makes it a remote node of that name. There are none here.' },
  { name: 'remote-addr', type: 'text', meaning: 'The address of that remote node.' },
  { name: 'remote-port', type: 'integer', default: '3121', meaning: 'The port of that remote node.' },
  { name: 'remote-connect-timeout', type: 'duration', default: '60s', meaning: 'How long connecting to it may take.' },
  { name: 'remote-allow-migrate', type: 'boolean', default: 'true', meaning: 'Whether the connection to it may move.' },
  {
    name: 'provides',
    type: 'text',
    standing: 'gone',
    meaning: 'Said that a fence device unfences; its agent says so itself now.',
  },
  { name: 'description', type: 'text', meaning: 'A note for people.' },
  {
    name: 'resource-failure-stickiness',
    type: 'score',
    standing: 'gone',
    meaning: 'Has no effect any more: see migration-threshold.',
  },
];

/** For groups only. */
export const groupOptions: readonly OptionWord[] = [
  {
    name: 'ordered',
    type: 'boolean',
    default: 'true',
    standing: 'deprecated',
    meaning: 'Whether members start one after the other. For something else use a set in an order constraint.',
  },
  {
    name: 'collocated',
    type: 'boolean',
    default: 'true',
    standing: 'deprecated',
    meaning: 'Whether members run on the same node. For something else use a set in a colocation constraint.',
  },
];

/** For clones only. */
export const cloneOptions: readonly OptionWord[] = [
  {
    name: 'clone-max',
    type: 'integer',
    meaning: 'How many instances run at the most; without a word one for each node.',
  },
  {
    name: 'clone-min',
    type: 'integer',
    default: '0',
    meaning: 'How many instances must run before what is ordered after the clone may start.',
  },
  {
    name: 'clone-node-max',
    type: 'integer',
    default: '1',
    meaning: 'How many instances of a unique clone may run on one node.',
  },
  {
    name: 'globally-unique',
    type: 'boolean',
    default: 'false',
    meaning:
      'Whether each instance is something of its own, with a number. Without a word so where clone-node-max is above 1.',
  },
  {
    name: 'notify',
    type: 'boolean',
    default: 'false',
    meaning: 'Whether every instance is told before and after something happens to another.',
  },
  {
    name: 'ordered',
    type: 'boolean',
    default: 'false',
    meaning: 'Whether instances start one after the other.',
  },
  {
    name: 'interleave',
    type: 'boolean',
    default: 'false',
    meaning: 'Whether an instance waits only for the instance beside it of the clone it depends on.',
  },
  {
    name: 'promotable',
    type: 'boolean',
    default: 'false',
    since: '2.0.0',
    meaning: 'Whether instances can be promoted.',
  },
  {
    name: 'promoted-max',
    oldName: 'master-max',
    type: 'integer',
    default: '1',
    since: '2.0.0',
    meaning: 'How many instances are promoted at the most.',
  },
  {
    name: 'promoted-node-max',
    oldName: 'master-node-max',
    type: 'integer',
    default: '1',
    since: '2.0.0',
    meaning: 'How many instances are promoted on one node at the most.',
  },
];
