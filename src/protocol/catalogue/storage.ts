/** Words: what must survive a crash, and the commands that stand in where the kernel cannot be asked directly. */
import type { WordTable } from './words.ts';

export const storageWords: WordTable = {
  'disk-full': {
    what: 'The disk is full: {file} cannot be written.',
    meaning: 'Takeover and stop go on; what must be remembered over a crash is not.',
    advice: 'Make room in the file system of {file}.',
  },
  'disk-read-only': {
    what: 'The file system of {file} is read-only.',
    meaning: 'Takeover and stop go on; what must be remembered over a crash is not.',
    advice: 'See the kernel log: file systems become read-only after errors of the disk.',
  },
  'disk-failed': {
    what: 'The disk failed[ at {file}][: {error}].',
    meaning: 'Takeover and stop go on; what must be remembered over a crash is not.',
    advice: 'See the kernel log and the health of the disk.',
  },
  'disk-busy': {
    what: 'The disk does not answer: {pending} writes wait before {file}.',
    meaning: 'Takeover and stop go on; what must be remembered over a crash is not.',
    advice: 'See the kernel log and the load on the disk.',
  },
  'file-permission': {
    what: '{file} may not be read or written: {error}.',
    advice: 'Start heartbeat as root; the file must belong to root.',
  },
  'file-wrong-type': {
    what: '{file} is no plain file: {reason}.',
    meaning: 'heartbeat neither reads nor replaces what it did not make, and does not run without what belongs there.',
    advice: 'Look at it with ls -ld {file}, move it away, and start heartbeat again.',
  },
  'file-damaged': {
    what: '{file} and the copy before it are damaged.',
    meaning: 'It is not used: a damaged file never counts as an empty one.',
    advice: 'Restore it from a backup, or remove both copies if you know that nothing in it is needed.',
  },
  'file-damaged-previous-used': {
    what: '{file} is damaged; the copy before it is used.',
    advice: 'See the kernel log and the health of the disk.',
  },
  'record-unreadable': {
    what: '{file} in the state directory does not hold what this version of heartbeat writes there.',
    meaning:
      'It says what must not be forgotten over a restart, so it never counts as empty and heartbeat does not start.',
    advice:
      'If another version wrote it, run that one. Else make sure that no group runs here, remove the file and its .previous copy, and start heartbeat again.',
  },
  'file-too-large': { what: '{file} would be {bytes} bytes, more than {limit}.' },
  'identity-file-damaged': {
    what: '{file} is damaged and is written anew from the other copy.',
  },
  'identity-uuid-differs': {
    what: '{file} says another uuid than pairbeat-identity, whose checksum is right: the latter counts, and {file} is written anew.',
    meaning: 'This node keeps its identity.',
    advice:
      'To give it a new one on purpose, stop heartbeat, remove hb_uuid, pairbeat-identity and pairbeat-identity.previous, and start it again.',
  },
  'identity-uuid-damaged': {
    what: 'The uuid of this node cannot be read: neither hb_uuid nor pairbeat-identity in {directory} is whole.',
    meaning:
      'With a new one the other node would take this one for another machine, so heartbeat makes none up and does not start.',
    advice:
      'Restore one of them from a backup. If this node may have a new identity: remove hb_uuid, pairbeat-identity and pairbeat-identity.previous, and start heartbeat again.',
  },
  'identity-damaged': {
    what: 'The generation of this node cannot be read: hb_generation and pairbeat-identity in {directory} are damaged.',
    meaning:
      'A generation that is too low would make the other node refuse everything this one says, so heartbeat does not guess and does not start.',
    advice:
      'Restore one of them from a backup. Else ask the other node with "pairbeat status --json" for the generation of this one, write a higher number into hb_generation (15 characters, right-aligned), remove pairbeat-identity and pairbeat-identity.previous, and start heartbeat again.',
  },
  'identity-missing': {
    what: 'There is no uuid or generation in {directory} yet.',
    advice: 'heartbeat makes them at its first start.',
  },
  'generation-exhausted': {
    what: 'The generation number in {directory} has reached its limit.',
    advice: 'Stop heartbeat on both nodes, remove hb_generation on both, and start them again.',
  },
  'command-failed': { what: '{command} failed: {reason}.' },
  'command-output-unclear': { what: 'The output of {command} was not understood.' },
};
