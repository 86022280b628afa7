/** What `status` shows of the transport: pure, and cheap enough to be asked for at any time. */
import type { LinkId, Microseconds, NodeName } from '../types.ts';
import type { CounterName } from './accounts.ts';
import { type PeerKeysView, peerKeysView } from './peer-keys.ts';
import type { TransportState } from './state.ts';

export interface TransportView {
  readonly generation: number;
  readonly sequence: number;
  readonly paused: boolean;
  readonly linkViewVersion: number;
  readonly peer: PeerView | undefined;
  readonly links: readonly LinkView[];
  readonly counters: Readonly<Partial<Record<CounterName, number>>>;
}

export interface PeerView {
  readonly node: NodeName;
  /** Empty until known. */
  readonly uuid: string;
  readonly generation: number;
  readonly heard: 'never' | 'up' | 'silent';
  /** The last `st` of the peer. */
  readonly status: string;
  readonly product: 'pairbeat' | 'heartbeat' | 'unknown';
  readonly deadtimeMs: number;
  readonly lastStatusUs: Microseconds | undefined;
  /** Last status of a peer that does not answer to our present incarnation: it lives but does not hear us. */
  readonly lastDeafStatusUs: Microseconds | undefined;
  readonly missingMessages: number;
  /** Absent until a status of the peer was believed. */
  readonly keys?: PeerKeysView;
}

export interface LinkView {
  readonly link: LinkId;
  readonly up: boolean;
  readonly lastHeardUs: Microseconds | undefined;
}

export function transportView(state: TransportState): TransportView {
  const { generation, sequence, paused, linkViewVersion, peer, options, accounts } = state;
  const links = options.links.map((link): LinkView => {
    const known = peer?.links.get(link);
    return { link, up: known?.up ?? false, lastHeardUs: known?.lastHeardUs || undefined };
  });
  return {
    generation,
    sequence,
    paused,
    linkViewVersion,
    peer: viewPeer(state),
    links,
    counters: { ...accounts.counters },
  };
}

function viewPeer(state: TransportState): PeerView | undefined {
  const { peer, accounts } = state;
  if (peer === undefined) return undefined;
  const product = peer.accepted ? (peer.pairbeat ? 'pairbeat' : 'heartbeat') : 'unknown';
  const keys = peerKeysView(state);
  return {
    node: peer.name,
    uuid: peer.uuid ?? '',
    generation: peer.generation,
    heard: peer.heard,
    status: peer.status,
    product,
    deadtimeMs: peer.deadtimeMs,
    lastStatusUs: peer.accepted ? peer.lastStatusUs : undefined,
    lastDeafStatusUs: accounts.deafPeer.atUs,
    missingMessages: peer.window.missing.size,
    ...(keys === undefined ? {} : { keys }),
  };
}
