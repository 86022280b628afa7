/**
 * Which step of an exchange of keys is next, from what both daemons say of themselves. Three steps, each on both nodes
 * before the next may follow: both accept the new key, both sign with it, neither accepts the old one any more. At every
 * moment each node accepts what the other one signs with, so the exchange may stop anywhere and go on from there.
 */
import { failure, type Result, success } from '../../core/result.ts';
import type { KeysOfNode, NodeReport, StatusReport } from '../../protocol/status.ts';

export type RotationStep = 'add' | 'sign' | 'remove';

/** What is not this node's to do: the other one has to take up, sign with, or drop a key. */
export type Awaited = 'peer-accepts' | 'peer-signs' | 'peer-removes';

export interface Exchange {
  readonly next: number;
  readonly old: number;
}

export type Plan =
  /** No exchange has begun. `next` is a free number. */
  | { readonly kind: 'step'; readonly step: 'add'; readonly exchange: Exchange }
  | { readonly kind: 'step'; readonly step: 'sign' | 'remove'; readonly exchange: Exchange }
  | { readonly kind: 'wait'; readonly awaited: Awaited; readonly exchange: Exchange }
  | { readonly kind: 'done'; readonly exchange: Exchange };

export interface RotationFacts {
  readonly self: NodeReport & { readonly keys: KeysOfNode };
  readonly peer: NodeReport & { readonly keys: KeysOfNode };
  /** What the file says of an exchange that has begun, or the operator. */
  readonly exchange: Partial<Exchange>;
}

/** Problem codes: rotation-peer-not-heard, rotation-daemon-too-old. */
export function factsFrom({ nodes }: StatusReport, exchange: Partial<Exchange>): Result<RotationFacts> {
  const [self, peer] = [nodes.find((node) => node.self), nodes.find((node) => !node.self)];
  if (self?.keys === undefined) return failure('rotation-daemon-too-old');
  if (peer?.keys === undefined || peer.status === 'dead') {
    return failure('rotation-peer-not-heard', { peer: peer?.name ?? '' });
  }
  return success({ self: { ...self, keys: self.keys }, peer: { ...peer, keys: peer.keys }, exchange });
}

/**
 * Problem codes: rotation-files-differ, rotation-unclear, rotation-key-missing, rotation-key-differs.
 */
export function planRotation(facts: RotationFacts): Result<Plan> {
  const { self, peer, exchange } = facts;
  if (exchange.next === undefined) return planBeginning(facts);
  const { next } = exchange;
  const old = exchange.old ?? oldOf(facts, next);
  if (old === undefined) return failure('rotation-unclear', { keys: numbersOf(self.keys).join(' ') });
  const begun = { next, old };
  if (!numbersOf(self.keys).includes(next)) return failure('rotation-key-missing', { index: next });
  return self.keys.signsWith === next ? planEnd(facts, begun) : planSigning(facts, begun, peer);
}

function planBeginning({ self, peer }: RotationFacts): Result<Plan> {
  const ours = numbersOf(self.keys);
  if (ours.length > 1) return failure('rotation-unclear', { keys: ours.join(' ') });
  const old = self.keys.signsWith;
  const theirs = peer.keys.accepts;
  const isSame = theirs === undefined || (theirs.length === 1 && theirs[0]!.agreement === 'same');
  if (peer.keys.signsWith !== old || !isSame) return failure('rotation-files-differ', { peer: peer.name });
  const next = Array.from({ length: 15 }, (_, index) => index + 1).find((number) => number !== old)!;
  return success({ kind: 'step', step: 'add', exchange: { next, old } });
}

function planSigning({ self }: RotationFacts, exchange: Exchange, peer: RotationFacts['peer']): Result<Plan> {
  const { next } = exchange;
  const { accepts, signsWith } = peer.keys;
  const sign: Plan = { kind: 'step', step: 'sign', exchange };
  // Whoever signs with a key has it. A real Heartbeat says nothing else.
  if (accepts === undefined) {
    return success(signsWith === next ? sign : { kind: 'wait', awaited: 'peer-signs', exchange });
  }
  const stated = accepts.find(({ index }) => index === next);
  if (stated === undefined) return success({ kind: 'wait', awaited: 'peer-accepts', exchange });
  if (stated.agreement !== 'same') {
    return failure('rotation-key-differs', { index: next, node: self.name, peer: peer.name });
  }
  return success(sign);
}

function planEnd({ self, peer }: RotationFacts, exchange: Exchange): Result<Plan> {
  const { next, old } = exchange;
  if (peer.keys.signsWith !== next) return success({ kind: 'wait', awaited: 'peer-signs', exchange });
  if (numbersOf(self.keys).includes(old)) return success({ kind: 'step', step: 'remove', exchange });
  if (numbersOf(peer.keys).includes(old)) return success({ kind: 'wait', awaited: 'peer-removes', exchange });
  return success({ kind: 'done', exchange });
}

/** The number that is to go, where only the new one was named. */
function oldOf({ self, peer }: RotationFacts, next: number): number | undefined {
  const signing = [self.keys.signsWith, peer.keys.signsWith].find((number) => number !== next);
  if (signing !== undefined) return signing;
  const others = numbersOf(self.keys).filter((number) => number !== next);
  return others.length === 1 ? others[0] : undefined;
}

function numbersOf(keys: KeysOfNode): number[] {
  return keys.accepts?.map(({ index }) => index) ?? [];
}

/** Whether the one step that was asked for is the one that is due. */
export function isDue(plan: Plan, asked: RotationStep | undefined, peer: string): Result<void> {
  if (asked === undefined) return success(undefined);
  if (plan.kind === 'step' && plan.step === asked) return success(undefined);
  const { next, old } = plan.exchange;
  const fields = { step: asked, peer, next, old };
  if (plan.kind === 'wait' && plan.awaited === 'peer-accepts' && asked === 'sign') {
    return failure('rotation-peer-lacks-key', fields);
  }
  if (plan.kind === 'wait' && plan.awaited === 'peer-signs' && asked === 'remove') {
    return failure('rotation-peer-signs-old', fields);
  }
  return failure('rotation-other-step', { step: asked, due: dueWord(plan) });
}

function dueWord(plan: Plan): string {
  return plan.kind === 'step' ? plan.step : plan.kind === 'wait' ? plan.awaited : 'done';
}
