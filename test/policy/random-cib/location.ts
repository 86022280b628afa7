/** Location constraints: by node, by rule, for roles, patterns and sets, with resource discovery. */
import { type Element, el } from '../xml-tree.ts';
import { locationRule } from './rules.ts';
import type { World } from './world.ts';

const scores = [
  'INFINITY',
  '-INFINITY',
  '100',
  '50',
  '10',
  '1',
  '-10',
  '5',
  '20',
  '-200',
  '0',
  '3',
  '+INFINITY',
  '150',
];

export function makeLocations(world: World): void {
  const { draw } = world;
  // Without any, an asymmetric cluster runs nothing.
  const rate = world.on.has('symmetric-cluster=false') ? 0.7 : world.on.has('location') ? 0.4 : 0;
  for (const top of world.tops) {
    if (rate > 0 && draw.chance(rate)) world.constraints.push(...byNode(world, top.id));
  }
  if (world.on.has('location rules')) {
    for (let made = draw.between(1, 3); made > 0; made--)
      world.constraints.push(byRule(world, draw.pick(world.constrainable())));
  }
  if (world.may('location patterns and sets')) world.constraints.push(byPatternOrSet(world));
  if (world.may('location roles')) makeRoles(world);
}

function byNode(world: World, rsc: string): Element[] {
  world.used.add('location');
  const nodes = world.draw.sample(world.nodes, world.draw.between(1, 2));
  return nodes.map(({ name }) =>
    el('rsc_location', {
      id: world.newId('loc'),
      ...target(world, rsc),
      node: name,
      score: world.draw.pick(scores),
      ...discovery(world),
    }),
  );
}

/** The resource itself, or a tag in its place. */
function target(world: World, rsc: string): Record<string, string> {
  if (world.tags.length > 0 && world.draw.chance(0.3))
    return { rsc: world.draw.pick(world.tags).attributes['id'] as string };
  return { rsc };
}

function discovery(world: World): Record<string, string> {
  if (!world.may('resource-discovery', 0.5)) return {};
  return { 'resource-discovery': world.draw.pick(['never', 'exclusive', 'always']) };
}

function byRule(world: World, rsc: string): Element {
  world.used.add('location rules');
  const scoring = world.may('location score-attribute', 0.6)
    ? { 'score-attribute': world.draw.pick(['weight', 'pingd', 'absent', 'weight']) }
    : { score: world.draw.pick(scores) };
  return el('rsc_location', { id: world.newId('loc'), rsc, ...discovery(world) }, [locationRule(world, scoring)]);
}

function byPatternOrSet(world: World): Element {
  const { draw } = world;
  const common = { node: draw.pick(world.nodes).name, score: draw.pick(scores) };
  if (draw.chance(0.5)) {
    return el('rsc_location', {
      id: world.newId('loc'),
      'rsc-pattern': draw.pick(['^rsc', 'm1$', '!^rsc', 'grp|cln']),
      ...common,
    });
  }
  const ids = [...new Set(draw.sample(world.constrainable(), 3))];
  const set = el(
    'resource_set',
    { id: world.newId('set') },
    ids.map((id) => el('resource_ref', { id })),
  );
  return el('rsc_location', { id: world.newId('loc'), ...common }, [set]);
}

function makeRoles(world: World): void {
  const { draw } = world;
  for (const top of world.tops.filter(({ clone }) => clone?.promotable)) {
    const role = draw.pick(['Promoted', 'Master', 'Promoted', 'Unpromoted', 'Started']);
    const score = draw.pick(scores);
    const node = draw.pick(world.nodes).name;
    const id = world.newId('loc');
    const expression = el('expression', {
      id: world.newId('expr'),
      attribute: '#uname',
      operation: draw.pick(['eq', 'ne']),
      value: node,
    });
    world.constraints.push(
      draw.chance(0.5)
        ? el('rsc_location', { id, rsc: top.id, role, node, score })
        : el('rsc_location', { id, rsc: top.id }, [el('rule', { id: world.newId('rule'), score, role }, [expression])]),
    );
  }
}
