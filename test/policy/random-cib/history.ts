/**
 * The status section's past: where everything was before something happened. A plausible past comes first (one home for a
 * group, instances of a clone on several nodes, a promoted one among them), faults are laid over it (faults.ts).
 */
import type { HistoryRecord, Recorded } from './operations.ts';
import type { NodePlan, Primitive, Top, World } from './world.ts';

export type Role = 'stopped' | 'started' | 'promoted';

export interface Past {
  node: NodePlan;
  record: HistoryRecord;
  role: Role;
}

export function makePast(world: World): Past[] {
  const empty = world.may('empty cluster');
  const pasts: Past[] = [];
  for (const top of world.tops) pasts.push(...pastOf(world, top, empty));
  return pasts;
}

function pastOf(world: World, top: Top, empty: boolean): Past[] {
  const places = top.clone === undefined ? placesOfSingle(world, top) : placesOfClone(world, top);
  const pasts: Past[] = [];
  for (const node of world.nodes.filter(({ state }) => state !== 'unseen')) {
    for (const primitive of top.members) {
      for (const id of recordIds(world, top, primitive)) {
        const wanted = empty ? 'stopped' : (places.get(`${id} ${node.name}`) ?? 'stopped');
        const role = node.state === 'offline' && world.draw.chance(0.9) ? 'stopped' : wanted;
        if (role === 'stopped' && world.may('missing history', 0.5)) continue;
        if (role === 'stopped' && top.clone?.unique && world.draw.chance(0.6)) continue;
        const record = { id, primitive, operations: operationsOf(world, primitive, role, node) };
        pasts.push({ node, record, role });
      }
    }
  }
  return pasts;
}

/** Unique instances are known by their number, anonymous ones without. */
function recordIds(world: World, top: Top, primitive: Primitive): string[] {
  if (top.clone?.unique !== true) return [primitive.id];
  const count = Math.max(1, top.clone.max + (world.on.has('orphans') ? 1 : 0));
  return Array.from({ length: count }, (_, number) => `${primitive.id}:${number}`);
}

function placesOfSingle(world: World, top: Top): Map<string, Role> {
  const { draw } = world;
  const places = new Map<string, Role>();
  if (draw.chance(0.2)) return places;
  const home = draw.pick(world.nodes).name;
  const active = draw.chance(0.8) ? top.members.length : draw.between(0, top.members.length);
  for (const member of top.members.slice(0, active)) places.set(`${member.id} ${home}`, 'started');
  return places;
}

function placesOfClone(world: World, top: Top): Map<string, Role> {
  const { draw } = world;
  const places = new Map<string, Role>();
  const options = top.clone as NonNullable<Top['clone']>;
  const promotedOn = options.promotable
    ? draw.sample(world.nodes, draw.chance(0.9) ? 1 : 2).map(({ name }) => name)
    : [];
  for (const [index, node] of world.nodes.entries()) {
    const number = draw.chance(0.8) ? index : draw.between(0, Math.max(0, options.max - 1));
    if (draw.chance(0.2)) continue;
    const active = draw.chance(0.9) ? top.members.length : draw.between(0, top.members.length);
    for (const member of top.members.slice(0, active)) {
      const id = options.unique ? `${member.id}:${number}` : member.id;
      places.set(`${id} ${node.name}`, promotedOn.includes(node.name) && draw.chance(0.85) ? 'promoted' : 'started');
    }
  }
  return places;
}

/** What brought a resource there, and the monitors that run since. */
export function operationsOf(world: World, primitive: Primitive, role: Role, node: NodePlan): Recorded[] {
  const { draw } = world;
  const ageS = draw.pick([120, 1000, 90_000]);
  const probe: Recorded = { name: 'monitor', rc: 7, expected: 7, ageS: ageS + 10 };
  if (role === 'stopped') {
    const stopped: Recorded = { name: 'stop', rc: 0, ageS };
    if (node.state === 'offline') return [stopped];
    return draw.chance(0.75) ? [probe] : [probe, stopped];
  }
  const operations: Recorded[] = draw.chance(0.4) ? [probe] : [];
  const found = draw.chance(0.12);
  if (found) return [{ ...probe, rc: role === 'promoted' ? 8 : 0 }];
  operations.push({ name: 'start', rc: 0, ageS });
  if (role === 'promoted') operations.push({ name: 'promote', rc: 0, ageS: ageS - 5 });
  return [...operations, ...monitorsOf(primitive, role, ageS - 10)];
}

export function monitorsOf(primitive: Primitive, role: Role, ageS: number): Recorded[] {
  const promoted = role === 'promoted';
  const wanted = primitive.recurring.filter((monitor) => {
    const of = monitor.role ?? 'Started';
    return promoted ? of === 'Promoted' || of === 'Master' : of === 'Started' || of === 'Unpromoted' || of === 'Slave';
  });
  const rc = promoted ? 8 : 0;
  return wanted.map(({ name, intervalMs, timeoutMs }) => ({ name, intervalMs, timeoutMs, rc, expected: rc, ageS }));
}
