/** Whether a pair has fence devices, and which. A stream of its own: the rest of the pair is the same with and without. */
import type { Draw } from './world/draw.ts';
import type { Setup } from './world/setup.ts';

export function withFencing(setup: Setup, draw: Draw): Setup {
  if (!draw.chance(0.5)) return setup;
  const { deadtimeMs } = setup;
  const slowestMs = draw.between(Math.round(0.3 * deadtimeMs), 4 * deadtimeMs);
  const timeoutMs = slowestMs + draw.between(deadtimeMs, 4 * deadtimeMs);
  return {
    ...setup,
    fencing: {
      devices: draw.pick([1, 1, 2, 3]),
      shared: draw.chance(0.3),
      action: draw.pick(['reset', 'reset', 'off']),
      timeoutMs,
      // Long enough for the other to be through, or too short, or none at all.
      delayMs: draw.pick([timeoutMs + deadtimeMs, Math.round(slowestMs / 2), 0]),
      waitForAll: draw.chance(0.6),
      probeIntervalMs: draw.chance(0.5) ? 10_000 : 0,
      latencyUs: [draw.between(1000, slowestMs * 500), slowestMs * 1000],
      bootUs: [deadtimeMs * 500, deadtimeMs * draw.between(1000, 20_000)],
    },
  };
}
