/** Words: authkeys of a running pair. */
import type { WordTable } from './words.ts';

const unchanged = 'Nothing was changed: the keys that were in force still are.';

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
} as const satisfies WordTable;
