/**
 * Generated mutants that nothing catches, each with a judgement. `npm run sim:mutants -- --generated` fails on a survivor
 * that is not here, and says which of these have been caught since or are gone from the sources.
 */
export interface Judgement {
  /** The key of the mutant, see guards.ts. */
  readonly mutant: string;
  /**
   * `equivalent`: no run of the product can tell it from the right version. `harmless`: it can be told, but what differs
   * is no promise of the product (a log line less, a tie on the exact microsecond). `open`: it should be caught, and is not.
   */
  readonly judgement: 'equivalent' | 'harmless' | 'open';
  readonly why: string;
}

export const survivors: readonly Judgement[] = [
  {
    mutant: 'src/core/ownership.ts effectiveOwner: ownerByUs < ownerByPeer => ownerByUs <= ownerByPeer',
    judgement: 'equivalent',
    why: 'Where both are the same name it does not matter which of the two is returned.',
  },
  {
    mutant:
      'src/core/membership.ts peerHeard: event.generation !== peer.generation || event.uuid !== peer.uuid => true',
    judgement: 'harmless',
    why: 'What the same incarnation said before a silence is forgotten one message early: nothing may rest on it before it is said anew, and the status that ends a silence says it.',
  },
  {
    mutant:
      'src/core/membership.ts peerSilent: event.linkViewVersion < peer.linkViewVersion => event.linkViewVersion <= peer.linkViewVersion',
    judgement: 'equivalent',
    why: 'The transport raises the version with every silence, so it is never the same.',
  },
  {
    mutant:
      'src/core/membership.ts peerDoesNotHearUs: untilUs <= state.waitingSinceUs + state.waitMs * usPerMs => untilUs < state.waitingSinceUs + state.waitMs * usPerMs',
    judgement: 'equivalent',
    why: 'At the same instant the wait is set to what it is.',
  },
  {
    mutant: "src/core/membership.ts peerMessage: peer.presence === 'never' => true",
    judgement: 'equivalent',
    why: 'Behind the guards above it is `never` or `up`, and the alarm is raised only while it is `never`.',
  },
  {
    mutant: "src/core/membership.ts peerLeft: state.peer.presence !== 'up' => false",
    judgement: 'equivalent',
    why: 'A farewell gets there only through peerMessage, which refuses it of a peer that is silent or has left, and makes every other `up`.',
  },
  {
    mutant: 'src/core/membership.ts settleMembership: peer.fresh && peer.report !== undefined => peer.fresh',
    judgement: 'equivalent',
    why: 'A peer becomes fresh only by a report, which stays until it is fresh no longer.',
  },
  {
    mutant:
      'src/core/membership.ts settleMembership: peer.fresh && peer.report !== undefined => peer.report !== undefined',
    judgement: 'harmless',
    why: 'The node would join a moment before the peer speaks again; every start demands a fresh report by itself.',
  },
  {
    mutant:
      'src/core/membership.ts readReport: report.version >= peer.overheard.version => report.version > peer.overheard.version',
    judgement: 'equivalent',
    why: 'Two reports of one version are the same report.',
  },
  {
    mutant:
      "src/core/host-events.ts boot: event.hello.inventoryLost === true && letterOf(group) === '-' => event.hello.inventoryLost === true",
    judgement: 'harmless',
    why: 'What is adopted besides would be stopped first as well; what is stuck stays stuck.',
  },
  {
    mutant:
      'src/core/host-events.ts wasGuarded: nowUs - hello.lastBeatUs <= options.deadtimeMs * usPerMs => nowUs - hello.lastBeatUs < options.deadtimeMs * usPerMs',
    judgement: 'harmless',
    why: 'A tie on one microsecond.',
  },
  {
    mutant:
      "src/core/host-events.ts operationResult: group === undefined || result.outcome === 'not-running' || letterOf(group) !== '-' => group === undefined || result.outcome === 'not-running'",
    judgement: 'harmless',
    why: 'Nothing is started while addresses are looked for; a group that is offered or has failed by then would be stopped first.',
  },
  {
    mutant:
      "src/core/host-events.ts settlePaused: !state.rejoinDue || state.rejoinAsked || stageOf(state) === 'left' => !state.rejoinDue || state.rejoinAsked",
    judgement: 'harmless',
    why: 'A process that has left ends within milliseconds; a generation more costs nothing.',
  },
  {
    mutant: "src/core/host-events.ts standDown: !again || letterOf(group) !== 'p' => !again",
    judgement: 'harmless',
    why: 'Told a second time of one pause: everything was let go of the first time, and nothing can have been started since.',
  },
  {
    mutant:
      "src/core/host-events.ts standDown: isHeld(letterOf(group)) && letterOf(group) !== 'f' => isHeld(letterOf(group))",
    judgement: 'equivalent',
    why: 'A group whose stop has failed stays as it is when it becomes suspect.',
  },
  {
    mutant: 'src/core/haresources/split.ts settleDisputes: losing.length > 0 => true',
    judgement: 'equivalent',
    why: 'Nothing is done for no groups.',
  },
  {
    mutant: 'src/core/haresources/split.ts settleDisputes: losing.length > 0 => losing.length >= 0',
    judgement: 'equivalent',
    why: 'Nothing is done for no groups.',
  },
  {
    mutant:
      'src/core/haresources/split.ts mustYield: compareText(state.options.uuid, state.peer.uuid) > 0 => compareText(state.options.uuid, state.peer.uuid) >= 0',
    judgement: 'equivalent',
    why: 'Two nodes never have the same uuid: a packet with ours is an alarm, no peer (S17).',
  },
  {
    mutant:
      "src/core/haresources/split.ts claimedUnheard: peer.presence !== 'up' || peer.fresh || peer.deafSinceUs === undefined => peer.presence !== 'up' || peer.fresh",
    judgement: 'equivalent',
    why: 'Without a beginning no time has passed that could be long enough.',
  },
  {
    mutant: "src/core/haresources/split.ts claimedUnheard: peer.presence !== 'up' || peer.fresh => peer.fresh",
    judgement: 'equivalent',
    why: 'A peer that is not there is not known to be deaf: its silence and an own pause both forget that.',
  },
  {
    mutant: "src/core/haresources/split.ts claimedUnheard: ours !== 's' && ours !== 'r' => ours !== 'r'",
    judgement: 'harmless',
    why: 'It gives way when the start has ended, instead of in the middle of it.',
  },
  {
    mutant:
      'src/core/fencing/precedence.ts delayBeforeFirstAttemptMs: compareText(state.options.self, state.options.peer) < 0 => compareText(state.options.self, state.options.peer) <= 0',
    judgement: 'equivalent',
    why: 'The two nodes have different names.',
  },
  {
    mutant: 'src/core/fencing/precedence.ts delayBeforeFirstAttemptMs: ours > theirs => ours >= theirs',
    judgement: 'equivalent',
    why: 'Asked only where the two differ.',
  },
  {
    mutant:
      'src/core/fencing/workflow.ts settleFencing: state.nowUs >= state.fencing.dueUs => state.nowUs > state.fencing.dueUs',
    judgement: 'harmless',
    why: 'A tie on one microsecond.',
  },
  {
    mutant:
      'src/core/fencing/workflow.ts settleWaiting: state.nowUs < fencing.attempt.limitUs => state.nowUs <= fencing.attempt.limitUs',
    judgement: 'harmless',
    why: 'A tie on one microsecond.',
  },
  {
    mutant:
      'src/core/fencing/workflow.ts strike: settings !== undefined && settings.devices.length > 0 => settings !== undefined',
    judgement: 'equivalent',
    why: 'An assertion of what its only caller has just looked at.',
  },
  {
    mutant:
      'src/core/fencing/workflow.ts strike: settings !== undefined && settings.devices.length > 0 => settings.devices.length > 0',
    judgement: 'equivalent',
    why: 'An assertion of what its only caller has just looked at.',
  },
  {
    mutant: 'src/core/fencing/workflow.ts strike: settings.devices.length > 0 => settings.devices.length >= 0',
    judgement: 'equivalent',
    why: 'An assertion of what its only caller has just looked at.',
  },
  {
    mutant:
      "src/core/fencing/workflow.ts strike: state.peer.presence !== 'up' && state.peer.presence !== 'left' => state.peer.presence !== 'up'",
    judgement: 'equivalent',
    why: 'An assertion of what settleFencing has looked at in the same step.',
  },
  {
    mutant:
      "src/core/fencing/workflow.ts strike: state.peer.presence !== 'up' && state.peer.presence !== 'left' => state.peer.presence !== 'left'",
    judgement: 'equivalent',
    why: 'An assertion of what settleFencing has looked at in the same step.',
  },
  {
    mutant:
      'src/core/fencing/proof.ts saysThatWeAreFenced: said !== undefined && /^[0-9a-f]{1,12}$/.test(said) => /^[0-9a-f]{1,12}$/.test(said)',
    judgement: 'equivalent',
    why: 'What is not said does not match.',
  },
  {
    mutant:
      'src/core/fencing/proof.ts saysThatWeAreFenced: said !== undefined && /^[0-9a-f]{1,12}$/.test(said) => said !== undefined',
    judgement: 'harmless',
    why: 'Only a peer that has the key and writes rubbish behind the number would be read differently.',
  },
  {
    mutant:
      'src/core/fencing/proof.ts saysThatWeAreFenced: said !== undefined && /^[0-9a-f]{1,12}$/.test(said) && Number.parseInt(said, 16) === state.generation => Number.parseInt(said, 16) === state.generation',
    judgement: 'harmless',
    why: 'Only a peer that has the key and writes rubbish behind the number would be read differently.',
  },
  {
    mutant:
      "src/core/fencing/workflow.ts fenceResult: attempt.requestId === state.fencing.requestId && fencePhaseOf(state.fencing) === 'attempting' => fencePhaseOf(state.fencing) === 'attempting'",
    judgement: 'equivalent',
    why: 'There is one attempt at a time, and a request is `attempting` only with one of its own.',
  },
  {
    mutant:
      "src/core/fencing/workflow.ts isPeerGone: stageOf(state) !== 'paused' && (state.peer.presence === 'silent' || state.peer.presence === 'never') => (state.peer.presence === 'silent' || state.peer.presence === 'never')",
    judgement: 'equivalent',
    why: 'An own pause puts fencing away itself, and nothing is begun by a node that is no member.',
  },
  {
    mutant: "src/core/fencing/workflow.ts mayFence: peer.presence === 'silent' || fencing.peerSeen => fencing.peerSeen",
    judgement: 'equivalent',
    why: 'Only a peer that was heard falls silent, and to be heard is to be seen.',
  },
  {
    mutant:
      'src/core/membership.ts settleMembership: proof.confirmedUs >= state.waitingSinceUs => proof.confirmedUs > state.waitingSinceUs',
    judgement: 'harmless',
    why: 'A tie on one microsecond.',
  },
  {
    mutant:
      "src/core/haresources/facts.ts factsFor: stageOf(state) === 'member' && state.hostReady && !(isClassic(state) && isGiving(state, group)) => stageOf(state) === 'member' && state.hostReady",
    judgement: 'open',
    why: 'Only beside a real Heartbeat. No unit test notices; whether the performances of test/peers do has not been tried.',
  },
  {
    mutant: 'src/core/haresources/split.ts settleDisputes: isClassic(state) && settleClassicSplit(state) => false',
    judgement: 'open',
    why: 'Only beside a real Heartbeat. No unit test notices; whether the performances of test/peers do has not been tried.',
  },
  {
    mutant:
      'src/core/haresources/split.ts settleDisputes: isClassic(state) && settleClassicSplit(state) => settleClassicSplit(state)',
    judgement: 'open',
    why: 'Only beside a real Heartbeat. No unit test notices; whether the performances of test/peers do has not been tried.',
  },
];
