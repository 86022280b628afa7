/**
 * The state at the beginning of a journal segment, without keys: from here a reader knows what the next event met.
 * Maps become lists of pairs and sets become lists, so that the record is plain JSON.
 */
import type { Engine } from '../core/engine.ts';
import { transportView } from '../core/transport/view.ts';

export function checkpointOf({ node, transport }: Engine): unknown {
  const { options, effects: _effects, timers, ...state } = node;
  const { uuid, self, peer: peerName } = options;
  return plain({
    node: { self, peerName, uuid, ...state, timers: timers.armed },
    transport: transportView(transport),
  });
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(plain);
  if (value instanceof Set || Array.isArray(value)) return [...value].map(plain);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
