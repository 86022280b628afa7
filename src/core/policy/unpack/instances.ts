/** For the stages after this one: a further instance of a clone, and a resource that only the history knows. */
import type { Cluster, Resource } from '../working-set.ts';
import { newResource, registerResource } from './new-resource.ts';

export { addInstance } from './build-resource.ts';

/**
 * A resource without a definition: removed from the configuration while it ran. Defaults of resources hold for it too; what is
 * done with it is for the stages to come.
 */
export function addOrphan(
  cluster: Cluster,
  { id, class: standard, provider, type }: { id: string; class: string; provider: string; type: string },
): Resource {
  const resource = newResource(cluster, {
    definition: undefined,
    kind: 'primitive',
    configuredId: id,
    parent: undefined,
    class: standard,
    provider,
    type,
    index: cluster.resourceById.size,
  });
  resource.orphan = true;
  cluster.resources.push(resource);
  registerResource(cluster, resource);
  return resource;
}
