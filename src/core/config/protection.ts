/**
 * The word that `check` and `status` begin with: whether this configuration proves the peer's end before it starts
 * what the peer ran. Only a fence device does that in this version.
 */
import type { Configuration } from './configuration.ts';
import type { FencingConfiguration } from './fencing/fence-device.ts';

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
  if (configuration.fencing !== undefined) return withFencing(configuration, configuration.fencing);
  // Several links over one device share its cable.
  const devices = [...new Set(configuration.links.map(({ device }) => device))];
  return {
    state: 'UNPROTECTED',
    reason:
      'no fence device: after deadtime of silence the groups of the other node are started without proof that it stopped',
    advice:
      devices.length > 1
        ? `a fence device (a stonith_host line in ha.cf, docs/fencing.md); links over ${devices.length} devices make a split unlikely, keep them on separate cables and switches`
        : `a fence device (a stonith_host line in ha.cf, docs/fencing.md); with ${devices.join()} alone, one cable splits the pair: add a link over another network`,
  };
}

function withFencing({ localNode, nodes }: Configuration, { devices }: FencingConfiguration): ConfiguredProtection {
  const peer = nodes.find((node) => node !== localNode) ?? '';
  if (devices.length === 0) {
    return {
      state: 'CANNOT FAIL OVER',
      reason: `ha.cf names fence devices, and none with which ${localNode} can switch ${peer} off: when ${peer} falls silent, its groups wait for an operator (\`pairbeat confirm-off ${peer}\`)`,
      advice: `a stonith_host line for ${localNode} in ha.cf, with the device of ${peer} (docs/fencing.md)`,
    };
  }
  const names = devices.map(({ name }) => name).join(', then ');
  return {
    state: 'PROTECTED',
    reason: `fenced by ${names}: the groups of ${peer} are started only when it is confirmed that ${peer} is off`,
    advice:
      devices.length > 1
        ? 'nothing'
        : `a second device in case this one does not answer (it shares power and network with ${peer}?)`,
  };
}
