/**
 * The one configuration of a daemon, which everybody in it reads where he needs it and nobody keeps a part of. A reload
 * exchanges what is in it, between two steps of the core.
 */
import type { Configuration } from '../../core/config/configuration.ts';

export interface LiveConfiguration {
  /** Always the same object. */
  readonly configuration: Configuration;
  exchange(next: Configuration): void;
}

export function createLiveConfiguration(initial: Configuration): LiveConfiguration {
  const configuration: Record<string, unknown> = { ...initial };
  return {
    configuration: configuration as unknown as Configuration,
    exchange(next) {
      for (const name of Object.keys(configuration)) if (!Object.hasOwn(next, name)) delete configuration[name];
      Object.assign(configuration, next);
    },
  };
}
