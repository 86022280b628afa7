/** Words: the journal, its replay, the timeline. */
import type { WordTable } from './words.ts';

export const recordingWords = {
  'recorder-failed': {
    what: 'The journal does not record what this node decides any more: {error}.',
    meaning: 'The node goes on as before. Milestones are still written; "pairbeat replay" ends at this point.',
    advice:
      'This is a mistake in Pairbeat. Keep the journal and this line and report it. A restart of the daemon records again.',
  },
  'journal-not-there': {
    what: 'There is no journal at {path}.',
    advice: 'It is in the directory "journal" of the state directory: give that, or one file of it.',
  },
  'journal-not-readable': {
    what: 'The journal at {path} cannot be read: {error}.',
    advice: 'Read it as root or as a member of the group that owns it.',
  },
  'journal-empty': {
    what: 'There is no segment of a journal in {path}.',
    meaning: 'The files of a journal are called journal-<number>.ndjson.',
  },
  'journal-without-steps': {
    what: 'Nothing of {path} can be replayed.',
    meaning:
      'It has no checkpoint followed by steps: it was written by a version that did not record them ({versions}; this is {version}), or its beginning is missing.',
    advice: 'Give the whole directory. "pairbeat timeline" reads such a journal all the same.',
  },
  'export-exists': {
    what: '{path} exists already.',
    meaning: 'It was not overwritten.',
    advice: 'Give another name.',
  },
  'when-unclear': {
    what: '"{text}" is no time.',
    advice: 'Write 14:30, "2026-11-25 14:30:05", or how long ago: 90s, 10m, 2h, 1d.',
  },
  'moment-boot': { what: 'The daemon begins (generation {generation}).' },
  'moment-boot-adopts': {
    what: 'The daemon begins (generation {generation}) and goes on with what runs: {resources}.',
  },
  'moment-last-heard': { what: 'The last word of {peer} comes in.' },
  'moment-peer-silent': { what: '{peer} has been silent for {ms} ms: it counts as dead.' },
  'moment-peer-heard': { what: '{peer} is heard (generation {generation}).' },
  'moment-peer-returns': { what: '{peer} is heard again (generation {generation}).' },
  'moment-own-pause': { what: 'This node stood still for {ms} ms, longer than its deadtime.' },
  'moment-command': { what: '{who} asks: {verb}.' },
  'moment-stop-requested': { what: 'The daemon is told to stop.' },
  'moment-handover': {
    what: 'Handover from {from} to {to}: {reason}.',
    values: {
      reason: {
        standby: 'somebody asked for it',
        failback: 'back to the node that haresources names',
        stop: '{from} leaves the cluster',
      },
    },
  },
  'moment-released': { what: '{from} has let go of everything that it was to give.' },
  'moment-releases': { what: 'Releases at once: {resources}.' },
  'moment-stops': { what: 'Stops {resource}.' },
  'moment-stopped': { what: '{resource} is stopped ({ms} ms).' },
  'moment-starts': { what: 'Starts {resource}.' },
  'moment-started': { what: '{resource} runs ({ms} ms).' },
  'moment-announced': { what: '{resource} is announced to the network.' },
  'moment-failed': { what: 'The {action} of {resource} ended with "{outcome}"[ ({reason})] after {ms} ms.' },
  'moment-fences': { what: 'Fences {peer} with {device} ({action}).' },
  'moment-fenced': { what: '{device} confirms that {peer} is off[ ({detail})].' },
  'moment-fence-failed': { what: '{device} did not fence {peer}: {outcome}[ ({detail})].' },
  'moment-guardian-acted': { what: 'The guardian has let go of what ran here while the daemon was away.' },
  'moment-host-lost': { what: 'The agent host is gone: {reason}.' },
  'moment-exit': { what: 'The daemon ends.' },
  'moment-journal-ends': {
    what: 'The journal of this daemon ends here without a goodbye: it or its machine died, or it still runs.',
  },
  'moment-core-broke': { what: 'An invariant was broken: the daemon ends itself, its guardian lets go.' },
  'moment-lost': { what: '{records} records were not written: the disk was full or too slow.' },
  'timeline-nothing': {
    what: 'The journal tells of nothing that began or moved[ since {since}].',
    advice: 'Without --since the last incident is shown, however old.',
  },
  'timeline-other-pair': {
    what: 'The journal given with --peer is one of {theirs}, and not of {peer}.',
    advice: 'Give the journal of the other node of this pair.',
  },
} as const satisfies WordTable;
