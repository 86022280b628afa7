/**
 * S6: nobody fences himself, nor a peer that he has heard within its deadtime, nor one that has said goodbye. What the
 * node believes of its peer is compared with what its sockets and its transport know.
 */
import { usPerMs } from '../../../src/core/types.ts';
import type { Checker } from './checker.ts';

export function createOnlyTheGone(): Checker {
  return {
    effect(world, { machine, engine }, effect) {
      if (effect.type !== 'fence') return;
      const { peer } = engine.transport;
      const object = (why: string): void => world.violate('S6', `${machine.name}: fences ${effect.target}, ${why}`);
      if (effect.target !== machine.other.name) object('which is not its peer');
      if (engine.node.options.fencing?.devices.every(({ name }) => name !== effect.device))
        object(`with ${effect.device}, which is not its device`);
      if (engine.node.peer.presence === 'left') object('which has said goodbye');
      if (peer === undefined || peer.heard === 'never') return;
      const silentMs = (machine.clock() - peer.lastStatusUs) / usPerMs;
      if (peer.heard === 'up' || silentMs < peer.deadtimeMs) object(`which it heard ${silentMs} ms ago`);
    },
  };
}
