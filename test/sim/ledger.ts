/**
 * Every mistake that was found in Pairbeat by anything but its author at the time of writing, so that none comes back
 * unnoticed. Where it could be told as a story there is a scenario; otherwise the plan that showed it, whole: the pair and
 * the list of its faults, so that it stays what it was when seeds are drawn in another way; or a unit test. Each must fail
 * without the fix. `mutant` names the wrong version in mutant-list.ts that brings the mistake back, to be caught anew.
 */
export interface LedgerEntry {
  /** What went wrong, in the words of the node or of whoever watched it. */
  readonly what: string;
  readonly found: FoundBy;
  /** File in test/scenarios, without `.txt`. */
  readonly scenario?: string;
  /** The seed that showed it; its plan is in `ledger/SEED.json`. */
  readonly seed?: number;
  /** Where the story is told as a unit test or in the lab. */
  readonly test?: string;
  /** In `test`: a part of its title. */
  readonly named?: string;
  readonly mutant?: string;
  /** Nothing of all that: why not. */
  readonly open?: string;
}

/**
 * `real Heartbeat`: performances beside Heartbeat 3.0.6 (test/peers). `hostile input`: floods, greedy clients, damaged files.
 * `mutants`: a wrong version that nobody caught. `use`: the product was used, or its code read.
 */
export type FoundBy = 'simulator' | 'lab' | 'real Heartbeat' | 'hostile input' | 'mutants' | 'use';

