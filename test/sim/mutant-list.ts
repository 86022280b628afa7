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
  // What counts as said by the peer.
  {
    name: 'what was acted on is acted on again when it comes again',
    file: 'src/core/transport/sequence-window.ts',
    find: "window.missing.delete(sequence) ? 'filled' : 'duplicate'",
    replace: "window.missing.delete(sequence) ? 'filled' : 'filled'",
    test: 'test/core/transport/replay.test.ts',
  },
  {
    name: 'an equal generation is accepted as a new one',
    file: 'src/core/transport/generation.ts',
    find: 'if (packet.generation <= known)',
    replace: 'if (packet.generation < known)',
    test: 'test/core/transport/impostor.test.ts',
  },
  {
    name: "the peer's generation is believed without being written down",
    file: 'src/core/transport/generation.ts',
    find: "  turn.effects.push({ type: 'persistPeerGeneration', requestId, node: peer.name, uuid, generation });\n}\n\n/** A write that failed",
    replace: '  acceptPersistedGeneration(turn, peer, requestId);\n}\n\n/** A write that failed',
    by: 'S16',
  },
  {
    name: 'a packet passes whatever its MAC is',
    file: 'src/core/transport/packet.ts',
    find: "if (!macMatches(key, hashes, bytes.subarray(0, coveredEnd), mac)) return failure('bad-mac');",
    replace: '',
    test: 'test/core/transport/hostile-input.test.ts',
  },
  {
    name: 'a farewell needs no MAC',
    file: 'src/core/transport/packet.ts',
    find: 'if (!macMatches(key, hashes, bytes.subarray(0, coveredEnd), mac))',
    replace:
      "if (!Buffer.from(bytes).includes('shutdone') && !macMatches(key, hashes, bytes.subarray(0, coveredEnd), mac))",
    test: 'test/core/transport/impostor.test.ts',
  },
  {
    name: 'a packet may be signed by another method than its key has',
    file: 'src/core/transport/mac.ts',
    find: 'if (digits === 0 ? claimed.length < 1 || claimed.length > 8 : claimed.length !== digits) return false;',
    replace: "if (claimed.length === 32) return sameText(hashes.hmac('md5', key.secret, bytes), claimed);",
    test: 'test/core/transport/impostor.test.ts',
  },
  {
    name: 'own packets that come back count as those of the peer',
    file: 'src/core/transport/identity.ts',
    find: '    noteOwnName(turn, packet);\n    return undefined;',
    replace: '    noteOwnName(turn, packet);\n    return peer;',
    test: 'test/core/transport/identity.test.ts',
  },
  {
    name: 'what was meant for an earlier life of this node is acted on',
    file: 'src/core/transport/freshness.ts',
    find: 'if (said === undefined || said === 0 || said === turn.state.generation) return true;',
    replace: 'if (said === undefined || said <= turn.state.generation) return true;',
    test: 'test/core/transport/identity.test.ts',
  },
  // Own pauses, and what the guardian is for.
  {
    name: 'after an own pause the node acts before the pause is noticed',
    file: 'src/core/engine.ts',
    find: "if (first.to === 'node' && hasSlept(engine.transport, nowUs))",
    replace: 'if (false)',
    by: 'F2',
  },
  {
    name: 'the clock stands still while the machine is suspended',
    file: 'src/io/clock.ts',
    find: 'native.clockGettime(linux.CLOCK_BOOTTIME, timespec) !== 0',
    replace: 'native.longBytes > 0',
    test: 'test/io/clock.test.ts',
  },
  {
    name: 'the guardian never acts',
    file: 'src/io/agent-host/guardian-timing.ts',
    find: 'return nowUs >= guardianDeadlineUs(clockwork);',
    replace: 'return nowUs < 0;',
    test: 'test/io/agent-host/guardian.test.ts',
  },
  {
    name: 'the simulated guardian never acts',
    file: 'test/sim/world/agent-host.ts',
    find: 'if (!this.alive || this.#machine.lastBeatUs !== expectedUs) return;',
    replace: 'return;',
    by: 'S1',
  },
  {
    name: 'the guardian counts from when it was told, not from when the keepalive left',
    file: 'src/io/agent-host/guardian-timing.ts',
    find: 'lastBeatUs: Math.min(sentUs, nowUs) };',
    replace: 'lastBeatUs: nowUs };',
    test: 'test/io/agent-host/guardian-timing.test.ts',
  },
  {
    name: 'what nobody watched over is adopted',
    file: 'src/core/host-events.ts',
    find: 'return !hello.guardianActed && hello.lastBeatUs > 0 && nowUs - hello.lastBeatUs <= options.deadtimeMs * usPerMs;',
    replace: 'return nowUs + options.deadtimeMs > 0;',
  },
  {
    name: 'a lost host means that nothing runs',
    file: 'src/core/host-events.ts',
    find: "if (!agrees) sendToGroup(state, group, { type: 'suspect' });",
    replace: '',
  },
  {
    name: 'the lost result of a stop counts as a stop',
    file: 'src/core/haresources/groups.ts',
    find: "if (result.outcome === 'done') sendToGroup(",
    replace:
      "if (result.outcome === 'done' || (operation.action === 'stop' && result.outcome === 'unknown')) sendToGroup(",
  },
  // What must outlive a daemon.
  {
    name: 'a failed stop ends with the daemon',
    file: 'src/core/haresources/groups.ts',
    find: "persist', recordId, name: 'failed-stops.json', content: JSON.stringify({ groups }) });",
    replace: "persist', recordId, name: 'failed-stops.json', content: JSON.stringify({ groups: [] }) });",
    test: 'test/core/haresources/commands.test.ts',
  },
  {
    name: 'a failed stop of the peer is forgotten with the daemon',
    file: 'src/core/haresources/marks.ts',
    find: 'for (const group of state.groups) group.stuckAtPeer = keys.includes(group.configuration.key);',
    replace: '',
    by: 'S9',
  },
  {
    name: 'the word of an operator about a silent peer outlives what the peer says itself',
    file: 'src/core/membership.ts',
    find: 'group.operatorWord = undefined;',
    replace: '',
    test: 'test/core/haresources/commands.test.ts',
  },
  {
    name: 'the directory is not synced after a rename',
    file: 'src/io/durable-file.ts',
    find: "to: path };\n  yield { do: 'syncDirectory', path: directory };",
    replace: 'to: path };',
    test: 'test/io/durable-file.test.ts',
  },
  {
    name: 'a damaged file reads as an empty one',
    file: 'src/io/durable-file.ts',
    find: "return content === undefined ? { state: 'damaged' }",
    replace: "return content === undefined ? { state: 'missing' }",
    test: 'test/io/durable-file.test.ts',
  },
  {
    name: 'a generation is used before it is durable',
    file: 'src/io/node-identity.ts',
    find: 'return written.ok ? success(identity) : written;',
    replace: 'return success(identity);',
    test: 'test/io/node-identity.test.ts',
  },
  // Order, membership, what is said.
  {
    name: 'a group is stopped from its first resource on',
    file: 'src/core/haresources/group-machine.ts',
    find: 'at: ({ context }) => context.at - 1,',
    replace: 'at: ({ context }) => Math.max(0, context.at - 2),',
    test: 'test/core/haresources/group-machine.test.ts',
  },
  {
    name: 'what restarts in place is started from the right',
    file: 'src/core/haresources/change-plan.ts',
    find: 'starts: indexes.filter((at) => comes(merged[at]!) || (!goes(merged[at]!) && restarts(at))),',
    replace: 'starts: indexes.filter((at) => comes(merged[at]!) || (!goes(merged[at]!) && restarts(at))).reverse(),',
    test: 'test/core/haresources/reconfigure.test.ts',
  },
  {
    name: 'a node that boots does not wait for the other',
    file: 'src/core/ownership.ts',
    find: 'if (!peerSeen && !peer.initdeadPassed)',
    replace: 'if (false)',
    test: 'test/core/ownership.test.ts',
  },
  {
    name: 'a silence that was over before it was told of counts',
    file: 'src/core/membership.ts',
    find: 'if (event.linkViewVersion < peer.linkViewVersion) return;',
    replace: '',
    test: 'test/core/membership.test.ts',
  },
  // Fencing.
  {
    name: 'a peer that could not be fenced is taken over from when its time is up',
    file: 'src/core/ownership.ts',
    find: "if (peer.fencingRequired) return failure('start-refused-peer-not-fenced');",
    replace: '',
    test: 'test/core/ownership.test.ts',
  },
  {
    name: 'an unknown result of a fence device counts as confirmed',
    file: 'src/core/fencing/workflow.ts',
    find: "const isConfirmed = outcome === 'confirmed';",
    replace: "const isConfirmed = outcome !== 'failed';",
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'a device that did not answer in time has fenced the peer',
    file: 'src/core/fencing/workflow.ts',
    find: "attemptEnded(state, attempt, 'unknown', false, 'no answer');",
    replace: "attemptEnded(state, attempt, 'confirmed', false, 'no answer');",
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'what a device says of an attempt for an earlier silence counts',
    file: 'src/core/fencing/workflow.ts',
    find: "const isCurrent = attempt.requestId === state.fencing.requestId && fencePhaseOf(state.fencing) === 'attempting';",
    replace: "const isCurrent = fencePhaseOf(state.fencing) === 'attempting';",
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'the end of an older incarnation proves the end of the present one',
    file: 'src/core/ownership.ts',
    find: "if (peer.presence === 'silent' && proof.peerGeneration !== peer.generation) return undefined;",
    replace: '',
    test: 'test/core/ownership.test.ts',
  },
  {
    name: 'a proof outlives the return of the peer',
    file: 'src/core/fencing/workflow.ts',
    find: '  fencing.proof = undefined;\n',
    replace: '',
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'a peer that is there is fenced',
    file: 'src/core/fencing/workflow.ts',
    find: "(state.peer.presence === 'silent' || state.peer.presence === 'never')",
    replace: "state.peer.presence !== 'left'",
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'a node that boots alone fences first',
    file: 'src/core/fencing/workflow.ts',
    find: "return peer.presence === 'silent' || fencing.peerSeen || options.fencing?.waitForAll === false;",
    replace: 'return peer !== undefined && fencing !== undefined && options !== undefined;',
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'a device that has failed is not asked again',
    file: 'src/core/fencing/workflow.ts',
    find: '  wakeAt(state, nowUs + backoffUs);',
    replace: '  wakeAt(state, nowUs + backoffUs * 1e6);',
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'both nodes strike at once',
    file: 'src/core/fencing/precedence.ts',
    find: 'return first ? 0 : (state.options.fencing?.delayMs ?? 0);',
    replace: 'return first ? 0 : 0;',
    test: 'test/core/fencing/workflow.test.ts',
  },
  {
    name: 'a node that reads that it was fenced goes on',
    file: 'src/core/fencing/proof.ts',
    find: 'Number.parseInt(said, 16) === state.generation;',
    replace: 'Number.parseInt(said, 16) === -1;',
    test: 'test/core/fencing/workflow.test.ts',
  },
];
