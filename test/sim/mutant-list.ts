/**
 * Wrong versions of the core, one change each. A checker that no mutant can trigger proves nothing: each of these must
 * be caught within a bounded number of seeds. The text is that of the built file; it must occur exactly once.
 */
export interface Mutant {
  readonly name: string;
  /** Below dist/src/core. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A checker that must be the one to object, where another would only see the consequences. */
  readonly by?: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a withdrawn offer needs no acknowledgement',
    file: 'ownership.js',
    find: 'if (peer.ack < facts.withdrawnAtVersion)',
    replace: 'if (false)',
  },
  {
    name: 'going back on an offer does not count as withdrawing it',
    file: 'haresources/groups.js',
    find: 'if (isOffered(before) && !isOffered(after))',
    replace: 'if (false)',
  },
  {
    name: 'a report that another incarnation of ours was meant to read counts as fresh',
    file: 'membership.js',
    find: 'if (!knowsUs || report.ackGeneration !== state.generation)',
    replace: 'if (false)',
  },
  {
    name: 'an older report is read after a newer one',
    file: 'membership.js',
    find: '(report.version < peer.report.version || report.ack < peer.report.ack)',
    replace: 'false',
  },
  {
    name: 'the other node starts what its owner has merely not started',
    file: 'ownership.js',
    find: 'if (!isOwner && !isOffered(letter))',
    replace: 'if (false)',
  },
  {
    name: 'a group that the peer is stopping counts as stopped',
    file: 'haresources/letters.js',
    find: "new Set(['s', 'r', 'p', 'f', 'u'])",
    replace: "new Set(['s', 'r', 'f', 'u'])",
  },
  {
    name: 'an operation lost with its host counts as done',
    file: 'haresources/groups.js',
    find: "if (result.outcome === 'done')\n        sendToGroup(state, group, { type: 'done' });",
    replace:
      "if (result.outcome === 'done' || result.outcome === 'unknown')\n        sendToGroup(state, group, { type: 'done' });",
  },
  {
    name: 'a stop that failed counts as done',
    file: 'haresources/group-machine.js',
    find: "{ target: 'stopFailed', actions: 'stopFailedForGood' }",
    replace: "{ target: 'finishing' }",
  },
  {
    name: 'a failed stop of the peer does not outlive its contact',
    file: 'ownership.js',
    find: 'if (!facts.peer.failedStop)',
    replace: 'if (true)',
    by: 'S9',
  },
  {
    name: 'silence is believed without reading the sockets empty',
    file: 'transport/silence.js',
    find: "turn.effects.push({ type: 'drainSockets', token: state.drain.token });",
    replace: 'judgeAfterDrain(turn, state.drain.token);',
    by: 'S2',
  },
  {
    name: 'an own pause goes unnoticed',
    file: 'transport/machine.js',
    find: 'return nowUs - state.lastKeepaliveUs >',
    replace: 'return false && nowUs - state.lastKeepaliveUs >',
    by: 'F2',
  },
  {
    name: 'after an own pause the addresses wait their turn',
    file: 'host-events.js',
    find: 'releaseAddresses(state, sleepers);',
    replace: '',
    by: 'F2',
  },
  {
    name: 'both nodes yield after a split',
    file: 'haresources/split.js',
    find: 'if (group.marked !== theirs.marked)',
    replace: 'if (true) return true;\n    if (group.marked !== theirs.marked)',
  },
  {
    name: 'who took a group on silence does not say so',
    file: 'haresources/groups.js',
    find: "group.marked = evidence.kind === 'unprotected';",
    replace: 'group.marked = false;',
    by: 'split',
  },
  {
    name: 'nobody yields after a split',
    file: 'haresources/split.js',
    find: 'if (mustYield(state, group, theirs))',
    replace: 'if (false)',
  },
  {
    name: 'a node that is stopping says goodbye while it still holds something',
    file: 'haresources/leave.js',
    find: 'if (held.length > 0)',
    replace: 'if (false)',
  },
  {
    name: 'an older incarnation of the peer is believed after a newer one',
    file: 'transport/generation.js',
    find: 'if (packet.generation <= known)',
    replace: 'if (packet.generation < known - 1)',
    by: 'S16',
  },
  {
    name: 'two nodes that pause at once insist on each other as they were',
    file: 'transport/machine.js',
    find: 'peer.accepted = false;',
    replace: '',
    by: 'L1',
  },
  {
    name: 'a handover that the giver gave up is waited for',
    file: 'haresources/handover.js',
    find: 'if (handover.moving && !underWay)',
    replace: 'if (false)',
    by: 'L1',
  },
  {
    name: 'a peer that does not hear us is left alone',
    file: 'haresources/split.js',
    find: 'return insistsOnNotHearing(state, deafSinceUs);',
    replace: 'return false;',
  },
  {
    name: 'a dispute counts as settled when the peer is not known to hold the group any more',
    file: 'haresources/split.js',
    find: "if (state.peer.presence !== 'up' || !state.peer.fresh)",
    replace: 'if (false)',
  },
  {
    name: 'marks end with the daemon',
    file: 'haresources/marks.js',
    find: "letterOf(group) === 'r' && keys.includes(group.configuration.key)",
    replace: 'false',
    by: 'split',
  },
  {
    name: 'the write of a generation that failed is not tried again',
    file: 'transport/generation.js',
    find: 'askAgain(turn, peer, pending);',
    replace: '',
    by: 'L1',
  },
  {
    name: 'an unmanaged group is monitored all the same',
    file: 'haresources/monitor.js',
    find: "if (letter !== 'r' || group.unmanaged !== undefined)",
    replace: "if (letter !== 'r')",
    by: 'S21',
  },
  {
    name: 'an unmanaged group is given away',
    file: 'haresources/handover.js',
    find: "letterOf(group) === 'r' && group.unmanaged === undefined &&",
    replace: "letterOf(group) === 'r' &&",
    by: 'S21',
  },
  {
    name: 'a restart in place lets go of the group',
    file: 'haresources/group-machine.js',
    find: "trimming: 's',",
    replace: "trimming: '-',",
  },
  {
    name: 'what this node slept counts against its ping nodes',
    file: 'ping/ping-nodes.js',
    find: 'if (lateUs > intervalUs)\n            node.heardUs',
    replace: 'if (false)\n            node.heardUs',
    by: 'outside',
  },
  {
    name: 'ipfail gives to a node that reaches no more',
    file: 'ping/ipfail.js',
    find: 'known && ours < theirs',
    replace: 'known && ours <= theirs',
    by: 'outside',
  },
  {
    name: 'what the peer runs in another group is started here as well',
    file: 'haresources/reconfigure.js',
    find: 'return !isElsewhere(state, group, resource) && !goesElsewhere(state, group, resource) && isAnswered(state);',
    replace: 'return true;',
  },
  {
    name: 'a reload does not stop what is taken out',
    file: 'haresources/change-plan.js',
    find: 'stops: indexes.filter((at) => goes(merged[at]) || ',
    replace: 'stops: indexes.filter((at) => ',
  },
  {
    name: 'a longer deadtime counts before the peer has heard of it',
    file: 'transport/own-deadtime.js',
    find: 'deadtimeMs <= ownDeadtime.deadtimeMs || !state.started',
    replace: 'true',
  },
];
