/** Words: monitoring of running resources, restarts in place, and groups that somebody has taken out of it. */
import type { WordTable } from './words.ts';

const saidWords = { 'not-running': 'says that it does not run', failed: 'says that it has failed' };

export const monitoringWords = {
  'resource-failed': {
    what: '{resource} in {group}: its status {said}[, {reason}] (failure {failures} of {failuresMax}).',
    values: { said: saidWords },
    meaning: 'It is started again here, with everything to the right of it, unless this was the last failure allowed.',
  },
  'group-restarting': { what: 'Restarting {group} in place, from {resource} on.' },
  'group-restarted': { what: '{group} runs again, {tookMs} ms after its restart began.' },
  'status-unreliable': {
    what: 'The status of {resource} in {group} {said} right after a successful start[: {reason}].',
    values: { said: saidWords },
    meaning: 'It is not to be relied upon: nothing is done about what it says, and {resource} is not monitored.',
    advice:
      'Its script must print "running" for "status" while the service runs, and exit 3 (LSB) or print "stopped" when it does not. Try it by hand.',
  },
  'status-reliable': { what: 'The status of {resource} in {group} says "running" now: it is monitored from here on.' },
  'status-unknown': {
    what: 'The status of {resource} in {group} gave no clear answer ({said})[: {reason}].',
    meaning: 'That is not "not running": nothing is done, and it is asked again.',
    advice: 'Try its script by hand. Slow ones need a longer status_timeout in pairbeat.conf.',
  },
  'status-known-again': { what: 'The status of {resource} in {group} answers again: it runs.' },
  'monitor-gave-up': {
    what: '{group} has failed {failures} times within {windowMs} ms here, last {reason}.',
    meaning: 'It is stopped on this node, and {peer} may run it.',
    advice: 'Find out why it keeps dying, then "pairbeat cleanup {group}" here: only then may it come back.',
  },
  'monitor-nobody-else': {
    what: '{group} has failed {failures} times within {windowMs} ms here, last {reason}, and {peer} cannot run it.',
    meaning: 'It is restarted here again, but no more often than that, until {peer} can take it.',
    advice: 'Find out why it keeps dying, and bring {peer} back.',
  },
  'group-runs-nowhere': {
    what: '{group} runs nowhere: it has failed here[ ({reason})] and on {peer}.',
    meaning: 'Neither node tries it again by itself while both are there.',
    advice: 'Remove the cause, then "pairbeat cleanup {group}" on the node that is to run it.',
  },
  'group-unmanaged': {
    what: '{who} has taken {group} out of management: hands off until "pairbeat manage {group}".',
  },
  'group-managed': { what: '{who} has given {group} back into management; its real state is being asked.' },
  'unmanage-over': {
    what: '{group} does not run here any more, so it is no longer unmanaged (by {who}).',
    meaning: 'This node had to let go of it. It is started again, here or on the peer, by the usual rules.',
  },
  'unmanage-at-peer': {
    what: '{group} runs on {peer}, not here.',
    meaning: 'Nothing was changed. The node that runs a group is the one that can keep its hands off it.',
    advice: 'Say it on {peer}: "pairbeat unmanage {group}".',
  },
  'unmanage-not-running': {
    what: '{group} does not run here.',
    meaning: 'Nothing was changed: only a running group can be unmanaged.',
    advice: 'See "pairbeat status".',
  },
  'manage-at-peer': {
    what: '{group} is unmanaged on {peer}, not here.',
    advice: 'Say it on {peer}: "pairbeat manage {group}".',
  },
  'not-unmanaged': { what: '{group} is managed already.', meaning: 'Nothing was changed.' },
  'only-unmanaged': {
    what: 'All that this node could give to {peer} is unmanaged.',
    meaning: 'Nothing was changed: an unmanaged group is not moved.',
    advice: '"pairbeat manage GROUP" first.',
  },
  'class-unmanaged': {
    what: '{group} is unmanaged here, and {peer} runs Heartbeat 3, which takes all groups of a kind ({scope}) or none.',
    meaning: 'Nothing was changed.',
    advice: '"pairbeat manage {group}" first.',
  },
  'unmanaged-at-peer': {
    what: 'All that could be taken from {peer} is unmanaged there.',
    meaning: 'Nothing was changed: somebody is at work on it.',
    advice: 'When that is done: "pairbeat manage GROUP" on {peer}.',
  },
} as const satisfies WordTable;
