/** Words: the configuration of crm mode as it is committed, kept and brought to the other node. */
import type { WordTable } from './words.ts';

export const configurationStoreWords: WordTable = {
  'configuration-stale': {
    what: 'The configuration has changed since version {based}, from which yours was made; it is now {current}.',
    meaning: 'Nothing was changed. What happened meanwhile: {changes}.',
    advice: 'Read the current configuration, make your change in it, and commit that.',
  },
  'configuration-committed-here': {
    what: 'Committed on this node only[: {why}][ {detail}].',
    meaning:
      'It survives a crash of this node, but not its loss, and the other node does not know it yet. It is brought there as soon as both are members. If the other node commits something else before, one of the two gives way.',
    values: {
      why: {
        alone: 'the other node is no member',
        gone: 'the other node went away before it confirmed',
        slow: 'the other node has not confirmed in time',
        refused: 'the other node could not write it:',
      },
    },
  },
  'configuration-outcome-unknown': {
    what: 'Nobody can say now whether the configuration was committed.',
    meaning: 'The node that was writing it was lost, or its disk failed in the middle.',
    advice: 'Look at the versions before you commit it again.',
  },
  'configuration-not-in-sync': {
    what: 'The two nodes did not agree on the current configuration in time, so nothing was committed.',
    advice: 'See in the log what keeps them apart (a full disk, a bad link), and commit again.',
  },
  'configuration-superseded': {
    what: 'The configuration was committed and then gave way to that of the other node.',
    meaning: 'Both had changed while they did not see each other. It is kept as a lost version, digest {digest}.',
    advice: 'Compare it with the current one, and commit it again if it should hold.',
  },
  'configuration-diverged': {
    what: 'Both nodes had changed the configuration without each other: version {winner} goes on, version {lost} gave way[: {reason}].',
    meaning: 'Nothing was merged. What gave way is kept on both nodes as a lost version, digest {digest}.',
    advice: 'Compare the two. If something is missing now, commit the lost version, or that part of it, again.',
    values: {
      reason: {
        fenced: 'the node of the first had fenced the other',
        quorum: 'the node of the first had quorum',
        held: 'more resources ran on the node of the first',
        leads: 'nothing spoke for either, so that of the coordinator counts',
      },
    },
  },
  'configuration-peer-refuses': {
    what: 'The other node cannot take the configuration: {reason}.',
    meaning: 'If this node is lost now, it goes on with an older one.',
    advice: 'Mend its disk. The configuration is offered again all the time.',
  },
  'configuration-busy': {
    what: '{waiting} commits wait already.',
    meaning: 'The disk or the other node is slow. Nothing was changed.',
    advice: 'Try again in a moment.',
  },
  'configuration-too-large': {
    what: 'The configuration has {bytes} bytes, more than {limit}.',
    meaning: 'Nothing was changed.',
  },
  'configuration-without-root': {
    what: 'This is no configuration: it has no <cib> element with a version that can be read.',
    meaning: 'Nothing was changed.',
  },
  'configuration-version-exhausted': {
    what: 'The version of the configuration has reached its limit.',
    meaning: 'Nothing was changed.',
    advice:
      'Somebody has set admin_epoch or epoch by hand to the highest number there is. Begin anew with a small admin_epoch.',
  },
  'configuration-foreign': {
    what: 'There is a cib.xml that Pairbeat has not written, and no version of its own.',
    meaning:
      'It is not used until somebody adopts it. A configuration from the other node would replace it, and keep it as cib.xml.rejected.',
    advice: 'Read it, and commit it as the first version if it is the one you want.',
  },
  'configuration-unreadable': {
    what: 'There are versions of the configuration in the state directory, and none of them verifies.',
    meaning:
      'That never counts as an empty configuration. The one of the other node is taken as soon as it is a member.',
    advice:
      'See the kernel log and the health of the disk. Without the other node: commit a backup, and say that it replaces what is here.',
  },
  'configuration-version-damaged': {
    what: '{file} in the state directory is damaged[; the current version is {used}].',
    meaning: 'That file is not used. If it was an older version, only the way back to it is lost.',
    advice: 'See the kernel log and the health of the disk.',
  },
  'configuration-file-changed': {
    what: 'cib.xml does not verify: it is damaged, or another program has written it. Version {used} is used, from its own file.',
    meaning: 'What was found is kept as cib.xml.rejected, and cib.xml is written again.',
    advice:
      'If somebody edited it: make that change with a commit. Else see the kernel log and the health of the disk.',
  },
  'configuration-version-unknown': {
    what: 'This node has no version {version} of the configuration.',
    meaning: 'It keeps the last 64 and up to 16 that gave way.',
    advice: 'See the list of versions, also on the other node.',
  },
};
