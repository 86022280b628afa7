/** Words: between the daemon and its tools. */
import type { WordTable } from './words.ts';

export const controlWords = {
  'daemon-not-running': {
    what: 'heartbeat is not running here: nothing answers in {directory}.',
    meaning: 'This node takes nothing over while that is so.',
    advice:
      'Start it with "systemctl start heartbeat" (or "heartbeat"). If it does run, its run directory is another one: use --run-dir or PAIRBEAT_RUN_DIR.',
  },
  'daemon-starting': {
    what: 'heartbeat is just being started here.',
    meaning: 'Nothing was changed.',
    advice: 'Ask again in a moment.',
  },
  'daemon-unreachable': {
    what: 'The heartbeat daemon cannot be reached at {socket}: {error}.',
    meaning: 'Nothing is known about this node from here.',
    advice: 'See whether the daemon runs ("heartbeat -s") and what its log says.',
  },
  'daemon-unreadable': {
    what: 'What answers at {socket} does not speak the protocol of the heartbeat daemon: {reason}.',
    advice: 'See which process has that socket open ("ss -xlp"), and that --run-dir names the right directory.',
  },
  'connection-lost': {
    what: 'The daemon closed the connection before it had answered.',
    meaning: 'It has ended or was restarted. Whether the request was carried out is not known.',
    advice: 'Look at "pairbeat status" before asking again.',
  },
  'answer-timeout': {
    what: 'The daemon did not answer within {timeoutMs} ms.',
    meaning: 'It is stalled or overloaded. If it stays so, its guardian releases what this node holds.',
    advice: 'Look at the status on the other node, and at load and log on this one.',
  },
  'protocol-mismatch': {
    what: 'The daemon ({daemon}) speaks protocol versions {daemonMin} to {daemonMax}, this tool {toolMin} to {toolMax}.',
    advice: 'Use the tools that were installed with the running daemon, or restart the daemon after an upgrade.',
  },
  'protocol-version': {
    what: 'A request came in protocol version {asked}; this daemon speaks {min} to {max}.',
    advice: 'Use the tools that were installed with the running daemon.',
  },
  'run-directory-unsafe': {
    what: 'The run directory {directory} cannot be trusted: {reason}.',
    meaning: 'Somebody other than root could put a false daemon there.',
    advice: 'Make it a directory of root with mode 0755, then restart heartbeat.',
  },
  'run-directory-unusable': {
    what: 'The run directory {directory} cannot be used: {error}.',
    meaning: 'Without it no tool can reach the daemon, so it does not start.',
    advice: 'Start as root, or choose another directory with --run-dir.',
  },
  'operator-rights-needed': {
    what: 'This needs the rights of a cluster operator.',
    meaning: 'Nothing was changed. The socket {socket} is open to root and to the group {group} only.',
    advice: 'Run it as root (sudo), or become a member of {group} ("usermod -aG {group} NAME", then log in again).',
  },
  'root-rights-needed': {
    what: 'This needs root.',
    meaning: 'Nothing was changed. The socket {socket} is open to root only.',
    advice: 'Run it with sudo.',
  },
  'rights-missing': {
    what: 'The verb {verb} is not served on {socket}.',
    meaning: 'Nothing was changed.',
    advice: 'It belongs to {needed}.',
  },
  'too-many-clients': {
    what: 'The daemon serves {limit} connections on this socket already and refused this one.',
    meaning: 'Something opens connections and keeps them.',
    advice: 'Find out what with "ss -xp", and try again.',
  },
  'too-many-requests': {
    what: 'More than {limit} requests on one connection wait for their answers.',
    advice: 'Wait for answers before asking on.',
  },
  'request-forgotten': {
    what: 'The daemon gave up this request: {limit} later ones wait for their end as well.',
    meaning: 'It may still be carried out.',
    advice: 'Look at "pairbeat status" before asking again.',
  },
  'request-malformed': {
    what: 'The request is not {expected}.',
    advice: 'docs/reference/commands.md describes the protocol.',
  },
  'unknown-verb': { what: 'The daemon does not know the verb {verb}.', advice: 'It knows: {known}.' },
  'invalid-arguments': {
    what: 'The arguments of {verb} are not valid: {reason}.',
    advice: 'docs/reference/commands.md lists what each verb takes.',
  },
  'frame-oversized': {
    what: 'A message between daemon and tool is longer than {limit} bytes.',
    meaning: 'It was not sent, or not read, and the connection was closed.',
  },
  'frame-malformed': { what: 'A message between daemon and tool is not a line of JSON ({bytes} bytes).' },
  'answer-too-large': {
    what: 'The answer would be {bytes} bytes, more than the {limit} that a tool reads.',
    advice: 'Ask for less (a smaller --count).',
  },
  'internal-fault': {
    what: 'The daemon met a fault of its own while it answered {verb}.',
    meaning: 'This is a mistake in Pairbeat, not in the configuration.',
    advice: 'Keep the log and the journal of this moment and report it.',
  },
  'broken-invariant': {
    what: 'The daemon found itself in an impossible state and ends: {error}.',
    meaning: 'Its guardian releases what this node holds, and the peer takes over.',
    advice: 'This is a mistake in Pairbeat. Keep the log and the journal of this moment and report it.',
  },
  'rehearsal-failed': {
    what: 'The rehearsal of a takeover failed: {error}.',
    meaning: 'Nothing depends on it but a few milliseconds of the first real one.',
    advice: 'This is a mistake in Pairbeat. Keep this line and report it.',
  },
  'already-running': {
    what: 'heartbeat is already running here: it answers at {path}.',
    advice: 'Nothing to do. To run a second one for a trial, give it directories of its own (--run-dir, --state-dir).',
  },
  'socket-path-taken': {
    what: '{path} exists and is not a socket.',
    meaning: 'It was not touched. The daemon needs that name and does not start without it.',
    advice: 'See what put it there and remove it.',
  },
  'socket-unusable': {
    what: 'The control socket {path} cannot be used: {error}.',
    meaning: 'Tools cannot reach the daemon through it.',
    advice: 'See that the run directory belongs to root and that its file system is writable.',
  },
  'operator-request': { what: '{who} asked: {verb}[ {scope}][ {group}].' },
} as const satisfies WordTable;
