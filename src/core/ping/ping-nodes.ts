/**
 * What this node knows of its ping nodes: addresses outside the cluster that tell whether it still reaches the world.
 * Each is asked once an interval; an answer from any of its addresses keeps it alive; after `deadUs` without one it is
 * dead. Time during which this node itself slept and asked nobody does not count against them.
 *
 * A plain value and functions over it: who asks, and how the answer came, is not known here.
 */
import type { PingTarget } from '../config/configuration.ts';
import { compareText, type Microseconds } from '../types.ts';

/** `init`: neither an answer nor enough silence yet. The words are those of `cl_status nodestatus`. */
export type PingStatus = 'init' | 'ping' | 'dead';

export interface PingNodeOptions {
  readonly name: string;
  readonly kind: 'ping' | 'ping_group';
  readonly targets: readonly PingTarget[];
  readonly intervalUs: Microseconds;
  readonly deadUs: Microseconds;
  /** A node of ha.cf, shown beside the real ones; else a host that only pingd watches. */
  readonly listed: boolean;
}

export interface PingNode {
  readonly options: PingNodeOptions;
  status: PingStatus;
  /** The last answer, or since when it is asked. */
  heardUs: Microseconds;
  /** Whether `heardUs` is that of an answer. */
  answered: boolean;
  /** Undefined until `beginAsking`. */
  nextAskUs: Microseconds | undefined;
}

export interface PingChange {
  readonly node: PingNode;
  readonly former: PingStatus;
}

export interface PingStep {
  /** Each address once, in order. */
  readonly ask: readonly PingTarget[];
  readonly changes: readonly PingChange[];
}

export function createPingNodes(options: readonly PingNodeOptions[]): PingNode[] {
  return options.map((one) => ({ options: one, status: 'init', heardUs: 0, answered: false, nextAskUs: undefined }));
}

/** From now on they are asked. */
export function beginAsking(nodes: readonly PingNode[], nowUs: Microseconds): void {
  for (const node of nodes) {
    node.nextAskUs = nowUs;
    node.heardUs = nowUs;
  }
}

/** When `stepPingNodes` has something to do; undefined when there is nobody to ask. */
export function pingDeadline(nodes: readonly PingNode[]): Microseconds | undefined {
  let first: Microseconds | undefined;
  for (const { nextAskUs, status, heardUs, options } of nodes) {
    if (nextAskUs === undefined) continue;
    const next = status === 'dead' ? nextAskUs : Math.min(nextAskUs, heardUs + options.deadUs);
    if (first === undefined || next < first) first = next;
  }
  return first;
}

/** Whom to ask now, and who has been silent for too long. */
export function stepPingNodes(nodes: readonly PingNode[], nowUs: Microseconds): PingStep {
  const ask = new Map<string, PingTarget>();
  const changes: PingChange[] = [];
  for (const node of nodes) {
    if (node.nextAskUs === undefined) continue;
    const lateUs = nowUs - node.nextAskUs;
    const { intervalUs, deadUs, targets } = node.options;
    // Nobody was asked meanwhile, and what was answered may still wait in the socket.
    if (lateUs > intervalUs) node.heardUs = Math.min(nowUs, node.heardUs + lateUs);
    if (lateUs >= 0) {
      for (const target of targets) ask.set(target.address, target);
      node.nextAskUs = lateUs > intervalUs ? nowUs + intervalUs : node.nextAskUs + intervalUs;
    }
    if (node.status !== 'dead' && nowUs - node.heardUs >= deadUs) changes.push(become(node, 'dead'));
  }
  return { ask: [...ask.values()].sort((left, right) => compareText(left.address, right.address)), changes };
}

/** An answer that this node's own question brought. */
export function pingAnswered(nodes: readonly PingNode[], address: string, nowUs: Microseconds): PingChange[] {
  const changes: PingChange[] = [];
  for (const node of nodes) {
    if (!node.options.targets.some((target) => target.address === address)) continue;
    node.heardUs = nowUs;
    node.answered = true;
    if (node.status !== 'ping') changes.push(become(node, 'ping'));
  }
  return changes;
}

/** How many ping nodes of ha.cf answer: what the two nodes compare. */
export function livePingNodes(nodes: readonly PingNode[]): number {
  let live = 0;
  for (const { options, status } of nodes) if (options.listed && status === 'ping') live++;
  return live;
}

function become(node: PingNode, status: PingStatus): PingChange {
  const former = node.status;
  node.status = status;
  return { node, former };
}
