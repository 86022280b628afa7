/**
 * Unfencing: some fence devices cut a node off from its disks rather than from power, and must let it back in before anything
 * runs there. One resource or device that says so, whatever its rules, makes it the rule for the whole cluster.
 */
import type { Cib, NvSet, ResourceDefinition } from '../../cib/model.ts';

export function usesUnfencing({ configuration }: Cib): boolean {
  return (
    configuration.resources.some(resourceSaysSo) || configuration.templates.some(({ meta }) => meta.some(setSaysSo))
  );
}

function resourceSaysSo(resource: ResourceDefinition): boolean {
  switch (resource.kind) {
    case 'bundle':
      return false;
    case 'primitive':
      return resource.meta.some(setSaysSo);
    case 'group':
      return resource.meta.some(setSaysSo) || resource.members.some(resourceSaysSo);
    case 'clone':
      return resource.meta.some(setSaysSo) || resourceSaysSo(resource.child);
  }
}

function setSaysSo({ pairs }: NvSet): boolean {
  return pairs.some(({ name, value }) => (name === 'requires' || name === 'provides') && value === 'unfencing');
}
