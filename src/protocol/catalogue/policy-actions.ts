/** What the policy remarks on while it plans what is to be done. */
import type { WordTable } from './words.ts';

export const policyActionWords: WordTable = {
  'order-kind-not-valid': {
    what: 'The order {constraint} has the kind "{kind}", which means nothing.',
    meaning: 'It is treated as Mandatory: the second resource runs only after the first.',
    advice: 'Write kind=Mandatory, kind=Optional or kind=Serialize.',
  },
  'order-not-invertible': {
    what: 'The order {constraint} is symmetrical, but one of its actions has no opposite.',
    meaning: 'It holds in the direction that is written, and says nothing of stopping.',
    advice: 'Set symmetrical=false, and write a second order for the other direction if you need one.',
  },
  'resource-multiply-active': {
    what: '{resource} runs on more than one node.',
    meaning: 'It is stopped everywhere and started on one node, unless its multiple-active says otherwise.',
    advice: 'Find out who started it: usually it was started by hand or by systemd at boot.',
  },
  'node-unclean-not-fenced': {
    what: 'Node {node} may still be running resources, and it cannot be fenced.',
    meaning: 'What ran there is not started elsewhere where that needs fencing; anything else may run twice.',
    advice:
      'Configure and enable fencing. If the node is certainly off, confirm that with "crm node clearstate {node}".',
  },
};
