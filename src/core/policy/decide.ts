/**
 * The policy: (configuration and status, now) -> what should run where, why, and the steps to get there. Pure and
 * deterministic: the stages below run in this order on one working set, and nothing else is asked.
 */
import type { Cib } from '../cib/model.ts';
import { buildGraph } from './actions/build-graph.ts';
import { scheduleConfigurationChanges } from './actions/changes.ts';
import { createActions } from './actions/create.ts';
import { scheduleFencingAndShutdowns } from './actions/fencing.ts';
import { unpackOrderings } from './actions/orderings.ts';
import { applyOrderings } from './actions/propagate.ts';
import type { Decision } from './decision.ts';
import { assignResources } from './placement/assign.ts';
import { applyNodeCriteria } from './placement/criteria.ts';
import { unpackStatus } from './status/status.ts';
import { type UnpackEnvironment, unpackCluster } from './unpack/cluster.ts';
import { unpackConstraints } from './unpack/constraints.ts';
import type { Cluster } from './working-set.ts';

export function decide(cib: Cib, environment: UnpackEnvironment): Decision {
  return decideOn(readCluster(cib, environment));
}

/** On a working set that `readCluster` has just made; it is used up by this. */
export function decideOn(cluster: Cluster): Decision {
  unpackConstraints(cluster);
  unpackOrderings(cluster);
  applyNodeCriteria(cluster);
  scheduleConfigurationChanges(cluster);
  assignResources(cluster);
  createActions(cluster);
  scheduleFencingAndShutdowns(cluster);
  applyOrderings(cluster);
  return { cluster, graph: buildGraph(cluster) };
}

/** What is, without a decision: who is there and what runs where. */
export function readCluster(cib: Cib, environment: UnpackEnvironment): Cluster {
  const cluster = unpackCluster(cib, environment);
  unpackStatus(cluster);
  return cluster;
}
