/** Findings about authkeys. No text ever repeats a key. */
import type { FindingText } from '../finding-texts.ts';

const make = 'Make a good one with `pairbeat keygen` and copy the file to the other node.';

export const authkeysTexts = {
  'authkeys-mode': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ mode }) => `mode ${mode}: others than the owner can read the keys`,
    advice: ({ path }) => `chmod 600 ${path} - and make new keys if somebody may have read them.`,
  },
  'authkeys-mode-writable': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ mode }) =>
      `mode ${mode}: others than the owner may change or run this file, and with it who can speak for a node`,
    advice: ({ path }) => `chmod 600 ${path}. (Heartbeat only asks who can read it.)`,
  },
  'authkeys-owner': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ owner, expected }) =>
      `the file belongs to user ${owner}, who can replace the keys; it must belong to ${expected}`,
    advice: ({ path, expected }) => `chown ${expected} ${path}`,
  },
  'authkeys-not-regular': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ path, kind }) => `${path} is ${kind}, not a plain file: what it points to could be exchanged`,
    advice: () => 'Put the file itself there.',
  },
  'authkeys-auth-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'no `auth` line says which key signs what this node sends',
    advice: () => `The file needs \`auth 1\` and below it \`1 sha256 KEY\`. ${make}`,
  },
  'authkeys-key-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ index }) => `no line below \`auth ${index}\` defines key ${index}`,
    advice: ({ above }) =>
      above
        ? 'There is one above it, but the auth line must come before the key that it names. Swap them.'
        : `Add \`KEY-NUMBER sha256 KEY\`, or name another key behind auth.`,
  },
  'authkeys-auth-late': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ index, line }) =>
      `this line changes the sending key to ${index} after its key in line ${line}; Heartbeat reads that differently`,
    advice: () => 'Keep one auth line, at the top.',
  },
  'authkeys-auth-again': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ line }) => `line ${line} has an auth line already; the last one holds`,
    advice: () => 'Keep one auth line, at the top.',
  },
  'authkeys-auth-line': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'a line that begins with a letter must be `auth NUMBER`',
    advice: () => 'Lines are `auth NUMBER`, `NUMBER METHOD KEY`, or begin with #.',
  },
  'authkeys-line': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'this is neither an auth line nor a key',
    advice: () => 'Lines are `auth NUMBER`, `NUMBER METHOD KEY`, or begin with #.',
  },
  'authkeys-index': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ index }) => `keys are numbered 1 to 15, not ${index}`,
  },
  'authkeys-index-zero': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: () => 'key number 0 is outside what the documentation of Heartbeat allows (1 to 15), though it works',
    advice: () => 'Renumber it on both nodes.',
  },
  'authkeys-index-again': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ index, line }) => `key ${index} is in line ${line} already; this one holds`,
    advice: () => 'Remove one. To exchange keys without a gap give the new one a number of its own.',
  },
  'authkeys-method': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ method }) => `there is no method "${method}"`,
    advice: ({ nearest }) =>
      `Methods are sha256, sha512, the sealed aes256gcm and chacha20poly1305, and for a Heartbeat peer sha1, md5, crc.${nearest ? ` Did you mean ${nearest}?` : ''}`,
  },
  'authkeys-crc-key': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'crc is a checksum and takes no key',
    advice: () =>
      'To be protected against forged packets change crc to sha256 (sha1 with a Heartbeat peer) on both nodes.',
  },
  'authkeys-secret-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ method }) => `${method} needs a key`,
    advice: () => make,
  },
  'authkeys-words-ignored': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: () => 'a key is one word; what follows it is ignored, and quotes count as part of the key',
    advice: () => 'Remove the rest of the line, or the blanks.',
  },
  'authkeys-weak': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ weakness }) => `WEAK AUTH: ${weakness}`,
    advice: () => make,
  },
  'authkeys-unknown-to-heartbeat': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ method }) => `Heartbeat 3.0.6 does not know ${method} and would not read a packet under it`,
    advice: () => 'For the way back, or for a Heartbeat peer, use sha1.',
  },
  'authkeys-rotation': {
    severity: 'note',
    heartbeat: 'misreads',
    onlyAsHeartbeat: true,
    problem: () => 'with several keys Heartbeat 3.0.6 checks what it hears with its own sending key only',
    advice: () =>
      'Nodes that send with different keys would not hear each other. Exchange keys with both nodes stopped.',
  },
} as const satisfies Record<string, FindingText>;

/** Entries of `Authentication.weaknesses`, shown by check, status and the log behind the words WEAK AUTH. */
export const weaknessTexts = {
  crc: (index: number) => `key ${index} uses crc, a checksum without a key: anyone on the network can forge packets`,
  oldHash: (index: number, method: string) => `key ${index} uses ${method}, outdated, for Heartbeat peers only`,
  short: (index: number) => `key ${index} is shorter than 16 characters and can be guessed from a recorded packet`,
  placeholder: (index: number) => `key ${index} is an example from documentation that everybody knows`,
};
