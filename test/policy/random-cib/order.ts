/** Order constraints: kinds, actions, sets, asymmetrical ones, require-all=false; and tickets. */
import { type Element, el } from '../xml-tree.ts';
import { isPromotable, sameTop } from './colocation.ts';
import { nowS, type World } from './world.ts';

export function makeOrders(world: World): void {
  const { draw } = world;
  if (world.on.has('order')) {
    for (let made = draw.between(1, 4); made > 0; made--) makePair(world);
  }
  if (world.may('order sets')) world.constraints.push(...makeSets(world));
}

function makePair(world: World): void {
  const { draw } = world;
  const all = [...new Set(world.constrainable())];
  const pair = world.pickPair();
  // By place in the document, so that cycles are rare unless they are wanted.
  if (!world.may('order cycles', 0.5)) pair.sort((one, other) => all.indexOf(one) - all.indexOf(other));
  const [first, then] = pair;
  if (first === undefined || then === undefined || sameTop(world, first, then)) return;
  world.used.add('order');
  const attributes: Record<string, string> = { id: world.newId('ord'), first, then };
  if (world.may('order kinds', 0.6)) attributes['kind'] = draw.pick(['Optional', 'Mandatory', 'Serialize', 'Optional']);
  else if (draw.chance(0.15)) attributes['score'] = draw.pick(['INFINITY', '0', '10']);
  if (world.may('order asymmetrical', 0.5)) attributes['symmetrical'] = 'false';
  if (world.may('order actions', 0.6)) setActions(world, attributes, first, then);
  if (world.may('order require-all=false', 0.3)) attributes['require-all'] = 'false';
  world.constraints.push(el('rsc_order', attributes));
}

function setActions(world: World, attributes: Record<string, string>, first: string, then: string): void {
  const { draw } = world;
  if (isPromotable(world, first))
    attributes['first-action'] = draw.pick(['promote', 'promote', 'start', 'demote', 'stop']);
  else if (draw.chance(0.5)) attributes['first-action'] = draw.pick(['start', 'stop']);
  if (isPromotable(world, then)) attributes['then-action'] = draw.pick(['promote', 'start', 'demote']);
  else if (draw.chance(0.6)) attributes['then-action'] = draw.pick(['start', 'start', 'stop']);
}

function makeSets(world: World): Element[] {
  const { draw } = world;
  const all = world.tops.filter(({ members }) => members[0]?.agent.class !== 'stonith').map(({ id }) => id);
  const ids = draw.sample(all, 5).sort((one, other) => all.indexOf(one) - all.indexOf(other));
  if (ids.length < 2) return [];
  const split = ids.length > 2 && draw.chance(0.7) ? draw.between(1, ids.length - 1) : ids.length;
  const sets = [ids.slice(0, split), ids.slice(split)].filter((set) => set.length > 0);
  const elements = sets.map((set) => {
    const attributes: Record<string, string | undefined> = {
      id: world.newId('set'),
      sequential: draw.pick(['true', 'false', undefined]),
    };
    if (world.may('order require-all=false', 0.6)) {
      attributes['require-all'] = 'false';
      if (draw.chance(0.8)) attributes['sequential'] = 'false';
    }
    if (set.every((id) => isPromotable(world, id)) && draw.chance(0.6)) attributes['action'] = 'promote';
    return el(
      'resource_set',
      attributes,
      set.map((id) => el('resource_ref', { id })),
    );
  });
  const attributes: Record<string, string | undefined> = { id: world.newId('ord') };
  if (draw.chance(0.5)) attributes['kind'] = draw.pick(['Mandatory', 'Optional', 'Serialize']);
  if (world.may('order asymmetrical', 0.3)) attributes['symmetrical'] = 'false';
  return [el('rsc_order', attributes, elements)];
}

export function makeTickets(world: World): void {
  if (!world.may('tickets')) return;
  const { draw } = world;
  for (const ticket of draw.sample(['ticketA', 'ticketB'], draw.between(1, 2))) {
    const rsc = draw.pick(world.constrainable());
    const attributes: Record<string, string | undefined> = { id: world.newId('tic'), rsc, ticket };
    attributes['loss-policy'] = draw.pick(['stop', 'demote', 'fence', 'freeze', undefined]);
    if (isPromotable(world, rsc) && draw.chance(0.7))
      attributes['rsc-role'] = draw.pick(['Promoted', 'Master', 'Unpromoted', 'Started']);
    world.constraints.push(el('rsc_ticket', attributes));
    if (draw.chance(0.2)) continue;
    const granted = draw.pick(['true', 'true', 'false']);
    const times = draw.chance(0.8) ? { 'last-granted': nowS - 4000 } : {};
    world.ticketStates.push(
      el('ticket_state', { id: ticket, granted, standby: draw.pick(['false', 'false', 'true']), ...times }),
    );
  }
}
