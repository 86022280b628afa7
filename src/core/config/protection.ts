/**
 * The word that `check` and `status` begin with: whether this configuration proves the peer's end before it starts
 * what the peer ran. This version knows no fence device and no arbiter, so a pair is never PROTECTED.
 */
import type { Configuration } from './configuration.ts';

export interface ConfiguredProtection {
  readonly state: 'PROTECTED' | 'UNPROTECTED' | 'CANNOT FAIL OVER';
  readonly reason: string;
  readonly advice: string;
}

export function configuredProtection(configuration: Configuration): ConfiguredProtection {
  if (configuration.nodes.length < 2) {
    return {
      state: 'CANNOT FAIL OVER',
      reason: 'only one node is named',
      advice: 'name the second machine on the node line of ha.cf on both nodes',
    };
  }
  const links = configuration.links.length;
  return {
    state: 'UNPROTECTED',
    reason:
      'no fence device: after deadtime of silence the groups of the other node are started without proof that it stopped',
    advice:
      links > 1
        ? `the ${links} links make a split unlikely; keep them on separate cables and switches`
        : 'add a second link over another network, so that one cable cannot split the pair',
  };
}
