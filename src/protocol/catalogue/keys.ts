/** Words: authkeys of a running pair. */
import type { WordTable } from './words.ts';

const unchanged =
  'The keys that were in force still are. But the file says otherwise, and a restart of this node would read it.';

export const keyWords = {
  'keys-changed': { what: '{who} had authkeys read again: this node signs with key {index} and accepts {accepts}.' },
  'authkeys-invalid': {
    what: 'authkeys cannot be used[, line {line}]: {reason}.',
    meaning: unchanged,
    advice: '"pairbeat check" shows every mistake in it with its line.',
  },
  'keys-drop-peers-key': {
    what: '{peer} signs with key {index}, and authkeys here would no longer accept that key.',
    meaning: `${unchanged} It would have cut the pair.`,
    advice:
      'Leave key {index} in the file until {peer} signs with another one ("pairbeat rotate-key" knows the order).',
  },
  'keys-peer-lacks': {
    what: 'This node would sign with key {index}, and {peer} accepts only {accepts}.',
    meaning: `${unchanged} It would have cut the pair.`,
    advice: 'Put key {index} into authkeys on {peer} first, and have it read ("pairbeat reload-keys" there).',
  },
  'keys-peer-differs': {
    what: 'This node would sign with key {index}, and key {index} on {peer} has another method or secret.',
    meaning: `${unchanged} It would have cut the pair.`,
    advice: 'Copy the line of key {index} from one node to the other, then "pairbeat reload-keys" there.',
  },
  'keys-peer-does-not-say': {
    what: 'This node would sign with key {index}, and whether {peer} accepts that is not known: it does not say.',
    meaning: unchanged,
    advice:
      'If its authkeys has the key under that number, use --force. A Heartbeat 3 node checks only what is sent in the classic form; that form is chosen by itself.',
  },
  'keys-heartbeat-cannot': {
    what: 'This node would sign with key {index} ({method}), and {peer} runs Heartbeat 3, which knows only crc, md5, sha1.',
    meaning: `${unchanged} {peer} could not have read a packet.`,
    advice: 'Stay with sha1 until Pairbeat runs on {peer}.',
  },
  'peer-cannot-read-us': {
    what: '{node} runs Heartbeat 3 and cannot read what this node sends: it does not know {method}.',
    meaning: 'It takes this node for dead, and over what runs here when its deadtime is over.',
    advice: 'Sign with a sha1 key here until Pairbeat runs on {node}.',
  },
  'rotation-peer-not-heard': {
    what: '{peer} is not heard.',
    meaning: 'Nothing was changed. Keys are exchanged while both nodes run and hear each other.',
    advice: 'If both daemons are stopped, put the same new authkeys on both nodes and start them.',
  },
  'rotation-daemon-too-old': {
    what: 'The running daemon does not say which keys it accepts.',
    advice: 'It is of an older version: restart it ("systemctl restart heartbeat") after the upgrade.',
  },
  'rotation-files-differ': {
    what: 'The authkeys of this node and of {peer} differ already.',
    meaning: 'Nothing was changed. It is not clear which key is to be replaced.',
    advice:
      '"pairbeat status" shows who signs with which and accepts which. Make the files the same, or name the key that is to remain with --to.',
  },
  'rotation-unclear': {
    what: 'authkeys lists the keys {keys}, and does not say which of them is to replace which.',
    meaning: 'Nothing was changed.',
    advice: 'Name the one that is to remain: "pairbeat rotate-key --to NUMBER".',
  },
  'rotation-key-missing': {
    what: 'Key {index} is to be the new one, and authkeys here does not have it.',
    meaning: 'Nothing was changed.',
    advice: 'Copy its line from the other node, or begin anew with --new.',
  },
  'rotation-key-differs': {
    what: 'Key {index} on {node} and key {index} on {peer} have different secrets or methods.',
    meaning: 'Nothing was changed. To sign with it would cut the pair.',
    advice: 'Copy authkeys from the node where the exchange began to the other one, then "pairbeat reload-keys" there.',
  },
  'rotation-peer-lacks-key': {
    what: '{peer} does not accept key {next} yet.',
    meaning: 'Nothing was changed. To sign with it now would cut the pair.',
    advice: '"pairbeat rotate-key" says what to run on {peer}.',
  },
  'rotation-peer-signs-old': {
    what: '{peer} does not sign with key {next} yet.',
    meaning: 'Nothing was changed. To drop key {old} now would cut the pair.',
    advice: 'Run "pairbeat rotate-key" on {peer}.',
  },
  'rotation-other-step': {
    what: 'It is not the time to {step}: {due}.',
    meaning: 'Nothing was changed.',
    advice: '"pairbeat rotate-key --dry-run" says what is next.',
    values: {
      step: { add: 'add a key', sign: 'sign with the new key', remove: 'remove the old key' },
      due: {
        add: 'no exchange has begun (next is "add")',
        sign: 'this node has to sign with the new key first (next is "sign")',
        remove: 'both nodes sign with the new key (next is "remove")',
        'peer-accepts': 'the other node has to accept the new key first',
        'peer-signs': 'the other node has to sign with the new key first',
        'peer-removes': 'this node is done, the other one still has the old key',
        done: 'the exchange is complete; --new begins another',
      },
    },
  },
  'file-not-readable': {
    what: '{path} cannot be read: {error}.',
    meaning: 'Nothing was changed.',
    advice: 'Run it as root.',
  },
} as const satisfies WordTable;
