/** What the policy remarks on while it reads a configuration. It goes on in every case, with what the words say. */
import { policyActionWords } from './policy-actions.ts';
import { policyStatusWords } from './policy-status.ts';
import type { WordTable } from './words.ts';

export const policyWords: WordTable = {
  ...policyStatusWords,
  ...policyActionWords,
  'cluster-option-not-understood': {
    what: 'The value "{value}" of the cluster option {option} cannot be understood.',
    meaning: 'The default holds instead[: {default}].',
    advice: 'Correct it with "crm configure property {option}=...".',
  },
  'suicide-without-fencing': {
    what: 'no-quorum-policy=suicide is set, but fencing is switched off.',
    meaning: 'A node without quorum stops its resources, as with the policy "stop".',
    advice: 'Configure a fence device and set stonith-enabled=true, or choose another policy.',
  },
  'node-type-unknown': {
    what: 'Node {node} has the type "{type}", which means nothing.',
    meaning: 'No resource will run on it.',
    advice: 'Remove the type, or write type="member".',
  },
  'target-role-not-valid': {
    what: 'The target-role "{role}" of {resource} is none that it can have.',
    meaning: 'It is treated as if no target-role were set, so it may start.',
    advice: 'Use Started or Stopped; Promoted and Unpromoted are for promotable clones only.',
  },
  'requires-fencing-without-fencing': {
    what: '{resource} requires fencing, but fencing is switched off.',
    meaning: 'It starts although nothing proves that it is stopped on a lost node: its data may be damaged.',
    advice: 'Configure a fence device and set stonith-enabled=true.',
  },
  'clone-not-promotable': {
    what: 'The clone {clone} is promotable, but {resource} in it is no OCF agent.',
    meaning: 'Nothing but OCF agents knows promote and demote: the clone is left out, and what runs of it is stopped.',
    advice: 'Remove promotable=true from the clone, or use an OCF agent.',
  },
  'clone-max-too-large': {
    what: 'The clone {clone} asks for more instances than are ever made: {limit}.',
    meaning: 'It gets that many.',
    advice: 'Set clone-max to the number of instances that are meant; without it there is one for each node.',
  },
  'clone-cannot-be-unique': {
    what: 'The clone {clone} is globally unique, but its agent cannot tell instances apart.',
    meaning: 'It is run as an anonymous clone: at most one instance on each node.',
    advice: 'Remove globally-unique=true from the clone, or use an OCF agent.',
  },
  'clone-node-max-ignored': {
    what: 'clone-node-max of {clone} is ignored.',
    meaning: 'An anonymous clone has at most one instance on a node.',
    advice: 'Remove clone-node-max, or set globally-unique=true if the agent can tell instances apart.',
  },
  'bundle-not-run': {
    what: 'The bundle {resource} is not run: containers with resources inside are not supported here.',
    meaning: 'It is kept in the configuration and otherwise ignored.',
    advice: 'Run the container as a primitive (ocf:heartbeat:docker or podman) instead.',
  },
  'template-missing': {
    what: 'The template that {resource} is made from does not exist.',
    meaning: 'The resource is ignored.',
    advice: 'Create the template with "crm configure rsc_template", or correct the name in {resource}.',
  },
  'operation-cannot-recur': {
    what: 'The operation {operation} of {resource} has an interval ({interval}), but happens only when it is needed.',
    meaning: 'It is not repeated.',
    advice: 'Remove the interval, or set it to 0.',
  },
  'operation-duplicate': {
    what: '{resource} has the operation {operation} with the interval {interval} more than once.',
    meaning: 'None of them is run: their results could not be told apart.',
    advice: 'Give each its own interval, even if only by a second.',
  },
  'on-fail-not-for-operation': {
    what: 'on-fail={value} makes no sense for the operation {operation} of {resource}.',
    meaning: 'It is treated as if nothing were said.',
    advice: 'standby is not for stop; demote is for promote and for recurring monitors of the promoted role only.',
  },
  'on-fail-fence-without-fencing': {
    what: 'on-fail={value} is set for the operation {operation} of {resource}, but fencing is switched off.',
    meaning: 'After such a failure the resource is stopped and stays stopped.',
    advice: 'Configure a fence device and set stonith-enabled=true, or choose another on-fail.',
  },
  'on-fail-not-understood': {
    what: 'on-fail={value} of the operation {operation} of {resource} cannot be understood.',
    meaning: 'It is treated as if nothing were said.',
    advice: 'Use ignore, block, stop, restart, standby, fence or demote.',
  },
  'constraint-resource-unknown': {
    what: 'The constraint {constraint} names {resource}, which is no resource, template or tag.',
    meaning: 'The constraint is ignored, from there on where it has sets.',
    advice: 'Remove the constraint, or correct the name.',
  },
  'location-without-rules': {
    what: 'The location constraint {constraint} has neither a node with a score nor a rule.',
    meaning: 'It is ignored.',
    advice: 'Give it a node and a score, or a rule.',
  },
  'location-pattern-malformed': {
    what: 'The resource pattern "{pattern}" of {constraint} is no regular expression.',
    meaning: 'The constraint is ignored.',
    advice: 'Correct the pattern.',
  },
  'colocation-of-two-tags': {
    what: 'The colocation {constraint} has a template or tag on both sides.',
    meaning: 'It is ignored: it does not say which belongs to which.',
    advice: 'Name a resource on one side, or write resource sets.',
  },
  'ticket-fence-without-fencing': {
    what: 'loss-policy=fence is set in {constraint}, but fencing is switched off.',
    meaning: 'When the ticket is lost, the resources are stopped instead.',
    advice: 'Configure a fence device and set stonith-enabled=true, or choose another loss-policy.',
  },
};
