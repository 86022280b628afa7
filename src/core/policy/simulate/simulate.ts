/**
 * `pairbeat simulate`: what the cluster would do about a configuration and status, and how it would look afterwards. The
 * same policy decides here that decides in the daemon; only the operations are played.
 */
import type { Cib } from '../../cib/model.ts';
import { decideOn, readCluster } from '../decide.ts';
import type { Decision } from '../decision.ts';
import type { UnpackEnvironment } from '../unpack/cluster.ts';
import type { Cluster } from '../working-set.ts';
import type { Answer } from './answer.ts';
import { type Played, type PlayOptions, play } from './play.ts';
import { summaryOf } from './summary.ts';
import { nodeWords, resourceTable } from './tables.ts';

export interface Simulation {
  readonly decision: Decision;
  readonly answer: Answer;
  readonly played: Played;
  /** The cluster as it would be read after the transition. */
  readonly after: Cluster;
}

export function simulate(cib: Cib, environment: UnpackEnvironment, options: PlayOptions = {}): Simulation {
  const cluster = readCluster(cib, environment);
  // Before anything is decided: deciding changes the working set.
  const nodesBefore = nodeWords(cluster);
  const current = resourceTable(cluster, { pending: true });
  const decision = decideOn(cluster);
  const played = play(cib, decision, environment.nowS, options);
  const after = readCluster(played.cib, environment);
  const answer = {
    nodesBefore,
    nodes: nodeWords(after),
    actions: summaryOf(decision.cluster),
    current,
    revised: resourceTable(after, { pending: false }),
    transition: played.entries,
  };
  return { decision, answer, played, after };
}
