/** Words: putting an end to a node that has fallen silent, and what may be started then. */
import type { WordTable } from './words.ts';

const outcomes = { failed: 'said that it failed', unknown: 'gave no clear answer', confirmed: 'confirmed' };

export const fencingWords: WordTable = {
  'evidence-peerFenced': {
    what: '{device} confirmed that {peer} is off ({action}[, checked: {verified}]).',
    values: { verified: { true: 'its status says OFF', false: 'it cannot say more than "done"' } },
  },
  'fencing-needed': {
    what: '{peer} is gone and must be fenced before anything of it is started here.',
    meaning: 'The first attempt begins after {delayMs} ms.',
  },
  'fencing-attempt': { what: 'Fencing {peer} with {device}: {action}, attempt {attempt}.' },
  'fencing-failed': {
    what: '{peer} could not be fenced: {device} {outcome}[ ({detail})].',
    meaning:
      'Nothing of {peer} is started here. The next attempt begins after {nextMs} ms, and so on until one succeeds.',
    advice: 'Mend the device, or switch {peer} off by hand and then say so here: "pairbeat confirm-off {peer} --yes".',
    values: { outcome: outcomes },
  },
  'fencing-no-device': {
    what: '{peer} is gone, and this node has no fence device that could switch it off.',
    meaning: 'Nothing of {peer} is started here.',
    advice:
      'Switch {peer} off by hand and then say so here: "pairbeat confirm-off {peer} --yes". See "pairbeat check".',
  },
  'fencing-not-configured': {
    what: 'There is no fence device in ha.cf.',
    meaning: 'The pair is UNPROTECTED: it takes over on silence alone.',
    advice: 'docs/fencing.md tells how one is configured.',
  },
  'fence-status-configuration-invalid': {
    what: 'The configuration in {directory} has {errors} error(s): it is not certain which fence devices there are.',
    meaning: 'No device was asked.',
    advice: 'Run `pairbeat check {directory}`: it shows each error with its line.',
  },
  'fence-power-on-done': { what: '{device} has given {node} its power back.' },
  'fence-power-on-failed': {
    what: '{node} was switched off with {device} as it had to be, and could not be switched on again: {detail}.',
    meaning: 'The takeover is not concerned. {node} stays off.',
    advice: 'Switch {node} on by hand.',
  },
  'fence-late-result': {
    what: 'An attempt to fence {peer} that nobody waited for any more has ended: {outcome}[ ({detail})].',
    meaning: 'It counts for nothing.',
    values: { outcome: outcomes },
  },
  'peer-fenced': {
    what: '{device} confirmed that {peer} is off ({action}; {verified}).',
    meaning: 'What it ran may be started here now.',
    values: { verified: { true: 'its status says OFF', false: 'it cannot be asked for more' } },
  },
  'operator-confirmed-off': {
    what: '{who} has confirmed that {peer} is off.',
    meaning: 'What it ran may be started here now. If it is not off, it runs twice.',
  },
  'fenced-peer-heard': {
    what: '{device} has confirmed that {peer} is off, and something of it was heard after that.',
    meaning: 'One packet may have been late on its way. If {peer} goes on talking, the device did not tell the truth.',
    advice: 'Look at {peer}. If it runs, switch it off, and have the device mended before it is needed again.',
  },
  'fenced-but-alive': {
    what: '{peer} had this node fenced, its device confirmed it, and this node lives.',
    meaning: 'Everything is stopped here, since {peer} may run it by now. For some time it may have run twice.',
    advice: 'Check data that both nodes can write to. Have the fence device mended: it confirmed what it did not do.',
  },
  'waiting-for-peer': {
    what: '{peer} has not been heard since this node started, and nothing is started before it is.',
    meaning: 'It may run everything; fencing is configured, and wait_for_all is on.',
    advice: 'Start heartbeat on {peer}. If it is off, and stays off, say so here: "pairbeat confirm-off {peer} --yes".',
  },
  'fence-device-failing': {
    what: 'The fence device {device} does not work[: {detail}].',
    meaning: 'If {peer} died now, nothing of it could be started here.',
    advice: 'Look at its address, its password and its cable, then "pairbeat fence-status".',
  },
  'fence-device-works': { what: 'The fence device {device} works again.' },
  'start-refused-peer-not-fenced': {
    what: 'Not started: the peer is gone, but nothing has proven that it is off.',
    advice: 'See "pairbeat status" for what the fence devices say.',
  },
  'confirm-off-not-the-peer': {
    what: '{node} is not the other node of this cluster; that is {peer}.',
    meaning: 'Nothing was changed.',
    advice: '"pairbeat confirm-off {peer} --yes", if {peer} is what you have switched off.',
  },
  'confirm-off-peer-is-there': {
    what: '{peer} is not off: it is in contact with this node.',
    meaning: 'Nothing was changed.',
    advice: 'To move what it runs, use "hb_takeover" here.',
  },
  'confirm-off-needs-yes': {
    what: 'Nothing was changed: whether {node} is off must be known, not guessed.',
    meaning: 'If it still runs, everything that it holds runs twice, and data that both write to is lost.',
    advice: 'Go and look, or cut its power. Then: "pairbeat confirm-off {node} --yes".',
  },
  'fencing-now-waiting': {
    what: '{peer} is to be fenced: waiting for the next attempt[; the last one: {lastFailure}].',
  },
  'fencing-now-attempting': { what: '{peer} is being fenced, attempt {attempts}[; the last one: {lastFailure}].' },
  'fencing-now-recording': { what: '{peer} was fenced; that is being written down.' },
  'fencing-now-off': {
    what: '{peer} is off: {device} has confirmed it ({verified}).',
    values: { verified: { true: 'its status says OFF', false: 'it cannot be asked for more' } },
  },
  'fencing-now-operator': { what: '{peer} is off: {who} has said so.' },
  'confirm-off-not-needed': {
    what: 'Nothing waits for {peer} to be confirmed off: it has said goodbye, or it is known to be off.',
    meaning: 'Nothing was changed.',
  },
  'protection-fenced': {
    what: 'Each node is fenced before the other takes over.',
    advice: '',
  },
  'protection-fencing': {
    what: '{peer} is gone and is being fenced; nothing of it is started before that is confirmed.',
    advice: 'Wait, or see the alarms below for what is missing.',
  },
  'protection-peer-fenced': {
    what: '{peer} is known to be off: nobody would take over from this node.',
    advice: 'Bring {peer} back.',
  },
  'protection-waiting-for-peer': {
    what: '{peer} has not been heard since this node started; nothing is started before it is.',
    advice: 'Start heartbeat on {peer}. If it is off, and stays off: "pairbeat confirm-off {peer} --yes".',
  },
  'protection-no-fence-device': {
    what: 'Fencing is configured, but this node has no device that could switch {peer} off.',
    advice: 'Give it a stonith_host line in ha.cf, on both nodes; "pairbeat check" says which lines count here.',
  },
  'protection-fence-device-failing': {
    what: 'No fence device of this node works[: {detail}].',
    advice: 'Mend it: if {peer} died now, nothing of it could be started here.',
  },
};
