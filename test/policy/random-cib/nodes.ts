/** Nodes: how many, what their state says, their attributes, health and capacity. */
import { type NodePlan, nowS, type World } from './world.ts';

export function makeNodes(world: World): void {
  const { draw } = world;
  const one = world.may('one node');
  const count = one ? 1 : world.may('three nodes') ? 3 : 2;
  for (let number = 1; number <= count; number++) {
    world.nodes.push({
      id: draw.chance(0.5) ? String(number) : `uuid${number}`,
      name: draw.pick(['node', 'ha']) + number,
      state: 'online',
      permanent: new Map(),
      transient: new Map(),
      utilization: new Map(),
      shutdown: false,
    });
  }
  for (const node of world.nodes) {
    setState(world, node);
    setAttributes(world, node);
    setHealth(world, node);
    if (world.on.has('utilization')) setCapacity(world, node);
  }
  // A CIB in which nobody is there shows little: somebody has to be online.
  if (world.nodes.every(({ state }) => state !== 'online')) (world.nodes[0] as NodePlan).state = 'online';
}

function setState(world: World, node: NodePlan): void {
  const first = node === world.nodes[0];
  if (!first || world.draw.chance(0.15)) {
    if (world.may('node unclean', 0.8)) node.state = 'unclean';
    else if (world.may('node offline', 0.8)) node.state = 'offline';
    else if (world.may('node unseen', 0.9)) node.state = 'unseen';
    else if (world.may('node pending', 0.9)) node.state = 'pending';
  }
  if (node.state === 'online' && world.may('node shutdown', 0.6)) node.shutdown = true;
  if (node.state !== 'unseen' && world.may('node terminate', 0.4)) {
    node.transient.set('terminate', world.draw.pick(['true', '1', String(nowS - 5), '0']));
  }
}

function setAttributes(world: World, node: NodePlan): void {
  const { draw } = world;
  if (world.may('standby', 0.45)) {
    const where = draw.chance(0.7) || node.state === 'unseen' ? node.permanent : node.transient;
    where.set('standby', draw.pick(['on', 'true', 'on', 'off']));
  }
  if (world.may('node maintenance', 0.5)) node.permanent.set('maintenance', draw.pick(['true', 'true', 'false']));
  if (world.may('node attributes')) {
    if (draw.chance(0.8)) node.permanent.set('site', draw.pick(['a', 'b']));
    if (draw.chance(0.6)) node.permanent.set('rack', draw.pick(['1', '2', '10']));
    if (draw.chance(0.6)) node.transient.set('pingd', draw.pick(['0', '100', '200', '1000']));
    if (draw.chance(0.4))
      node.permanent.set('weight', draw.pick(['-50', '20', '100', 'INFINITY', '-INFINITY', 'nonsense']));
  }
}

function setHealth(world: World, node: NodePlan): void {
  if (!world.may('node health')) return;
  for (const name of world.draw.some(['#health-cpu', '#health-disk'], 0.6)) {
    const where = node.state === 'unseen' || world.draw.chance(0.4) ? node.permanent : node.transient;
    where.set(name, world.draw.pick(['green', 'yellow', 'red', '-10', '30', 'green']));
  }
}

function setCapacity(world: World, node: NodePlan): void {
  if (world.draw.chance(0.85)) node.utilization.set('cpu', String(world.draw.between(0, 8)));
  if (world.draw.chance(0.7)) node.utilization.set('memory', String(world.draw.between(0, 8) * 512));
}
