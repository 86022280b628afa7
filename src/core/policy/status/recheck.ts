import type { Cluster } from '../working-set.ts';

/** At that time (epoch seconds) the same CIB may decide differently; the earliest is kept. */
export function recheckAt(cluster: Cluster, atS: number): void {
  if (atS > cluster.nowS && (cluster.recheckAtS === undefined || atS < cluster.recheckAtS)) cluster.recheckAtS = atS;
}
