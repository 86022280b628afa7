/**
 * S2: every start carries evidence, and the evidence is true. Compared with what really runs on the other machine at
 * the instant of the decision, not with what the node believes.
 */
import type { EngineEffect } from '../../../src/core/engine.ts';
import { letterOf } from '../../../src/core/node-state.ts';
import type { StartEvidence } from '../../../src/core/ownership.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Daemon } from '../world/daemon.ts';
import type { World } from '../world/world.ts';
import type { Checker } from './checker.ts';

type Fenced = Extract<StartEvidence, { kind: 'peerFenced' }>;
type Start = Extract<EngineEffect, { type: 'operation' }>;

export function createTrueEvidence(): Checker {
  const left = new Set<string>();
  return {
    effect(world, daemon, effect) {
      if (effect.type !== 'operation' || effect.operation.action !== 'start') return;
      if (effect.evidence === undefined)
        world.violate('S2', `${daemon.machine.name}: start of ${effect.operation.group} without evidence`);
      else if (effect.operation.index === 0 || effect.evidence.kind === 'heldHere')
        check(world, daemon, effect, effect.evidence, left);
    },
    stepped(_world, daemon) {
      if (daemon.engine.node.life.value === 'left') left.add(`${daemon.machine.name} ${daemon.engine.node.generation}`);
    },
  };
}

function check(world: World, daemon: Daemon, start: Start, evidence: StartEvidence, left: ReadonlySet<string>): void {
  switch (evidence.kind) {
    case 'peerConfirmedStopped':
      world.count('start: peerConfirmedStopped');
      if (evidence.letter !== '-') world.count('offer accepted');
      return confirmedStopped(world, daemon, start);
    case 'peerShutDown':
      world.count('start: peerShutDown');
      return shutDown(world, daemon, start, left.has(`${daemon.machine.other.name} ${evidence.peerGeneration}`));
    case 'unprotected':
      world.count(evidence.peerSeen ? 'start: unprotected, peer seen' : 'start: unprotected, peer not seen');
      return silent(world, daemon, start, evidence.peerSeen);
    case 'peerFenced':
      world.count('start: peerFenced');
      return fenced(world, daemon, start, evidence);
    case 'operator':
      world.count('start: operator');
      if (daemon.engine.node.fencing.proof?.by === 'operator') return reallyOff(world, daemon, start);
      if (!daemon.operatorCleaned.has(start.operation.group)) object(world, daemon, start, 'no operator said so');
      return;
    case 'heldHere':
      world.count('start: held here');
      return heldHere(world, daemon, start);
  }
}

/** The other node may run it only where one of the two took it on silence. */
function heldHere(world: World, daemon: Daemon, start: Start): void {
  const { machine } = daemon;
  if (machine.host?.isUnprotected(start.operation, start.evidence) === true) return;
  const { written } = start.operation.resource;
  const there = world.truth.find(machine.other.index, written);
  const other = there?.unprotected === true ? undefined : there;
  if (other !== undefined) object(world, daemon, start, `it runs there on ${other.evidence} since ${other.sinceUs}`);
}

/** A report that was refused at first is asked for again, but not when it is older than this. */
const repeatedWithinMs = 2500;

/** Neither running nor about to run there, unless the other node has just taken it on silence: no message can be newer than that. */
function confirmedStopped(world: World, daemon: Daemon, start: Start): void {
  const { other } = daemon.machine;
  const { group } = start.operation;
  const windowUs = (world.longestDeadtimeMs + repeatedWithinMs) * usPerMs + world.longestDelayUs;
  for (const instance of world.truth.ofGroup(other.index, group)) {
    if (!instance.unprotected || world.nowUs - instance.sinceUs > windowUs)
      return object(world, daemon, start, `it runs there on ${instance.evidence} since ${instance.sinceUs}`);
  }
  const theirs = other.daemon?.engine.node.groups.find((candidate) => candidate.configuration.key === group);
  if (theirs === undefined || theirs.evidence === undefined || theirs.evidence.kind === 'unprotected') return;
  if (letterOf(theirs) === 's' || letterOf(theirs) === 'r')
    object(world, daemon, start, `it is being started there on ${theirs.evidence.kind}`);
}

function shutDown(world: World, daemon: Daemon, start: Start, hasLeft: boolean): void {
  if (!hasLeft) return object(world, daemon, start, 'the peer never said goodbye');
  const { other } = daemon.machine;
  for (const instance of world.truth.ofGroup(other.index, start.operation.group)) {
    if (!instance.unprotected)
      object(world, daemon, start, `it runs there on ${instance.evidence} since ${instance.sinceUs}`);
  }
}

/** A device has said so in answer to this very request, and what it said is so. */
function fenced(world: World, daemon: Daemon, start: Start, { confirmedUs }: Fenced): void {
  if (!world.fences.wasConfirmed(daemon.machine, confirmedUs)) return object(world, daemon, start, 'no device said so');
  reallyOff(world, daemon, start);
}

/** Off, or switched on since and empty; or else whoever said so was wrong, which is counted apart. */
function reallyOff(world: World, daemon: Daemon, start: Start): void {
  const { other } = daemon.machine;
  const [instance] = world.truth.ofGroup(other.index, start.operation.group);
  if (instance === undefined || instance.unprotected) return;
  if (world.fences.isLiedAbout(other)) return world.count('start on a false word');
  object(world, daemon, start, `it runs there on ${instance.evidence} since ${instance.sinceUs}`);
}

/** Was the silence real? That it began truly is checked when it is declared (silence-is-true.ts). */
function silent(world: World, daemon: Daemon, start: Start, peerSeen: boolean): void {
  const { node, transport } = daemon.engine;
  if (node.options.fencing !== undefined) return object(world, daemon, start, 'fencing is configured (S8)');
  if (transport.peer?.heard === 'up') return object(world, daemon, start, 'the transport hears the peer');
  if (peerSeen) {
    if (node.peer.presence !== 'silent') object(world, daemon, start, `the peer is ${node.peer.presence}`);
    return;
  }
  const waitedMs = (daemon.machine.clock() - daemon.machine.clockOf(daemon.waitingSinceUs)) / usPerMs;
  if (waitedMs < daemon.waitMs)
    object(world, daemon, start, `only ${waitedMs} of ${daemon.waitMs} ms were waited for the peer`);
}

function object(world: World, { machine }: Daemon, start: Start, why: string): void {
  world.violate('S2', `${machine.name}: start of ${start.operation.group} on ${start.evidence?.kind}, but ${why}`);
}
