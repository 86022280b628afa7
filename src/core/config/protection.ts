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
  if (configuration.resourceManager === 'crm') {
    return {
      state: 'CANNOT FAIL OVER',
      reason: 'crm mode: no resources are configured or managed by this version, so there is nothing to fail over',
      advice: 'remove the crm line from ha.cf on both nodes to run the groups of haresources',
    };
  }
  if (configuration.nodes.length < 2) {
    return {
      state: 'CANNOT FAIL OVER',
      reason: 'only one node is named',
      advice: 'name the second machine on the node line of ha.cf on both nodes',
    };
  }
  // Several links over one device share its cable.
  const devices = [...new Set(configuration.links.map(({ device }) => device))];
  return {
    state: 'UNPROTECTED',
    reason:
      'no fence device: after deadtime of silence the groups of the other node are started without proof that it stopped',
    advice:
      devices.length > 1
        ? `links over ${devices.length} devices make a split unlikely; keep them on separate cables and switches`
        : `with ${devices.join()} alone, one cable splits the pair; add a link over another network`,
  };
}
