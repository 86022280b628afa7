import type { WordTable } from './words.ts';

/** The cluster configuration (CIB): reading it and judging it. */
export const cibWords: WordTable = {
  'cib-xml-malformed': {
    what: 'The cluster configuration is not well-formed XML: line {line}, column {column}: {fault}.',
    meaning: 'Nothing of it was taken over.',
    advice: 'Mend that place and try again.',
  },
  'cib-xml-too-large': {
    what: 'The cluster configuration has {characters} characters; at most {limit} are read.',
    meaning: 'Nothing of it was taken over.',
    advice: 'A CIB of that size is no CIB for two nodes: see that the right file was given.',
  },
  'cib-not-a-cib': {
    what: 'The file begins with <{found}>, and a cluster configuration begins with <cib> or <configuration>.',
    meaning: 'Nothing of it was taken over.',
    advice: 'See that the right file was given.',
  },
  'cib-attribute-unknown': {
    what: '[Line {line}, column {column}: ]{element} has an attribute {attribute} that nobody reads[; {nearest} was perhaps meant].',
    meaning: 'It is kept. Pacemaker would refuse the configuration.',
    advice: 'Correct the name or take it out.',
  },
  'cib-attribute-misplaced': {
    what: '[Line {line}, column {column}: ]{element} has {attribute}, which does not go with {where}.',
    meaning: 'Pacemaker would refuse the configuration.',
    advice: 'Take one of the two out.',
  },
  'cib-attribute-alone': {
    what: '[Line {line}, column {column}: ]{element} has {attribute} and no {without}, which it belongs to.',
    meaning: 'Pacemaker would refuse the configuration.',
    advice: 'Add what is missing, or take {attribute} out.',
  },
  'cib-attribute-missing': {
    what: '[Line {line}, column {column}: ]{element} lacks {attribute}[, which goes with {where}].',
    meaning: 'It cannot be used without. Pacemaker would refuse the configuration.',
    advice: 'Add it.',
  },
  'cib-value-invalid': {
    what: '[Line {line}, column {column}: ]{attribute}="{value}" of {element} is not {expected}[; {nearest} was perhaps meant].',
    meaning: 'Pacemaker would refuse the configuration.',
    advice: 'Correct the value.',
  },
  'cib-alternative-missing': {
    what: '[Line {line}, column {column}: ]{element} has none of what it needs: {wanted}.',
    meaning: 'It cannot be used like that. Pacemaker would refuse the configuration.',
    advice: 'Add one of them.',
  },
  'cib-alternatives-mixed': {
    what: '[Line {line}, column {column}: ]{element} has {found}, and only one of these can hold: {wanted}.',
    meaning: 'Nobody can know which was meant. Pacemaker would refuse the configuration.',
    advice: 'Keep one of them.',
  },
  'cib-element-unknown': {
    what: '[Line {line}, column {column}: ]{element} is not known in <{parent}>[; <{nearest}> was perhaps meant].',
    meaning: 'It is kept and has no effect. Pacemaker would refuse the configuration; it expects {expected} there.',
    advice: 'Correct the name or take it out.',
  },
  'cib-element-out-of-place': {
    what: '[Line {line}, column {column}: ]{element} cannot stand in <{parent}>.',
    meaning: 'It is kept and has no effect. Pacemaker would refuse the configuration; it expects {expected} there.',
    advice: 'Move it to where it belongs or take it out.',
  },
  'cib-element-misplaced': {
    what: '[Line {line}, column {column}: ]{element} cannot stand beside {where}.',
    meaning: 'Pacemaker would refuse the configuration.',
    advice: 'Take one of the two out.',
  },
  'cib-element-missing': {
    what: '[Line {line}, column {column}: ]{element} lacks {wanted}[, which goes with {where}].',
    meaning: 'It cannot be used without. Pacemaker would refuse the configuration.',
    advice: 'Add it.',
  },
  'cib-element-repeated': {
    what: '[Line {line}, column {column}: ]{element} is there twice, and <{parent}> can have only one.',
    meaning: 'Only the first is read. Pacemaker would refuse the configuration.',
    advice: 'Put both into one or take one out.',
  },
  'cib-id-repeated': {
    what: '[Line {line}, column {column}: ]The id {repeated} of {element} is already that of {other}[ in line {otherLine}].',
    meaning: 'Nobody could say which of the two is meant. Pacemaker would refuse the configuration.',
    advice: 'Give one of them another id.',
  },
  'cib-reference-missing': {
    what: '[Line {line}, column {column}: ]{attribute}="{target}" of {element} should be {wanted}, and there is none of that id[; {nearest} was perhaps meant].',
    meaning: 'It has no effect like that.',
    advice: 'Correct the id, or take it out if what it meant is gone.',
  },
  'cib-reference-to-other': {
    what: '[Line {line}, column {column}: ]{attribute}="{target}" of {element} should be {wanted}, and that is the id of {found}.',
    meaning: 'It has no effect like that.',
    advice: 'Correct the id.',
  },
  'cib-node-unknown': {
    what: '[Line {line}, column {column}: ]{element} names a node {node}; there are {nodes}[; {nearest} was perhaps meant].',
    meaning: 'It has no effect as long as there is no such node.',
    advice: 'Correct the name.',
  },
  'cib-device-unknown': {
    what: '[Line {line}, column {column}: ]{element} names a fence device {device}, and there is none of that id[; {nearest} was perhaps meant].',
    meaning: 'Fencing at this level would fail.',
    advice: 'Correct the id or configure the device.',
  },
  'cib-option-unknown': {
    what: '[Line {line}, column {column}: ]{option} is not an option that anybody reads[; {nearest} was perhaps meant].',
    meaning: 'It is kept and has no effect.',
    advice: 'See docs/reference/cluster-options.md.',
  },
  'cib-option-gone': {
    what: '[Line {line}, column {column}: ]{option} is an option of the past.',
    meaning: '{meaning}',
    advice: 'Take it out.',
  },
  'cib-option-value': {
    what: '[Line {line}, column {column}: ]{option} is set to "{value}", which is not {expected}[; {nearest} was perhaps meant].',
    meaning: 'It counts as not set[: {default} holds].',
    advice: 'Correct the value.',
  },
  'cib-role-unknown': {
    what: '[Line {line}, column {column}: ]{element} has the role {role}, which is not {expected}[; {nearest} was perhaps meant].',
    meaning: 'What it belongs to has no effect like that.',
    advice: 'Correct the role.',
  },
  'cib-operation-repeated': {
    what: '[Line {line}, column {column}: ]{resource} has the operation {operation} with interval {interval} twice.',
    meaning: 'Only one of them can run, and nobody says which.',
    advice: 'Give them different intervals, if only by a second, or take one out.',
  },
  'cib-constraint-with-itself': {
    what: '[Line {line}, column {column}: ]{element} relates {resource} to itself.',
    meaning: 'It has no effect.',
    advice: 'Correct one of the two ids or take it out.',
  },
  'cib-bundle-not-run': {
    what: '[Line {line}, column {column}: ]{element} is a container that this cluster manager does not run.',
    meaning: 'It is kept and nothing is started for it.',
    advice: 'Configure the service in it as a resource of its own, or use Pacemaker for it.',
  },
  'cib-too-many-findings': {
    what: 'There are more than {limit} findings; the rest is not shown.',
    advice: 'Mend these first and check again.',
  },
};
