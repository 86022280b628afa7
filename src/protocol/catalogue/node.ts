/** Words: membership, groups, handover, split, and what they mean for the service. */
import type { WordTable } from './words.ts';

const peerLife: WordTable = {
  'peer-heard': { what: '{peer} is there (generation {generation}).' },
  'peer-returned': {
    what: '{peer} is heard again after {silentMs} ms of silence, without having been restarted.',
    meaning: 'The links between the nodes were cut, or it was stopped for that long.',
    advice: 'See "pairbeat status" for links and for a SPLIT, and find out what cut the links.',
  },
  'peer-silent': {
    what: '{peer} has been silent for {silentMs} ms; its deadtime is {deadtimeMs} ms.',
    meaning:
      'It counts as dead. What it held is taken over: at once, or with a fence device when that has confirmed it is off.',
    advice: 'If it still runs, look at the links between the nodes.',
  },
  'peer-leaving': { what: '{peer} is stopping and hands its groups over.' },
  'peer-left': { what: '{peer} has stopped and said so.', meaning: 'What it held is taken over at once.' },
  'peer-is-heartbeat': {
    what: '{peer} runs Heartbeat 3.',
    meaning: 'The two are one cluster. It knows no single groups: what it owns, or what it does not, moves as a whole.',
  },
  'declared-dead-by-peer': {
    what: '{peer} has taken this node for dead and starts its groups, although this node hears {peer}.',
    meaning: 'Everything is stopped here at once; this node then comes back as if it had been restarted.',
    advice: 'Look for a firewall or a one-way fault on the links from this node to {peer}.',
  },
  joined: { what: 'Member of the pair with {peer}.' },
  'joined-alone': {
    what: '{peer} was not heard until initdead was over: going on alone.',
    meaning: 'What is started now is started without knowing whether {peer} runs it.',
  },
  'own-pause': {
    what: 'This node stood still for {gapMs} ms, longer than its deadtime of {deadtimeMs} ms.',
    meaning: 'The peer may have taken over meanwhile, so all addresses were released before anything else.',
    advice:
      'Look for a suspended virtual machine, a snapshot, swapping or a busy host. A longer deadtime tolerates more.',
  },
  rejoined: { what: 'Back as a new incarnation (generation {generation}).' },
  'evidence-peerConfirmedStopped': { what: '{peer} said that it does not run it.' },
  'evidence-peerShutDown': { what: '{peer} had stopped and said so.' },
  'evidence-unprotected': {
    what: '{peer} was silent for more than {deadtimeMs} ms; nothing proves that it had stopped (UNPROTECTED).',
  },
  'evidence-operator': { what: '{who} said that it does not run on the other node.' },
};

const groups: WordTable = {
  'group-starting': {
    what: 'Starting {group} here: {evidence}.',
    values: {
      evidence: {
        peerConfirmedStopped: 'the peer said that it does not run it',
        peerShutDown: 'the peer has stopped and said so',
        peerFenced: 'a fence device has confirmed that the peer is off',
        unprotected: 'the peer is silent; nothing proves that it has stopped (UNPROTECTED)',
        operator: 'an operator said that it does not run on the other node',
      },
    },
  },
  'group-running': { what: '{group} runs here, {tookMs} ms after the decision.' },
  'group-stopped': { what: '{group} is stopped here.' },
  'group-adopted': { what: '{group} ran here already: it goes on without a stop.' },
  'found-running-at-boot': {
    what: '{group} was found running here at boot ({outcome}), although heartbeat had not started it.',
    meaning: 'It counts as held here. Something else starts it when the machine boots.',
    advice: 'Take its services out of the boot ("systemctl disable"): heartbeat starts and stops them.',
  },
  'group-start-failed': {
    what: '{group} could not be started[: {reason}].',
    meaning: 'It was stopped again, and the peer is asked to run it. It is not tried here again by itself.',
    advice: 'Remove the cause, then "pairbeat cleanup {group}".',
  },
  'group-stop-failed': {
    what: '{group} could not be stopped[: {reason}].',
    meaning: 'It may still run here, so it is started nowhere else.',
    advice: 'Stop it by hand, make sure that it is off, then "pairbeat cleanup {group}".',
  },
  'operation-failed': {
    what: '{action} of {resource} in {group}: {outcome}[, {reason}] (exit code {exitCode}).',
  },
  'cleanup-done': { what: '{who} had the failures of {group} forgotten.' },
  'no-such-group': {
    what: 'There is no group {group}.',
    advice: '[Did you mean {nearest}? ][The groups are: {groups}. ]"pairbeat status" shows where they run.',
  },
  leaving: { what: 'Stopping: groups are handed over first.' },
  'leave-refused': {
    what: 'This node does not stop, because {group} could not be stopped.',
    meaning: 'If it left, the peer would start it a second time.',
    advice: 'Stop it by hand, make sure that it is off, then "pairbeat cleanup".',
  },
  'host-lost': {
    what: 'The agent host is gone[: {reason}].',
    meaning: 'What it was doing counts as unknown. A new one is being started.',
  },
  'host-ready': { what: 'The agent host is there (pid {pid}).' },
};

