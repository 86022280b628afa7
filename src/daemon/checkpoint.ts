/**
 * The state at the beginning of a journal segment, without keys: from here a reader knows what the next event met.
 * Maps become lists of pairs, so that the record is plain JSON.
 */
import type { Engine } from '../core/engine.ts';
import { transportView } from '../core/transport/view.ts';

export function checkpointOf({ node, transport }: Engine): unknown {
  const { options, effects: _effects, timers, probes, alarms, attributes, ...state } = node;
  const { uuid, self, peer } = options;
  const { own, pending, peer: peerAttributes } = attributes;
  return {
    node: {
      self,
      peerName: peer,
      uuid,
      ...state,
      timers: [...timers.armed],
      probes: [...probes],
      alarms: [...alarms],
      attributes: { own: [...own], pending: [...pending], peer: [...peerAttributes] },
    },
    transport: transportView(transport),
  };
}
