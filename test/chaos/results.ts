/** What a round is told as: types only. Times are microseconds of the boot-time clock where the name ends in Us. */
import type { BoardRequest } from './board.ts';
import type { ProtectionKind } from './configuration.ts';
import type { PlayedFault } from './episode.ts';
import type { OverlapSpell } from './holdings.ts';
import type { ChangedCore, ReplayedJournal } from './journals.ts';
import type { Growth } from './leaks.ts';
import type { LockLog } from './lock-log.ts';
import type { Recovery } from './recovery.ts';
import type { RelayCount } from './relay.ts';
import type { LockConflict } from './watcher.ts';

export interface PlayedEpisode {
  readonly index: number;
  readonly fromUs: number;
  readonly healedUs: number;
  readonly toUs: number;
  readonly faults: readonly PlayedFault[];
  readonly recovery: Recovery;
  /** Address to the longest time in which nobody answered for it, from the first fault to recovery. */
  readonly outageMs: Readonly<Record<string, number>>;
}

/** Two nodes answered the same question for an address. */
export interface DoubleAnswer {
  readonly address: string;
  readonly fromUs: number;
  readonly toUs: number;
}

/** What was seen in a round, before anybody judges it. */
export interface RoundObservations {
  readonly protection: ProtectionKind;
  readonly seed: number;
  readonly seconds: number;
  readonly kinds: readonly string[];
  readonly skipped: Readonly<Record<string, string>>;
  readonly episodes: readonly PlayedEpisode[];
  readonly boundMs: number;
  readonly protectedMs: number;
  /** What the nodes said of their protection, and how often they were heard saying it. */
  readonly protectionWords: Readonly<Record<string, number>>;
  readonly overlaps: readonly OverlapSpell[];
  readonly doubleAnswers: readonly DoubleAnswer[];
  readonly lockConflicts: readonly LockConflict[];
  /** Service to what its writers wrote down. */
  readonly lockLogs: Readonly<Record<string, LockLog>>;
  readonly relay: RelayCount;
  /** Requests to the fence device. */
  readonly fencing: readonly BoardRequest[];
  readonly journals: readonly ReplayedJournal[];
  readonly changedCores: readonly ChangedCore[];
  readonly boots: number;
  readonly daemonStarts: number;
  readonly daemon: Growth;
  readonly agentHost: Growth;
  readonly leftovers: readonly string[];
  /** Exit codes of the daemons, stopped in the end. */
  readonly ends: readonly string[];
  readonly watcher: { readonly polls: number; readonly longestStallMs: number };
  readonly load: number;
  /** What the lab itself could not do. */
  readonly labTroubles: readonly string[];
}

export interface RoundResult extends RoundObservations {
  /** Each a sentence; a round without any has passed. */
  readonly violations: readonly string[];
}