const handoverReasons = {
  standby: 'asked for here',
  peer: 'asked for by the peer',
  failback: 'back to the node that haresources names',
  ipfail: 'the peer reaches more ping nodes',
};

const handover: WordTable = {
  'handover-asked': { what: 'Handing over ({scope}): {reason}.', values: { reason: handoverReasons } },
  'handover-done': { what: 'Handed over ({scope}) in {tookMs} ms: {reason}.', values: { reason: handoverReasons } },
  'handover-failed': {
    what: 'The handover ({scope}; {reason}) ended after {tookMs} ms: {problem}.',
    values: { reason: handoverReasons },
  },
  'handover-not-taken': {
    what: '{peer} wants to hand over ({scope}), and this node does not take it.',
    meaning: '{peer} keeps everything. Either a start of these groups has failed here, or something is on its way.',
    advice: 'See "pairbeat status"; after a failed start: remove the cause, then "pairbeat cleanup".',
  },
  'class-follows-failed-group': {
    what: '{group} cannot be started here: all groups of that kind ({scope}) go to {peer}.',
    meaning: '{peer} runs Heartbeat 3, which takes what a node owns as a whole, not group by group.',
    advice: 'Remove the cause of the failed start, then "pairbeat cleanup {group}".',
  },
  'class-orphaned': {
    what: '{peer} does not run what it owns, and nobody else does: this node asks for it.',
    meaning: 'It had been handed over to this node, which was then restarted. Heartbeat 3 would leave it stopped.',
  },
  'peer-legacy': {
    what: 'With "auto_failback legacy" groups cannot be handed over to {peer}, which runs Heartbeat 3.',
    meaning: 'Nothing was changed.',
    advice: 'Write "auto_failback on" or "off" on both nodes and restart them one after the other.',
  },
  'handover-in-progress': {
    what: 'Groups are being handed over already.',
    meaning: 'Nothing was changed by this request.',
    advice: 'Wait until it is done ("pairbeat status"), then ask again.',
  },
  'transition-in-progress': {
    what: 'A group is just being started or stopped.',
    meaning: 'Nothing was changed by this request.',
    advice: 'Wait until "pairbeat status" shows no group starting or stopping, then ask again.',
  },
  'handover-timeout': {
    what: '{peer} did not finish in time.',
    meaning: 'What it took is there, the rest stayed or came back.',
    advice: 'See "pairbeat status" and the log of {peer}.',
  },
  'not-a-member': {
    what: 'This node is not a member of the pair now[ ({stage})].',
    meaning: 'Nothing was changed.',
    advice: 'Wait until it has joined ("pairbeat status").',
  },
  'peer-not-there': {
    what: '{peer} is dead or was never heard.',
    meaning: 'Nothing was changed: there is nobody to hand over to or to fetch from.',
    advice: 'Bring {peer} back first. To stop the services here all the same, use "heartbeat -k".',
  },
  'peer-not-ready': {
    what: '{peer} is there but has not joined yet.',
    meaning: 'Nothing was changed.',
    advice: 'Wait some seconds and ask again.',
  },
  'peer-cannot-run': {
    what: '{peer} failed to start these groups before.',
    meaning: 'Nothing was changed: they would only be interrupted.',
    advice: 'Remove the cause on {peer}, then "pairbeat cleanup" there.',
  },
  'peer-could-not-start': {
    what: '{peer} could not start {group}.',
    meaning: 'It is started here again, if it can be.',
    advice: 'See the log of {peer} for the reason.',
  },
  'peer-refused': {
    what: '{peer} refused to take the groups.',
    meaning: 'They stay where they are.',
    advice: 'It is busy or stopping: see "pairbeat status" there.',
  },
  'peer-asked-first': {
    what: '{peer} asked for a handover at the same moment, and goes first.',
    advice: 'Ask again when it is done.',
  },
  'peer-gone': {
    what: '{peer} fell silent or stopped during the handover.',
    meaning: 'What was being handed over is decided anew.',
    advice: 'See "pairbeat status".',
  },
  'peer-takes-classes': {
    what: '{peer} runs Heartbeat 3, which gives and takes groups by class: all, local or foreign.',
    meaning: 'Nothing was changed: a single group cannot be handed over between these two nodes.',
    advice: 'Use "hb_standby local" (or foreign, all), or install Pairbeat on {peer} as well.',
  },
  'nothing-to-give': {
    what: 'No group of that kind ({scope}) runs here.',
    meaning: 'Nothing was changed.',
    advice: '"pairbeat status" shows which group runs where.',
  },
  'nothing-to-take': {
    what: 'No group of that kind ({scope}) runs on {peer}.',
    meaning: 'Nothing was changed.',
    advice: '"pairbeat status" shows which group runs where.',
  },
};

