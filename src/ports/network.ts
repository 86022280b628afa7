import type { LinkConfiguration } from '../core/config/configuration.ts';
import type { Problem, Result } from '../core/result.ts';
import type { LinkId } from '../core/types.ts';

/** Every configured keepalive path of this node. */
export interface Network {
  /** Opens all links. A link that cannot be opened is a problem of that link, reported and retried; not fatal unless none opens. */
  open(handlers: NetworkHandlers): Promise<Result<readonly LinkWarning[]>>;
  /** Fire and forget: a full socket buffer or a missing route is counted and reported through `linkProblem`. */
  transmit(link: LinkId, bytes: Uint8Array): void;
  /**
   * Calls back once the sockets were read until a turn of the event loop brought less than a full batch (bounded):
   * every datagram that had arrived when this was called has been handed to `datagram` before the callback.
   */
  drain(done: () => void): void;
  /**
   * Other links from now on: what both lists have goes on without a gap. Of a link that is in both with another port or
   * address the new one counts. Only after `open`; serial lines stay as they are.
   */
  change(links: readonly LinkConfiguration[]): readonly LinkWarning[];
  /** Datagrams that the kernel threw away on these links: of no form known here, or more than the buffer holds. */
  dropped?(): number;
  close(): void;
}

export interface NetworkHandlers {
  datagram(link: LinkId, bytes: Uint8Array, source: string): void;
  linkProblem(link: LinkId, problem: Problem): void;
  linkRecovered(link: LinkId): void;
}

export interface LinkWarning {
  readonly link: LinkId;
  readonly problem: Problem;
}
