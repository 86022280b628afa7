/** The resources of the configuration: primitives, groups, clones of both, fence devices, tags. */
import { type Element, el } from '../xml-tree.ts';
import { makePrimitive, type Purpose } from './resources.ts';
import type { CloneOptions, Primitive, Top, World } from './world.ts';

export function makeResources(world: World): void {
  const { draw } = world;
  if (world.on.has('fencing') && world.may('stonith device')) {
    world.tops.push(plain(world, 'fencer', 'stonith'));
    if (draw.chance(0.2)) world.tops.push(plain(world, 'fencer2', 'stonith'));
  }
  const count = draw.between(2, 5);
  for (let number = 1; number <= count; number++) world.tops.push(plain(world, `rsc${number}`, 'plain'));
  if (world.may('groups')) {
    for (let number = draw.between(1, 2); number > 0; number--) world.tops.push(group(world, `grp${number}`));
  }
  if (world.may('anonymous clones')) {
    for (let number = draw.between(1, 2); number > 0; number--)
      world.tops.push(clone(world, `cln${number}`, false, false));
  }
  if (world.may('unique clones')) world.tops.push(clone(world, 'unq', true, draw.chance(0.15)));
  if (world.may('promotable clones')) {
    for (let number = draw.chance(0.8) ? 1 : 2; number > 0; number--)
      world.tops.push(clone(world, `prm${number}`, false, true));
  }
  // The order of the document breaks ties: it must not follow the kind.
  world.tops.splice(0, world.tops.length, ...draw.sample(world.tops, world.tops.length));
  if (world.may('container')) makeContainer(world);
  if (world.may('tags')) makeTags(world);
}

function plain(world: World, id: string, purpose: Purpose): Top {
  const primitive = makePrimitive(world, id, purpose);
  const top: Top = { id, kind: 'primitive', members: [primitive], meta: primitive.meta, element: primitive.element };
  primitive.top = top;
  return top;
}

function group(world: World, id: string): Top {
  const members = makeMembers(world, id, 'member');
  const meta = collectiveMeta(world);
  const top: Top = { id, kind: 'group', members, meta, element: groupElement(world, id, members, meta) };
  for (const member of members) member.top = top;
  return top;
}

function makeMembers(world: World, id: string, purpose: Purpose): Primitive[] {
  const count = world.draw.between(1, 3);
  return Array.from({ length: count }, (_, index) => makePrimitive(world, `${id}m${index + 1}`, purpose));
}

function groupElement(
  world: World,
  id: string,
  members: readonly Primitive[],
  meta: ReadonlyMap<string, string>,
): Element {
  return el('group', { id }, [...members.map(({ element }) => element), ...world.pairs('meta_attributes', id, meta)]);
}

function clone(world: World, id: string, unique: boolean, promotable: boolean): Top {
  const { draw } = world;
  const purpose = promotable ? 'promotable' : 'member';
  const ofGroup = world.may('cloned groups', 0.6);
  const members = ofGroup ? makeMembers(world, `${id}g`, purpose) : [makePrimitive(world, `${id}p`, purpose)];
  const meta = collectiveMeta(world);
  const options = cloneOptions(world, meta, unique, promotable);
  if (world.may('interleave', 0.7)) meta.set('interleave', draw.pick(['true', 'true', 'false']));
  if (world.may('ordered clones', 0.7)) meta.set('ordered', 'true');
  if (world.may('notify', 0.7)) meta.set('notify', 'true');
  if (world.may('clone-min', 0.7)) meta.set('clone-min', draw.pick(['1', '2']));
  const groupId = `${id}g`;
  const inner = ofGroup ? groupElement(world, groupId, members, new Map()) : (members[0] as Primitive).element;
  const element = el('clone', { id }, [...world.pairs('meta_attributes', id, meta), inner]);
  const top: Top = { id, kind: 'clone', members, clone: options, meta, element, ...(ofGroup ? { groupId } : {}) };
  for (const member of members) member.top = top;
  return top;
}

function cloneOptions(world: World, meta: Map<string, string>, unique: boolean, promotable: boolean): CloneOptions {
  const { draw } = world;
  const options: CloneOptions = { unique, promotable, max: world.nodes.length, nodeMax: 1, promotedMax: 1 };
  if (unique) meta.set('globally-unique', 'true');
  if (promotable) meta.set('promotable', 'true');
  if (world.may('clone-max', 0.7)) {
    options.max = draw.pick([1, 2, 3, 0, 2, unique ? 4 : 1]);
    meta.set('clone-max', String(options.max));
  }
  if (unique && world.may('clone-node-max', 0.8)) {
    options.nodeMax = draw.between(1, 3);
    meta.set('clone-node-max', String(options.nodeMax));
  }
  if (promotable && world.may('promoted-max', 0.8)) {
    options.promotedMax = draw.between(0, 2);
    meta.set(draw.pick(['promoted-max', 'master-max']), String(options.promotedMax));
  }
  return options;
}

function collectiveMeta(world: World): Map<string, string> {
  const { draw } = world;
  const meta = new Map<string, string>();
  if (world.may('stickiness', 0.3)) meta.set('resource-stickiness', draw.pick(['0', '2', '100', 'INFINITY']));
  if (world.may('priority', 0.3)) meta.set('priority', draw.pick(['2', '7']));
  if (world.may('target-role', 0.2))
    meta.set('target-role', draw.pick(['Stopped', 'Started', 'Unpromoted', 'Promoted']));
  if (world.may('is-managed=false', 0.15)) meta.set('is-managed', 'false');
  if (world.may('resource maintenance', 0.15)) meta.set('maintenance', 'true');
  if (world.may('migration-threshold', 0.3)) meta.set('migration-threshold', draw.pick(['1', '2', '3']));
  if (world.may('failure-timeout', 0.2)) meta.set('failure-timeout', draw.pick(['5min', '1h']));
  return meta;
}

/** One primitive says of another that it is the container it lives in. */
function makeContainer(world: World): void {
  const candidates = world.tops.filter(
    ({ kind, members }) => kind === 'primitive' && members[0]?.agent.class === 'ocf',
  );
  const [container, filler] = world.draw.sample(candidates, 2);
  if (container === undefined || filler === undefined || filler.element.attributes['template'] !== undefined) return;
  filler.element.children.unshift(...world.pairs('meta_attributes', filler.id, new Map([['container', container.id]])));
}

function makeTags(world: World): void {
  const { draw } = world;
  for (const number of [1, 2]) {
    const ids = draw.sample(
      world.tops.filter(({ members }) => members[0]?.agent.class !== 'stonith').map(({ id }) => id),
      draw.between(1, 3),
    );
    if (ids.length > 0)
      world.tags.push(
        el(
          'tag',
          { id: `tag${number}` },
          ids.map((id) => el('obj_ref', { id })),
        ),
      );
  }
}
