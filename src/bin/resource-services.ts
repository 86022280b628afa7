/** What `ResourceManager` and `req_resource` need from the daemon's side; loaded when it is asked for. */
import { failure } from '../core/result.ts';
import type { ResourceServices } from '../tools/resource-manager.ts';

export async function resourceServices(): Promise<ResourceServices> {
  const [{ loadConfiguration }, { createResourceProbe, resourceNamed }] = await Promise.all([
    import('../daemon/load-configuration.ts'),
    import('../daemon/resource-probe.ts'),
  ]);
  return {
    resourceNamed,
    async loadGroups({ haDir }) {
      const { configuration, findings } = await loadConfiguration({ haDir });
      if (configuration !== undefined)
        return { ok: true, value: { self: configuration.localNode, groups: configuration.groups } };
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      return failure('groups-not-known', { directory: haDir, errors });
    },
    status: (directories, resource) => createResourceProbe(directories).status(resource),
    stop: (directories, resource) => createResourceProbe(directories).stop(resource),
  };
}
