/** The part of the status about fencing: the devices as they last answered, and what is under way or proven. */
import { healthOf } from '../core/fencing/devices.ts';
import { fencePhaseOf } from '../core/fencing/fencing-state.ts';
import type { NodeState } from '../core/node-state.ts';
import { usPerMs } from '../core/types.ts';
import { describeLine } from '../protocol/catalogue.ts';
import type { FencingReport } from '../protocol/status.ts';

export function fencingReport(node: NodeState, nowUs: number): { readonly fencing?: FencingReport } {
  const settings = node.options.fencing;
  if (settings === undefined) return {};
  const now = nowInWords(node);
  return {
    fencing: {
      devices: settings.devices.map(({ name, type }) => {
        const { state, saidUs, detail } = healthOf(node, name);
        const said = saidUs === 0 ? {} : { ageMs: Math.round((nowUs - saidUs) / usPerMs) };
        return { name, type, state, ...said, ...(detail === '' ? {} : { detail }) };
      }),
      action: settings.action,
      timeoutMs: settings.timeoutMs,
      delayMs: settings.delayMs,
      waitForAll: settings.waitForAll,
      request: fencePhaseOf(node.fencing),
      attempts: node.fencing.attempts,
      ...(node.fencing.lastFailure === undefined ? {} : { lastFailure: node.fencing.lastFailure }),
      ...(now === undefined ? {} : { now }),
    },
  };
}

function nowInWords({ fencing, options }: NodeState): string | undefined {
  const { proof } = fencing;
  const { peer } = options;
  if (proof?.by === 'operator')
    return describeLine({ code: 'fencing-now-operator', fields: { peer, who: proof.name } });
  if (proof !== undefined)
    return describeLine({ code: 'fencing-now-off', fields: { peer, device: proof.name, verified: proof.verified } });
  const phase = fencePhaseOf(fencing);
  if (phase === 'idle' || phase === 'confirmed') return undefined;
  const { attempts, lastFailure } = fencing;
  const failed = lastFailure === undefined ? {} : { lastFailure };
  return describeLine({ code: `fencing-now-${phase}`, fields: { peer, attempts, ...failed } });
}
