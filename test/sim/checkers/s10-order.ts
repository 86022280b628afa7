/**
 * S10: a group is started from left to right and stopped from right to left, whatever interrupts it: no part is begun
 * while one before it is not up, none is let go while one behind it is. By what the node asks of its host and is told.
 * Addresses that are released at once, for S1, are out of turn on purpose.
 */
import type { Daemon } from '../world/daemon.ts';
import type { World } from '../world/world.ts';
import type { Checker } from './checker.ts';

export function createOrder(): Checker {
  return {
    effect(world, daemon, effect) {
      if (effect.type !== 'operation') return;
      const { action, group, resource } = effect.operation;
      if (action !== 'start' && action !== 'stop') return;
      const state = daemon.engine.node.groups.find(({ configuration }) => configuration.key === group);
      // While it is changed in place, its order is that of the change.
      if (state === undefined || state.going.length > 0 || state.configuration !== state.wanted) return;
      const { resources } = state.configuration;
      const place = resources.findIndex(({ written }) => written === resource.written);
      if (place < 0) return;
      if (action === 'start') startsInTurn(world, daemon, group, resources.slice(0, place), resource.written);
      else stopsInTurn(world, daemon, group, resources.slice(place + 1), resource.written);
    },
  };
}

function stopsInTurn(
  world: World,
  { machine }: Daemon,
  group: string,
  behind: readonly { readonly written: string }[],
  written: string,
): void {
  if (machine.host?.acted === true) return;
  const up = behind.filter((each) => machine.host?.inventory.get(each.written)?.state === 'running');
  if (up.length > 0)
    world.violate(
      'S10',
      `${machine.name}: stops ${written} of ${group} before ${up.map((each) => each.written).join(' ')}`,
    );
}

function startsInTurn(
  world: World,
  { machine }: Daemon,
  group: string,
  before: readonly { readonly written: string }[],
  written: string,
): void {
  const { host } = machine;
  // A guardian that has acted refuses every start until the daemon knows of it.
  if (host?.alive !== true || host.acted) return;
  const missing = before.filter((each) => host.inventory.get(each.written) === undefined);
  if (missing.length > 0)
    world.violate(
      'S10',
      `${machine.name}: starts ${written} of ${group} before ${missing.map((each) => each.written).join(' ')}`,
    );
}