const split: WordTable = {
  'split-found': {
    what: '{group} runs here and on {peer}.',
    meaning: 'The links were cut and both nodes ran it. One of them gives it up now.',
  },
  'split-yielded': { what: '{group} is given up here: {peer} keeps it.' },
  'split-healed': { what: '{group} runs on one node again: {keeper}.' },
  'configuration-differs': {
    what: 'The configuration of {peer} is not the same as the one here.',
    meaning: 'A group that only one of the two has is not started while both are there.',
    advice: '"pairbeat status" shows in which lines. Make the files equal, and reload heartbeat where they were wrong.',
  },
  'cleanup-at-peer': {
    what: '{group} could not be stopped on {peer}, and {peer} is there.',
    meaning: 'Only that node can find out whether it still runs.',
    advice: 'Run "pairbeat cleanup {group}" on {peer}.',
  },
  'split-record': {
    what: 'After a cut[ of {forMs} ms] these ran on both nodes: {groups}.',
    meaning: 'Both may have written data that the other does not have.',
    advice: 'Compare the data of both nodes, then "pairbeat acknowledge-split".',
  },
};

const startRefusals: WordTable = {
  'start-refused-unknown-to-peer': {
    what: 'Not started: the haresources of the other node has no such group.',
    meaning: 'It may run the same address or service as part of another group.',
    advice: 'Make haresources equal on both nodes and restart heartbeat.',
  },
  'start-refused-not-member': { what: 'Not started: this node is not a member of the pair.' },
  'start-refused-not-stopped-here': { what: 'Not started: it is not in a stopped state here ({letter}).' },
  'start-refused-peer-not-seen': { what: 'Not started: the peer has not been seen yet, and initdead is not over.' },
  'start-refused-no-fresh-report': { what: 'Not started: the peer has not said yet what it holds.' },
  'start-refused-withdrawal-not-seen': { what: 'Not started: it was offered to the peer, which may be starting it.' },
  'start-refused-held-by-peer': { what: 'Not started: the peer holds it ({letter}).' },
  'start-refused-not-offered': { what: 'Not started: it belongs to the peer, which does not offer it ({letter}).' },
  'start-refused-failed-stop-at-peer': {
    what: 'Not started: the peer could not stop it and may still run it.',
    advice: 'Make sure that it is off there, then "pairbeat cleanup" here.',
  },
};

const protection: WordTable = {
  'protection-none': {
    what: 'Each node takes over when the other falls silent; nothing proves that the other one has stopped.',
    advice: 'Use at least two links that share no cable, switch or device, so that a cut is not taken for a death.',
  },
  'protection-took-over-on-silence': {
    what: '{groups} was taken over because {peer} fell silent; nothing proved that it had stopped.',
    advice: 'Make sure that {peer} is off or in contact again.',
  },
  'protection-peer-never-seen': {
    what: '{peer} has not been heard since this node started.',
    advice: 'Start heartbeat on {peer}, and see that both nodes have the same links, port and keys.',
  },
  'protection-peer-silent': {
    what: '{peer} is dead: nobody would take over from this node.',
    advice: 'Bring {peer} back.',
  },
  'protection-peer-left': {
    what: 'heartbeat was stopped on {peer}: nobody would take over from this node.',
    advice: 'Start heartbeat on {peer} ("systemctl start heartbeat").',
  },
  'protection-peer-deaf': {
    what: '{peer} is heard here but does not hear this node.',
    advice: 'Look for a firewall or a one-way fault on the links, and for different keys.',
  },
  'protection-joining': { what: 'The nodes are still joining.', advice: 'Wait some seconds.' },
  'protection-stop-failed': {
    what: '{group} could not be stopped, so it cannot be moved.',
    advice: 'Stop it by hand, make sure that it is off, then "pairbeat cleanup {group}".',
  },
  'protection-start-failed': {
    what: '{group} could not be started on one of the nodes.',
    advice: 'Remove the cause there, then "pairbeat cleanup {group}" on that node.',
  },
};

export const nodeWords: WordTable = { ...protection, ...peerLife, ...groups, ...handover, ...split, ...startRefusals };
