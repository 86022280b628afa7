/** Asks the reference model about every start, in a part of the runs: it reads every packet a second time. */
import type { Daemon } from '../world/daemon.ts';
import { Draw } from '../world/draw.ts';
import type { World } from '../world/world.ts';
import type { Checker } from './checker.ts';
import { ReferenceModel } from './reference-model.ts';

const share = 0.2;

export function hasSecondOpinion(seed: number): boolean {
  return new Draw(seed, 'second opinion').chance(share);
}

export function createSecondOpinion(): Checker {
  return {
    effect: (world, daemon, effect) => modelOf(world, daemon)?.does(effect),
    stepped: (world, daemon, _event, effects) => {
      const model = modelOf(world, daemon);
      if (model === undefined) return;
      const [link] = world.setup.links;
      for (const effect of effects) if (effect.type === 'transmit' && effect.link === link) model.sends(effect.bytes);
    },
  };
}

export function modelOf(world: World, daemon: Daemon): ReferenceModel | undefined {
  if (!world.secondOpinion) return undefined;
  daemon.model ??= new ReferenceModel(daemon);
  return daemon.model;
}
