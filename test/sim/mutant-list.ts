/**
 * Wrong versions of the product, one change each. A checker that no mutant can trigger proves nothing: each of these must
 * be caught within a bounded number of seeds, or by the scenario or test that it names, where the world of the simulator
 * has no place for the mistake. The text must occur exactly once in its file.
 */
export interface Mutant {
  readonly name: string;
  /** Below the root, the source. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A checker that must be the one to object, where another would only see the consequences. */
  readonly by?: string;
  /** In test/scenarios, without `.txt`: must not come out as written. */
  readonly scenario?: string;
  /** Path of a unit or contract test that must fail. */
  readonly test?: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a withdrawn offer needs no acknowledgement',
    file: 'src/core/ownership.ts',
    find: 'if (peer.ack < facts.withdrawnAtVersion)',
    replace: 'if (false)',
  },
  {
    name: 'going back on an offer does not count as withdrawing it',
    file: 'src/core/haresources/groups.ts',
    find: 'if (isOffered(before) && !isOffered(after))',
    replace: 'if (false)',
  },
  {
    name: 'a report that another incarnation of ours was meant to read counts as fresh',
    file: 'src/core/membership.ts',
    find: 'if (!knowsUs || report.ackGeneration !== state.generation)',
    replace: 'if (false)',
  },
  {
    name: 'an older report is read after a newer one',
    file: 'src/core/membership.ts',
    find: '(report.version < peer.report.version || report.ack < peer.report.ack)',
    replace: 'false',
  },
  {
    name: 'the other node starts what its owner has merely not started',
    file: 'src/core/ownership.ts',
    find: 'if (!isOwner && !isOffered(letter))',
    replace: 'if (false)',
  },
  {
    name: 'a group that the peer is stopping counts as stopped',
    file: 'src/core/haresources/letters.ts',
    find: "new Set(['s', 'r', 'p', 'f', 'u'])",
    replace: "new Set(['s', 'r', 'f', 'u'])",
  },
  {
    name: 'an operation lost with its host counts as done',
    file: 'src/core/haresources/groups.ts',
    find: "if (result.outcome === 'done') sendToGroup(",
    replace: "if (result.outcome === 'done' || result.outcome === 'unknown') sendToGroup(",
  },
  {
    name: 'a stop that failed counts as done',
    file: 'src/core/haresources/group-machine.ts',
    find: "target: 'retrying', actions: [countAttempt, 'armRetry'] },\n          { target: 'stopFailed', actions: 'stopFailedForGood' }",
    replace: "target: 'retrying', actions: [countAttempt, 'armRetry'] },\n          { target: 'finishing' }",
  },
  {
    name: 'a failed stop of the peer does not outlive its contact',
    file: 'src/core/ownership.ts',
    find: 'if (!facts.peer.failedStop)',
    replace: 'if (true)',
    by: 'S9',
  },
  {
    name: 'silence is believed without reading the sockets empty',
    file: 'src/core/transport/silence.ts',
    find: "turn.effects.push({ type: 'drainSockets', token: state.drain.token });",
    replace: 'judgeAfterDrain(turn, state.drain.token);',
    by: 'S2',
  },
  {
    name: 'an own pause goes unnoticed',
    file: 'src/core/transport/machine.ts',
    find: 'return nowUs - state.lastKeepaliveUs >',
    replace: 'return false && nowUs - state.lastKeepaliveUs >',
    by: 'F2',
  },
  {
    name: 'after an own pause the addresses wait their turn',
    file: 'src/core/host-events.ts',
    find: 'releaseAddresses(state, sleepers);',
    replace: '',
    by: 'F2',
  },
  {
    name: 'both nodes yield after a split',
    file: 'src/core/haresources/split.ts',
    find: 'if (group.marked !== theirs.marked)',
    replace: 'if (true) return true;\n    if (group.marked !== theirs.marked)',
  },
  {
    name: 'who took a group on silence does not say so',
    file: 'src/core/haresources/groups.ts',
    find: "group.marked = evidence.kind === 'unprotected';",
    replace: 'group.marked = false;',
    by: 'split',
  },
  {
    name: 'nobody yields after a split',
    file: 'src/core/haresources/split.ts',
    find: 'if (mustYield(state, group, theirs))',
    replace: 'if (false)',
  },
  {
    name: 'a node that is stopping says goodbye while it still holds something',
    file: 'src/core/haresources/leave.ts',
    find: 'if (held.length > 0)',
    replace: 'if (false)',
  },
  {
    name: 'an older incarnation of the peer is believed after a newer one',
    file: 'src/core/transport/generation.ts',
    find: 'if (packet.generation <= known)',
    replace: 'if (packet.generation < known - 1)',
    by: 'S16',
  },
  {
    name: 'two nodes that pause at once insist on each other as they were',
    file: 'src/core/transport/machine.ts',
    find: 'peer.accepted = false;',
    replace: '',
    by: 'L1',
  },
  {
    name: 'a handover that the giver gave up is waited for',
    file: 'src/core/haresources/handover.ts',
    find: 'if (handover.moving && !underWay)',
    replace: 'if (false)',
    by: 'L1',
  },
  {
    name: 'a peer that does not hear us is left alone',
    file: 'src/core/haresources/split.ts',
    find: 'return insistsOnNotHearing(state, deafSinceUs);',
    replace: 'return false;',
  },
  {
    name: 'a dispute counts as settled when the peer is not known to hold the group any more',
    file: 'src/core/haresources/split.ts',
    find: "if (state.peer.presence !== 'up' || !state.peer.fresh)",
    replace: 'if (false)',
  },
  {
    name: 'marks end with the daemon',
    file: 'src/core/haresources/marks.ts',
    find: "letterOf(group) === 'r' && keys.includes(group.configuration.key)",
    replace: 'false',
    by: 'split',
  },
  {
    name: 'the write of a generation that failed is not tried again',
    file: 'src/core/transport/generation.ts',
    find: 'askAgain(turn, peer, pending);',
    replace: '',
    by: 'L1',
  },
  {
    name: 'an unmanaged group is monitored all the same',
    file: 'src/core/haresources/monitor.ts',
    find: "if (letter !== 'r' || group.unmanaged !== undefined)",
    replace: "if (letter !== 'r')",
    by: 'S21',
  },
  {
    name: 'an unmanaged group is given away',
    file: 'src/core/haresources/handover.ts',
    find: "letterOf(group) === 'r' && group.unmanaged === undefined &&",
    replace: "letterOf(group) === 'r' &&",
    by: 'S21',
  },
  {
    name: 'a restart in place lets go of the group',
    file: 'src/core/haresources/group-machine.ts',
    find: "trimming: 's',",
    replace: "trimming: '-',",
  },
  {
    name: 'what this node slept counts against its ping nodes',
    file: 'src/core/ping/ping-nodes.ts',
    find: 'if (lateUs > intervalUs) node.heardUs',
    replace: 'if (false) node.heardUs',
    by: 'outside',
  },
  {
    name: 'ipfail gives to a node that reaches no more',
    file: 'src/core/ping/ipfail.ts',
    find: 'known && ours < theirs',
    replace: 'known && ours <= theirs',
    by: 'outside',
  },
  {
    name: 'what the peer runs in another group is started here as well',
    file: 'src/core/haresources/reconfigure.ts',
    find: 'return !isElsewhere(state, group, resource) && !goesElsewhere(state, group, resource) && isAnswered(state);',
    replace: 'return true;',
  },
  {
    name: 'a reload does not stop what is taken out',
    file: 'src/core/haresources/change-plan.ts',
    find: 'stops: indexes.filter((at) => goes(merged[at]!) || ',
    replace: 'stops: indexes.filter((at) => ',
  },
  {
    name: 'a longer deadtime counts before the peer has heard of it',
    file: 'src/core/transport/own-deadtime.ts',
    find: 'deadtimeMs <= ownDeadtime.deadtimeMs || !state.started',
    replace: 'true',
  },
];
