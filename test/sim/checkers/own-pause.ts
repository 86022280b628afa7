/** F2: after an own pause longer than the deadtime nothing is done before the addresses are released. */
import type { Daemon } from '../world/daemon.ts';
import type { Instance } from '../world/truth.ts';
import type { World } from '../world/world.ts';

/** Called when a process runs again; the function it returns is called when it has caught up. */
export function expectRelease(world: World, daemon: Daemon): () => void {
  const { transport } = daemon.engine;
  const { machine } = daemon;
  const gapUs = machine.clock() - transport.lastKeepaliveUs;
  const slept = transport.started && !transport.paused && gapUs > transport.ownDeadtime.deadtimeMs * 1000;
  if (!slept) return () => {};
  world.count('own pause noticed');
  const held: readonly Instance[] = [...world.truth.all(machine.index)].filter((instance) => instance.isAddress);
  return () => {
    if (daemon.ended) return;
    for (const { group, index, written } of held) {
      if (world.truth.find(machine.index, written) === undefined || machine.host?.isAt(written)) continue;
      const known = daemon.engine.node.groups.find((candidate) => candidate.configuration.key === group);
      if (known?.snapshot.value === 'stopFailed' || known?.snapshot.value === 'stopped') continue;
      world.violate('F2', `${machine.name}: slept ${gapUs} us and still holds ${group}#${index}`);
    }
  };
}
