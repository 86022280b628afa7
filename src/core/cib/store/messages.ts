/**
 * What two stores say to each other. Every message carries all that it needs to be understood alone: nothing depends on the
 * order in which they come, and each may be lost or come twice. wire.ts gives them the form of a Heartbeat message.
 */
import type { Digest, Standing } from './entry.ts';
import type { Version } from './version.ts';

/** One version that a node knows, with what spoke for the node when it made it alone. */
export interface ChainLink {
  readonly digest: Digest;
  readonly alone?: Standing;
}

/** Where a node stands. */
export interface Head {
  /** `undefined`: it has no configuration that verifies. */
  readonly current: { readonly version: Version; readonly digest: Digest } | undefined;
  /** The current version and all that it knows to lie before it, newest first. */
  readonly chain: readonly ChainLink[];
  /** What spoke for it since it last agreed with its peer. */
  readonly apart: Standing;
}

/** Why a file is sent: as the new version; as the request for one; as a copy that was asked for. */
export type Purpose = 'version' | 'proposal' | 'copy';

export type StoreMessage =
  | { readonly kind: 'head'; readonly head: Head; readonly wantsAnswer: boolean }
  /** A file of that digest and size can be had. The first part comes with it: most configurations are no larger. */
  | {
      readonly kind: 'offer';
      readonly purpose: Purpose;
      readonly file: Digest;
      readonly bytes: number;
      /** Of the version in it. */
      readonly digest: Digest;
      /** The receiver's version that it follows, as far as the sender knows. */
      readonly base: Digest;
      readonly sum: string;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'part';
      readonly file: Digest;
      readonly number: number;
      readonly sum: string;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'ask'; readonly file: Digest; readonly from: number; readonly to: number }
  /** Offer me the file of this version. */
  | { readonly kind: 'want'; readonly digest: Digest }
  /** This version is durable here. */
  | { readonly kind: 'accepted'; readonly digest: Digest }
  /** This version is not taken. */
  | { readonly kind: 'refused'; readonly digest: Digest; readonly code: string; readonly reason: string }
  /** What became of a proposal. */
  | { readonly kind: 'outcome'; readonly request: Digest; readonly outcome: Outcome };

export type Outcome =
  | { readonly ok: true; readonly version: Version; readonly digest: Digest }
  | { readonly ok: false; readonly code: string; readonly fields: Readonly<Record<string, string>> };
