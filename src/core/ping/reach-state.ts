/** What the node machine keeps about ping nodes and the helpers that use them. */
import type { PingdConfiguration } from '../config/configuration.ts';
import type { Microseconds } from '../types.ts';
import { createPingNodes, type PingNode, type PingNodeOptions } from './ping-nodes.ts';

/** What ha.cf says about ping nodes and the helpers that use them. */
export interface ReachOptions {
  readonly pingNodes: readonly PingNodeOptions[];
  readonly ipfail: boolean;
  readonly pingd: readonly PingdConfiguration[];
}

export const noReach: ReachOptions = { pingNodes: [], ipfail: false, pingd: [] };

export interface ReachState {
  readonly nodes: PingNode[];
  /** The peer reaches more ping nodes than this node, since. */
  lessSinceUs: Microseconds | undefined;
  /** The peer reaches no fewer than this node, since. */
  peerEvenSinceUs: Microseconds | undefined;
  /** When ipfail may ask for a handover again. */
  askAgainUs: Microseconds;
  /** Groups came here because the peer reached fewer: they go home once it does not. */
  fetched: boolean;
  /** The own count when the present split was found, and the report version that first said so. */
  disputed: number | undefined;
  disputedAtVersion: number;
  /** What a real ipfail on the other node said last. */
  classicCount: number | undefined;
  /** The own count as last told to a real ipfail. */
  classicTold: number | undefined;
}

export function createReach(options: ReachOptions): ReachState {
  return {
    nodes: createPingNodes(options.pingNodes),
    lessSinceUs: undefined,
    peerEvenSinceUs: undefined,
    askAgainUs: 0,
    fetched: false,
    disputed: undefined,
    disputedAtVersion: 0,
    classicCount: undefined,
    classicTold: undefined,
  };
}