export const ledger: readonly LedgerEntry[] = [
  {
    what: 'before a disk that was slow and failing, records were asked for again faster than they could be written, and the generation of a peer that came back waited behind them for minutes (seed 20023718 of the long run)',
    found: 'simulator',
    test: 'test/daemon/newest-write.test.ts',
    named: 'of one file: one is under way and only the newest waits, however many there were',
  },
  {
    what: 'behind a one-way link, a node whose peer an operator had wrongly called off read no more of what that peer said, and both ran the address for as long as the link was bad (seed 20006772 of the long run)',
    found: 'simulator',
    test: 'test/core/haresources/split.test.ts',
    named: 'and holds us for off: what it says aloud since counts as well, what it said before to us does not',
  },
  {
    what: 'with fence devices an address ran on both nodes: a reload moved it into a group of the node that lived, while the other was silent and not yet fenced (seed 10009236 of the long run)',
    found: 'simulator',
    test: 'test/core/haresources/reconfigure.test.ts',
    named:
      'with fencing a resource that is new to a group is not started beside a peer that is gone and not proven off',
  },
  {
    what: 'a daemon that had been stopped for an hour beside a fenced peer believed the old proof, while the peer had come back and an operator had told it that nothing ran here',
    found: 'use',
    test: 'test/core/fencing/workflow.test.ts',
    named: 'fences again: the peer may have come back and been told, truly, that nothing runs here',
  },
  {
    what: 'two nodes that had just joined both started a group: a reload made one of them its owner in the moment in which the other, which still owned it by its own file, started it on what had been said before (seed 10001792 of the long run)',
    found: 'simulator',
    test: 'test/core/haresources/reconfigure.test.ts',
    named: 'may have been started by the peer, on what this node said before: it must have read the change first',
    mutant: 'another owner of a group needs no answer of the peer',
  },
  {
    what: 'two nodes that paused at the same time refused each other for ever',
    scenario: 'both-pause',
    seed: 11,
    found: 'simulator',
    mutant: 'two nodes that pause at once insist on each other as they were',
  },
  {
    what: 'a peer generation that could not be written down was never asked for again',
    scenario: 'disk-fails-at-peer-restart',
    seed: 30,
    found: 'simulator',
    mutant: 'the write of a generation that failed is not tried again',
  },
  {
    what: 'an own pause made a node forget the failed stop of its peer',
    scenario: 'stop-failure-then-own-pause',
    seed: 103,
    found: 'simulator',
    mutant: 'a failed stop of the peer does not outlive its contact',
  },
  {
    what: 'a daemon adopted what nobody had watched over',
    scenario: 'unguarded-leftovers',
    seed: 9,
    found: 'simulator',
    mutant: 'what nobody watched over is adopted',
  },
  {
    what: 'a restarted daemon forgot that it had taken a group on silence, and kept it at the heal',
    scenario: 'daemon-restart-in-a-split',
    seed: 13,
    found: 'simulator',
    mutant: 'marks end with the daemon',
  },
  {
    what: 'a daemon adopted what its guardian was still stopping',
    scenario: 'daemon-restart-while-guardian-acts',
    seed: 225,
    found: 'simulator',
  },
  {
    what: 'a daemon adopted what its predecessor was stopping',
    scenario: 'daemon-restart-during-stop',
    seed: 6629,
    found: 'simulator',
  },
  {
    what: 'the word of an operator about a silent peer was used after the peer had spoken again',
    seed: 150,
    found: 'simulator',
    mutant: 'the word of an operator about a silent peer outlives what the peer says itself',
  },
  {
    what: 'a handover ended while the stop of it was unknown, and the taker waited for an hour',
    scenario: 'host-crash-during-handover',
    seed: 479,
    found: 'simulator',
  },
  {
    what: 'a handover waited for a group that had come back and failed',
    seed: 6084,
    found: 'simulator',
    mutant: 'a handover that the giver gave up is waited for',
  },
  {
    what: 'a node went on starting, on silence, what the returned peer could not stop',
    scenario: 'split-with-failed-stop',
    seed: 3755,
    found: 'simulator',
  },
  { what: 'an old report of a peer that had been silent ended the mark of a group', seed: 4468, found: 'simulator' },
  {
    what: 'a restart of the peer in the middle of a dispute counted as its end',
    seed: 5513,
    found: 'simulator',
    mutant: 'a dispute counts as settled when the peer is not known to hold the group any more',
  },
  { what: 'the guardian stopped what the daemon had rightly started again', seed: 899, found: 'simulator' },
  {
    what: 'a node that was leaving kept groups that it did not run',
    scenario: 'stop-failure-on-leaving',
    seed: 1862,
    found: 'simulator',
  },
  {
    what: 'a restarted peer behind a one-way link ran what this node ran, and neither gave way',
    scenario: 'one-way-loss-at-boot',
    found: 'simulator',
    mutant: 'a peer that does not hear us is left alone',
  },
  {
    what: 'a record that could not be written stayed as it was, and the next daemon believed it',
    seed: 56782,
    found: 'simulator',
  },
  {
    what: 'a node began the next resource of a group although the peer had said that it could not stop it',
    seed: 55204,
    found: 'simulator',
  },
  {
    what: 'a group was taken out of management while the peer was being asked to take it, and was stopped all the same',
    scenario: 'unmanage-while-asking',
    found: 'simulator',
  },
  { what: 'both nodes yielded, one of them to a claim that was long out of date', seed: 100798, found: 'simulator' },
  {
    what: 'an operator who confirmed that the peer was off while the answer of a device was being written down ended the daemon',
    test: 'test/core/fencing/workflow.test.ts',
    found: 'simulator',
  },
  {
    what: 'packets recorded and sent again, 20,000 a second, cost a full reading each: keepalives were lost in the full buffer',
    test: 'test/core/transport/admission.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a user without rights who asked without end kept the daemon from its keepalives, and it grew by 150 MB in two seconds',
    test: 'test/daemon/control/turns.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a damaged inventory counted as one that says that nothing runs, and so did one that a full disk had cut short',
    test: 'test/io/agent-host/record-file.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a node whose generation could be read nowhere began with one from the clock, which may be lower',
    test: 'test/daemon/malformed-state.test.ts',
    found: 'hostile input',
  },
  {
    what: 'hb_generation cut short was read as a lower generation',
    test: 'test/daemon/malformed-state.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a FIFO in place of a state file made the daemon wait for ever at its start',
    test: 'test/daemon/malformed-state.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a stop for which no process could be made at that moment failed at once, and pinned its group',
    test: 'test/io/agent-host/script-runner.test.ts',
    found: 'hostile input',
  },
  {
    what: 'a report put together before a restart of its reader acknowledged versions of the incarnation before, and blocked the failback',
    found: 'simulator',
    mutant: 'a report that another incarnation of ours was meant to read counts as fresh',
  },
  {
    what: 'what was being stopped was called running by the host, and adopted',
    found: 'simulator',
    test: 'test/io/agent-host/inventory.test.ts',
    named: 'does not call running what is being stopped',
  },
  {
    what: 'a node that slept while it was leaving never said what it could not stop',
    found: 'simulator',
    scenario: 'pause-while-leaving',
  },
  {
    what: 'a node told twice of one pause, by its clock and by its guardian, stopped again what it was stopping',
    found: 'simulator',
    scenario: 'guardian-acted-daemon-stopped',
    mutant: 'told twice of a pause, a node stops twice what it is stopping',
  },
  {
    what: 'a part of a group was started while the group might run on the other node',
    found: 'simulator',
    mutant: 'a part of a group is started although the group may run on the other node',
  },
  {
    what: 'a group waited for ever for a resource that another group could not let go of',
    found: 'simulator',
    test: 'test/core/haresources/reconfigure.test.ts',
    named: 'a group does not wait for a resource that another group could not let go of',
  },
  {
    what: 'a booting node took a peer for dead that lived, talked, and did not hear it',
    found: 'lab',
    scenario: 'one-way-loss-at-boot',
    test: 'test/core/transport/identity.test.ts',
    named: 'drops what was meant for an earlier incarnation of this node',
  },
  {
    what: 'a node gave way to a peer that had merely fallen silent on one side for a moment',
    found: 'simulator',
    scenario: 'one-way-loss',
  },
  {
    what: 'several addresses of one subnet were released at once, and the kernel brought one of them back',
    found: 'lab',
    test: 'test/lab/agents/address.lab.test.ts',
    named: 'several addresses of one subnet are released at once',
  },
  {
    what: 'a start that waited for a process when the guardian acted ran afterwards',
    found: 'use',
    test: 'test/io/agent-host/executor.test.ts',
    named: 'does not run a start that waited for a process when the guardian acted',
  },
  {
    what: 'the guardian counted by the longer deadtime of a restarted daemon before the peer had heard of it',
    found: 'use',
    test: 'test/io/agent-host/guardian.test.ts',
    named: 'acts by the old deadtime when a new daemon with a longer one has sent no keepalive yet',
    mutant: 'a longer deadtime counts before the peer has heard of it',
  },
  {
    what: 'heartbeat -k waited for a process that had ended, because nobody had asked how it ended',
    found: 'lab',
    test: 'test/daemon/heartbeat-command.test.ts',
    named: 'counts a process that has ended as gone',
  },
  {
    what: 'a restart in place was added to the failover that was shown before it',
    found: 'use',
    test: 'test/core/waterfall.test.ts',
    named: 'is not made longer by a start in place half a minute later',
  },
  {
    what: 'a word that is no address could not be stopped, and pinned its group',
    found: 'use',
    test: 'test/io/agent-host/own-runner.test.ts',
    named: 'which never can have started, so that one wrong word does not hold the group',
  },
  {
    what: 'garbage that looks sealed cost more than it was charged',
    found: 'use',
    test: 'test/core/transport/admission.test.ts',
    named: 'of sealed packets under ever new salts costs as much time',
  },
  {
    what: 'a fenced peer that held nothing never read that it had been fenced',
    found: 'lab',
    test: 'test/core/fencing/workflow.test.ts',
    named: 'also one that held nothing hears of it, although nothing moved here',
  },
  {
    what: 'a leaving node called itself dead, and a real Heartbeat took that for a death, what followed for a return, and restarted itself',
    found: 'real Heartbeat',
    test: 'test/core/haresources/leave.test.ts',
    named: 'beside a real Heartbeat goes on as active until it ends',
  },
  {
    what: 'a lost statement of what is held came again after a newer one, and a real Heartbeat believed the older',
    found: 'real Heartbeat',
    test: 'test/core/transport/retransmission.test.ts',
    named: 'never repeats an old statement of what is held',
  },
  {
    what: 'a node that owns no group did not answer a real Heartbeat that wanted to give it its empty class',
    found: 'real Heartbeat',
    test: 'test/core/haresources/classic/empty-class.test.ts',
    named: 'takes it back by the whole handshake',
  },
  {
    what: 'after a split a member introduced itself before a real Heartbeat had restarted, and both were down for a while',
    found: 'real Heartbeat',
    test: 'test/core/haresources/classic/after-a-split.test.ts',
    named: 'does not introduce itself before that one has had its time to restart',
  },
  {
    what: 'a handover that a real Heartbeat had given up was waited for without end',
    found: 'real Heartbeat',
    test: 'test/core/haresources/classic/given-up.test.ts',
    named: 'a handover that a real Heartbeat has given up is over',
    mutant: 'a handover that a real Heartbeat gave up has no end',
  },
  {
    what: 'a device that had answered about an earlier silence was not asked again before the time for that answer was over',
    found: 'mutants',
    test: 'test/core/fencing/workflow-edges.test.ts',
    named: 'is not asked again before it has answered, and that answer proves nothing',
  },
  {
    what: 'an attempt to fence outlived the daemon that wanted it, and could have cut the power of a peer that had come back meanwhile',
    found: 'use',
    test: 'test/io/agent-host/host-behaviour.test.ts',
    named: 'ends an attempt to fence with the daemon that wanted it, and switches nothing off after that',
    mutant: 'an attempt to fence outlives the daemon that wanted it',
  },
  {
    what: 'a device that does nothing, or only looks, or only takes the disks away, made the pair PROTECTED and was believed',
    found: 'use',
    test: 'test/core/config/fencing.test.ts',
    named: 'alone protects nothing, and that is said',
    mutant: 'a device that proves nothing counts as one',
  },
  {
    what: 'a torn hb_uuid became the identity of the node, though the copy with a checksum said another',
    found: 'use',
    test: 'test/io/node-identity.test.ts',
    named: 'keeps the uuid when its file is torn',
    mutant: 'a torn uuid goes before the copy that verifies',
  },
];
