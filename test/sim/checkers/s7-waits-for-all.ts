/**
 * S7: a node that has booted alone neither fences nor starts anything before it has seen its peer, or an operator has
 * spoken. Counted from the power button: daemons come and go, and what one of them has seen the next may know.
 */
import { stageOf } from '../../../src/core/node-state.ts';
import type { Checker } from './checker.ts';

interface Boot {
  readonly boots: number;
  sawPeer: boolean;
}

export function createWaitsForAll(): Checker {
  const known: Boot[] = [
    { boots: 0, sawPeer: false },
    { boots: 0, sawPeer: false },
  ];
  return {
    effect(world, { machine, engine }, effect) {
      if (engine.node.options.fencing?.waitForAll !== true) return;
      const isStart = effect.type === 'operation' && effect.operation.action === 'start';
      if (!isStart && effect.type !== 'fence') return;
      const boot = known[machine.index]!;
      const released = boot.boots === machine.boots && boot.sawPeer;
      const { presence } = engine.node.peer;
      if (released || presence === 'up' || presence === 'left') return;
      world.violate(
        'S7',
        `${machine.name}: ${isStart ? 'starts' : 'fences'} although nobody has released it since it was switched on (${stageOf(engine.node)})`,
      );
    },
    stepped(_world, { machine, engine }, event) {
      const boot = known[machine.index]!;
      if (boot.boots !== machine.boots) known[machine.index] = { boots: machine.boots, sawPeer: false };
      const { presence } = engine.node.peer;
      const word = event?.to === 'node' && event.event.type === 'command' && event.event.command.verb === 'confirmOff';
      if (presence === 'up' || presence === 'left' || presence === 'silent' || word)
        known[machine.index]!.sawPeer = true;
    },
  };
}
