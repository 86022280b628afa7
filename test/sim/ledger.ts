/**
 * Every mistake that the simulator has found, so that none comes back unnoticed. Where it could be told as a story there
 * is a scenario; otherwise the plan that showed it, whole: the pair and the list of its faults, so that it stays what it
 * was when seeds are drawn in another way.
 */
export interface LedgerEntry {
  /** What went wrong, in the words of the node or of whoever watched it. */
  readonly what: string;
  /** File in test/scenarios, without `.txt`. */
  readonly scenario?: string;
  /** The seed that showed it; its plan is in `ledger/SEED.json`. */
  readonly seed?: number;
  /** Where the story is told as a unit test. */
  readonly test?: string;
}

export const ledger: readonly LedgerEntry[] = [
  { what: 'two nodes that paused at the same time refused each other for ever', scenario: 'both-pause', seed: 11 },
  {
    what: 'a peer generation that could not be written down was never asked for again',
    scenario: 'disk-fails-at-peer-restart',
    seed: 30,
  },
  {
    what: 'an own pause made a node forget the failed stop of its peer',
    scenario: 'stop-failure-then-own-pause',
    seed: 103,
  },
  { what: 'a daemon adopted what nobody had watched over', scenario: 'unguarded-leftovers', seed: 9 },
  {
    what: 'a restarted daemon forgot that it had taken a group on silence, and kept it at the heal',
    scenario: 'daemon-restart-in-a-split',
    seed: 13,
  },
  {
    what: 'a daemon adopted what its guardian was still stopping',
    scenario: 'daemon-restart-while-guardian-acts',
    seed: 225,
  },
  { what: 'a daemon adopted what its predecessor was stopping', scenario: 'daemon-restart-during-stop', seed: 6629 },
  { what: 'the word of an operator about a silent peer was used after the peer had spoken again', seed: 150 },
  {
    what: 'a handover ended while the stop of it was unknown, and the taker waited for an hour',
    scenario: 'host-crash-during-handover',
    seed: 479,
  },
  { what: 'a handover waited for a group that had come back and failed', seed: 6084 },
  {
    what: 'a node went on starting, on silence, what the returned peer could not stop',
    scenario: 'split-with-failed-stop',
    seed: 3755,
  },
  { what: 'an old report of a peer that had been silent ended the mark of a group', seed: 4468 },
  { what: 'a restart of the peer in the middle of a dispute counted as its end', seed: 5513 },
  { what: 'the guardian stopped what the daemon had rightly started again', seed: 899 },
  { what: 'a node that was leaving kept groups that it did not run', scenario: 'stop-failure-on-leaving', seed: 1862 },
  {
    what: 'a restarted peer behind a one-way link ran what this node ran, and neither gave way',
    scenario: 'one-way-loss-at-boot',
  },
  { what: 'a record that could not be written stayed as it was, and the next daemon believed it', seed: 56782 },
  {
    what: 'a node began the next resource of a group although the peer had said that it could not stop it',
    seed: 55204,
  },
  {
    what: 'a group was taken out of management while the peer was being asked to take it, and was stopped all the same',
    scenario: 'unmanage-while-asking',
  },
  { what: 'both nodes yielded, one of them to a claim that was long out of date', seed: 100798 },
  {
    what: 'an operator who confirmed that the peer was off while the answer of a device was being written down ended the daemon',
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    what: 'packets recorded and sent again, 20,000 a second, cost a full reading each: keepalives were lost in the full buffer',
    test: 'test/core/transport/admission.test.ts',
  },
  {
    what: 'a user without rights who asked without end kept the daemon from its keepalives, and it grew by 150 MB in two seconds',
    test: 'test/daemon/control/turns.test.ts',
  },
  {
    what: 'a damaged inventory counted as one that says that nothing runs, and so did one that a full disk had cut short',
    test: 'test/io/agent-host/record-file.test.ts',
  },
  {
    what: 'a node whose generation could be read nowhere began with one from the clock, which may be lower',
    test: 'test/daemon/malformed-state.test.ts',
  },
  {
    what: 'hb_generation cut short was read as a lower generation',
    test: 'test/daemon/malformed-state.test.ts',
  },
  {
    what: 'a FIFO in place of a state file made the daemon wait for ever at its start',
    test: 'test/daemon/malformed-state.test.ts',
  },
  {
    what: 'a stop for which no process could be made at that moment failed at once, and pinned its group',
    test: 'test/io/agent-host/script-runner.test.ts',
  },
];
