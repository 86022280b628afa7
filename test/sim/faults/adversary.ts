/** Somebody on the wire who does not know the key (world/adversary.ts), and wires that fail by size or in a rhythm. */
import { type Trick, tricks } from '../world/adversary.ts';
import { nodeNames } from '../world/setup.ts';
import { deadtimes, type FaultKind, roundMs, toUs } from './fault.ts';
import { allPaths, episode, nodeIndex, pathOf, somePaths } from './wire.ts';

/** A number of packets to one node. `tricks` in this order, again and again. */
export const adversary: FaultKind<{
  readonly to: string;
  readonly tricks: readonly Trick[];
  readonly packets: number;
  readonly everyMs: number;
}> = {
  share: 3,
  draw: (draw, pair) => ({
    to: draw.pick(nodeNames),
    tricks: draw.shuffled(tricks).slice(0, draw.between(1, 3)),
    packets: Math.round(draw.logUniform(1, 100)),
    everyMs: deadtimes(draw, pair, 0.005, 0.5),
  }),
  strike: (world, { to, tricks: chosen, packets, everyMs }) => {
    let count = 0;
    const play = (): void => {
      if (count >= packets) return;
      world.adversary.play(chosen[count % chosen.length]!, nodeIndex(to));
      if (++count < packets) world.plan(toUs(everyMs), play, 0);
    };
    play();
    return () => {
      count = packets;
    };
  },
};

/** Large packets vanish, small ones pass: a black hole in the path's MTU. */
export const sizeLoss: FaultKind<{
  readonly paths: readonly string[];
  readonly largestBytes: number;
  readonly forMs: number;
}> = {
  share: 1,
  draw: (draw, pair) => ({
    paths: somePaths(draw, pair),
    largestBytes: Math.round(draw.logUniform(250, 1200)),
    forMs: deadtimes(draw, pair, 1, 30),
  }),
  strike: (world, { paths, largestBytes }) =>
    episode(world, paths, { largestBytes }, { largestBytes: Number.POSITIVE_INFINITY }),
};

/** Cut and whole in turns. */
export const flapping: FaultKind<{
  readonly paths: readonly string[];
  readonly cutMs: number;
  readonly wholeMs: number;
  readonly forMs: number;
}> = {
  share: 1,
  draw: (draw, pair) => ({
    paths: draw.chance(0.6) ? allPaths(pair.setup) : somePaths(draw, pair),
    cutMs: roundMs(draw.logUniform(0.2, 3) * pair.setup.deadtimeMs),
    wholeMs: roundMs(draw.logUniform(0.2, 3) * pair.setup.deadtimeMs),
    forMs: deadtimes(draw, pair, 3, 40),
  }),
  strike: (world, { paths, cutMs, wholeMs }) => {
    let over = false;
    const turn = (cut: boolean): void => {
      if (over) return;
      for (const path of paths) Object.assign(pathOf(world, path) ?? {}, { cut });
      world.plan(toUs(cut ? cutMs : wholeMs), () => turn(!cut), 0);
    };
    turn(true);
    return () => {
      over = true;
      for (const path of paths) Object.assign(pathOf(world, path) ?? {}, { cut: false });
    };
  },
};
