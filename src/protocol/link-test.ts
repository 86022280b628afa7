/** What `pairbeat link-test` is told about each link, by the daemon or by a test without one. */
export interface LinkTestReport {
  readonly node: string;
  readonly peer: string;
  /** `unknown`: nothing was heard of it. */
  readonly product: 'pairbeat' | 'heartbeat' | 'unknown';
  readonly durationMs: number;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  /** Without a daemon: the test used a UDP port of its own, on both nodes. */
  readonly sidePort?: number;
  readonly links: readonly LinkTestLink[];
}

export interface LinkTestLink {
  readonly link: string;
  readonly device: string;
  /** Probes that left; 0 when the peer does not answer probes (a Heartbeat node, or one that is not heard). */
  readonly sent: number;
  /** Probes that arrived at the peer, as it said; absent when it could not say so on any link. */
  readonly reached?: number;
  readonly answered: number;
  /** Answered, but later than the next keepalive. */
  readonly late: number;
  readonly roundTripMs?: { readonly least: number; readonly median: number; readonly most: number };
  /** Messages of the peer that came on this link, of those that it sent meanwhile. */
  readonly heard: number;
  readonly expected: number;
}
