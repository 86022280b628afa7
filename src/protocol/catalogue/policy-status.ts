/** What the policy remarks on while it reads what happened in the cluster. */
import type { WordTable } from './words.ts';

export const policyStatusWords: WordTable = {
  'node-will-be-fenced': {
    what: 'Node {node} must be fenced: {reason}.',
    meaning: 'Until that has succeeded, what may run there is not started elsewhere.',
    advice: 'Nothing, if the node failed. If it did not, look at its log and at the links between the nodes.',
  },
  'node-cannot-be-fenced': {
    what: 'Node {node} ought to be fenced, but cannot be: {reason}.',
    meaning:
      'Fencing is switched off, has no device, or there is no quorum. What may run there is not started elsewhere.',
    advice:
      'Make sure that the node is off, then confirm it. Configure a fence device so that nobody has to next time.',
  },
  'failure-blocks': {
    what: '{resource} failed on {node} in a way that is not recovered from automatically.',
    meaning: 'It is left alone as it is until somebody has looked: it is not stopped, started or moved.',
    advice: 'Repair it on {node}, then clear the failure with "crm resource cleanup {resource}".',
  },
  'stop-not-recoverable': {
    what: '{resource} could not be stopped on {node}, and the node cannot be fenced.',
    meaning: 'It may still run there, so it is started nowhere else and left alone.',
    advice: 'Stop it by hand on {node}, then clear the failure with "crm resource cleanup {resource}".',
  },
  'orphan-will-stop': {
    what: '{resource} runs on {node}, but is no longer in the configuration.',
    meaning: 'It will be stopped.',
    advice: 'Nothing. Put it back into the configuration if it was removed by mistake.',
  },
  'orphan-left-running': {
    what: '{resource} runs on {node}, but is no longer in the configuration.',
    meaning: 'It is left running, because stop-orphan-resources is false.',
    advice: 'Stop it by hand on {node}, or set stop-orphan-resources=true.',
  },
  'resource-active-twice': {
    what: '{resource} is active on more than one node: {nodes}.',
    meaning: 'A service that runs twice may damage its data. What is done depends on multiple-active ({response}).',
    advice: 'Find out who started it beside the cluster: often the service manager at boot, or an agent that lies.',
  },
};
