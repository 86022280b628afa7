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
  'when-unclear': {
    what: '"{text}" is no time.',
    advice: 'Write 14:30, "2026-11-25 14:30:05", or how long ago: 90s, 10m, 2h, 1d.',
  },
} as const satisfies WordTable;
