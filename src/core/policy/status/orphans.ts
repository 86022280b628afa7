/** Resources that were removed from the configuration and left a history: stopped, or left alone if the options say so. */
import type { ResourceHistory } from '../../cib/model.ts';
import { addOrphan } from '../unpack/instances.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { banEverywhere } from './bans.ts';

export function orphanFor(cluster: Cluster, history: ResourceHistory): Resource {
  const { id, class: standard = '', provider = '', type = '', attributes } = history;
  const orphan = addOrphan(cluster, { id, class: standard, provider, type });
  if (attributes['container'] !== undefined) orphan.container = attributes['container'];
  if (cluster.options.stopOrphanResources) banEverywhere(cluster, orphan, { kind: 'orphan' });
  else orphan.managed = false;
  return orphan;
}
