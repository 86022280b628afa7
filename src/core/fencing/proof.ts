/**
 * That the peer is off, and for how long that may be believed: until anything newer of it is heard, or until this node
 * itself stood still and may have missed it.
 *
 * Packets of the incarnation that was put to an end may still be on their way; they change nothing any more. But a device
 * may also have lied. Then the peer lives, and everybody who can tell it must: what this node says of itself names the
 * incarnation that it believes fenced (`pbfen`), and a node that reads its own there lets go of everything and comes back
 * as a new incarnation, like any node that was dead.
 */
import { hasAlarm, raiseAlarm } from '../alarms.ts';
import { advance } from '../machine.ts';
import { forgetStatements } from '../membership.ts';
import type { NodeState } from '../node-state.ts';
import { type Message, textOf } from '../transport/message.ts';
import { type FenceProof, noProof } from './fencing-state.ts';
import { fenceRequestMachine } from './request-machine.ts';

/** The device has said so, or an operator; the record is on its way to the disk. */
export function takeProof(state: NodeState, proof: FenceProof): void {
  const { peer } = state.options;
  const { by, name, action, verified } = proof;
  if (by === 'operator') return;
  const fields = { peer, device: name, action, verified };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'peer-fenced', fields } });
}

/** From here on starts may rest on it. What the peer said before it went ended with it. */
export function useProof(state: NodeState, proof: FenceProof): void {
  state.fencing.proof = proof;
  state.fencing.unrecorded = undefined;
  forgetStatements(state);
  // S9: what it could not stop has ended as well.
  for (const group of state.groups) group.stuckAtPeer = false;
}

/**
 * What an earlier daemon of this boot knew. It holds only if this node was away for less than its deadtime: a peer that was
 * reset may have come back meanwhile, and an operator may have told it, truly, that nothing runs here. Otherwise the peer
 * is fenced again before anything of it is started.
 */
export function adoptProof(state: NodeState, proof: FenceProof | undefined, withoutGap: boolean): void {
  const { fencing } = state;
  if (proof === undefined) return;
  fencing.recorded = recordOf(proof);
  fencing.peerSeen = true;
  if (!withoutGap) return;
  for (const event of [{ type: 'operatorConfirmed' }, { type: 'recorded' }] as const)
    fencing.phase = advance<undefined, typeof fenceRequestMachine>(fenceRequestMachine, fencing.phase, event).snapshot;
  fencing.proof = proof;
}

/** The incarnation that this node says it has fenced; 0: none. An operator's word is not told: it may be mistaken. */
export function fencedGeneration({ fencing }: NodeState): number {
  const proof = fencing.proof ?? fencing.unrecorded;
  return proof?.by === 'device' ? proof.peerGeneration : 0;
}

/** Packets of a fenced incarnation. A real Heartbeat keeps its own rules: it cannot read what we say of it. */
export function isOfFencedIncarnation(state: NodeState, generation: number, uuid = state.peer.uuid): boolean {
  // Generations count per machine: one that replaces the other may begin lower.
  if (state.peer.uuid !== '' && uuid !== state.peer.uuid) return false;
  return generation <= fencedGeneration(state) && state.peer.product !== 'heartbeat';
}

export function heardFencedPeer(state: NodeState): void {
  if (hasAlarm(state, 'fenced-peer-heard')) return;
  const { proof, unrecorded } = state.fencing;
  const problem = {
    code: 'fenced-peer-heard',
    fields: { peer: state.options.peer, device: (proof ?? unrecorded)?.name ?? '' },
  };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'warning', message: problem });
}

/** The peer says that it has fenced an incarnation: is it this one, which lives and reads it? */
export function saysThatWeAreFenced(state: NodeState, message: Message): boolean {
  const said = textOf(message, 'pbfen');
  return said !== undefined && /^[0-9a-f]{1,12}$/.test(said) && Number.parseInt(said, 16) === state.generation;
}

/** The last part of a step: on disk is what a restarted daemon of this boot may go on believing. */
export function recordProof(state: NodeState): void {
  const { fencing } = state;
  const content = recordOf(fencing.proof ?? fencing.unrecorded);
  if (content === fencing.recorded) return;
  fencing.recorded = content;
  fencing.recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId: fencing.recordId, name: 'fenced-peer.json', content });
}

const recordOf = (proof: FenceProof | undefined): string =>
  proof === undefined ? noProof : JSON.stringify({ fenced: proof });
