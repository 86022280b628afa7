/**
 * A reload may bring groups and resources that are the very objects which the node already has, and some rules look at
 * that. In the record they are named by their place among those objects, so that a replay meets the same identities.
 */
import type { NodeEvent } from '../events.ts';
import type { NodeState } from '../node-state.ts';

type Reconfigure = Extract<NodeEvent, { type: 'reconfigure' }>;

/** `{"$known": n}` stands for the n-th of the objects that the node has. */
const known = '$known';

export function packReconfigure(state: NodeState, event: Reconfigure): unknown {
  const places = new Map(knownObjects(state).map((object, place) => [object, place]));
  const pack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const place = places.get(value);
    if (place !== undefined) return { [known]: place };
    if (Array.isArray(value)) return value.map(pack);
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, pack(held)]));
  };
  const { groups, ...settings } = event.settings;
  return { ...event, settings: { ...settings, groups: groups.map(pack) } };
}

/** `state` as it was before the step, in which this event was recorded. */
export function unpackReconfigure(state: NodeState, event: Reconfigure): Reconfigure {
  const objects = knownObjects(state);
  const unpack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(unpack);
    if (known in value) return objects[value[known] as number];
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, unpack(held)]));
  };
  const groups = event.settings.groups.map(unpack) as Reconfigure['settings']['groups'];
  return { ...event, settings: { ...event.settings, groups } };
}

function knownObjects({ options, groups }: NodeState): object[] {
  const all = new Set<object>();
  const configurations = [...options.groups, ...groups.flatMap(({ configuration, wanted }) => [configuration, wanted])];
  for (const configuration of configurations) {
    if (configuration === undefined) continue;
    all.add(configuration);
    all.add(configuration.resources);
    for (const resource of configuration.resources) all.add(resource);
  }
  return [...all];
}
