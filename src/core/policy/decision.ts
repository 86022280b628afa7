/** What a decision says to the outside. `cluster` is the working set behind it, for `explain` and `simulate`. */
import type { TransitionGraph } from './graph.ts';
import type { Cluster } from './working-set.ts';

export interface Decision {
  readonly cluster: Cluster;
  readonly graph: TransitionGraph;
}
