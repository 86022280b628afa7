/** Colocation constraints: scores of both signs, roles, sets, influence, node attributes. */
import { type Element, el } from '../xml-tree.ts';
import type { World } from './world.ts';

export function makeColocations(world: World): void {
  const { draw } = world;
  if (world.on.has('colocation')) {
    for (let made = draw.between(1, 4); made > 0; made--) makePair(world);
  }
  if (world.may('colocation sets')) world.constraints.push(...makeSets(world));
}

function makePair(world: World): void {
  const { draw } = world;
  const [rsc, withRsc] = world.pickPair();
  if (rsc === undefined || withRsc === undefined || sameTop(world, rsc, withRsc)) return;
  world.used.add('colocation');
  const negative = world.may('anti-colocation', 0.5);
  const score = negative
    ? draw.pick(['-INFINITY', '-100', '-5', '-INFINITY'])
    : draw.pick(['INFINITY', 'INFINITY', '100', '20', '1', '0']);
  const attributes: Record<string, string> = { id: world.newId('col'), rsc, 'with-rsc': withRsc, score };
  if (world.on.has('colocation roles')) {
    for (const [key, id] of [
      ['rsc-role', rsc],
      ['with-rsc-role', withRsc],
    ] as const) {
      if (isPromotable(world, id) && world.may('colocation roles', 0.8)) {
        attributes[key] = draw.pick(['Promoted', 'Promoted', 'Unpromoted', 'Master', 'Started']);
      }
    }
  }
  if (world.may('colocation influence', 0.6)) attributes['influence'] = draw.pick(['false', 'false', 'true']);
  if (world.may('colocation node-attribute', 0.5))
    attributes['node-attribute'] = draw.pick(['site', 'rack', '#uname', 'absent']);
  world.constraints.push(el('rsc_colocation', attributes));
}

export function isPromotable(world: World, id: string): boolean {
  return world.tops.find((top) => top.id === id)?.clone?.promotable === true;
}

export function sameTop(world: World, one: string, other: string): boolean {
  const topOf = (id: string): string =>
    world.tops.find((top) => top.id === id || top.members.some((member) => member.id === id))?.id ?? id;
  return topOf(one) === topOf(other);
}

function makeSets(world: World): Element[] {
  const { draw } = world;
  const ids = draw.sample(
    [...new Set(world.tops.filter(({ members }) => members[0]?.agent.class !== 'stonith').map(({ id }) => id))],
    5,
  );
  if (ids.length < 2) return [];
  const split = ids.length > 2 && draw.chance(0.6) ? draw.between(1, ids.length - 1) : ids.length;
  const sets = [ids.slice(0, split), ids.slice(split)].filter((set) => set.length > 0);
  const elements = sets.map((set) =>
    el(
      'resource_set',
      {
        id: world.newId('set'),
        sequential: draw.pick(['true', 'false', undefined]),
        role: set.every((id) => isPromotable(world, id)) ? draw.pick(['Promoted', undefined]) : undefined,
        score: draw.chance(0.1) ? draw.pick(['10', '-10', 'INFINITY']) : undefined,
      },
      set.map((id) => el('resource_ref', { id })),
    ),
  );
  return [
    el('rsc_colocation', { id: world.newId('col'), score: draw.pick(['INFINITY', '200', '-INFINITY', '5']) }, elements),
  ];
}
