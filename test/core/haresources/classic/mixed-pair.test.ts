/** A Pairbeat node beside a Heartbeat twin, through faults from a seed: no resource runs twice that need not. */
import { describe, expect, it } from 'vitest';
import { MixedPair } from './mixed-pair.ts';

/** `MIXED_SEEDS=500`: that many lives; `MIXED_SEED=346`: only that one, told line by line. */
const only = Number(process.env['MIXED_SEED'] ?? 0);
const seeds = Number(process.env['MIXED_SEEDS'] ?? 20);

function lifeOf(seed: number): MixedPair {
  const pair = new MixedPair(seed, seed % 2 === 0 ? 'on' : 'off');
  const draw = (low: number, high: number): number => pair.between(low, high);
  if (draw(0, 2) > 0) pair.bootHeartbeat();
  pair.run(draw(0, 4000));
  pair.bootPairbeat();
  for (let turn = 0; turn < 12; turn++) {
    pair.run(draw(50, 6000));
    if (pair.engine === undefined && draw(0, 1) === 0) pair.bootPairbeat();
    if (pair.twin === undefined && draw(0, 1) === 0) pair.bootHeartbeat();
    act(pair, draw(0, 13));
  }
  calm(pair);
  return pair;
}

function act(pair: MixedPair, what: number): void {
  const scope = (['all', 'local', 'foreign'] as const)[pair.between(0, 2)]!;
  pair.tell(`act ${what} ${scope}`);
  if (what <= 1) pair.command({ verb: 'standby', scope });
  if (what === 2) pair.command({ verb: 'takeover', scope });
  if (what === 3 || what === 4) pair.twin?.askStandby(scope);
  if (what === 5) pair.twin?.takeover(scope);
  if (what === 6) pair.stopPairbeat();
  if (what === 7) pair.twin?.stop(pair.between(500, 6000));
  if (what === 8 && pair.engine !== undefined) pair.crash('pairbeat');
  if (what === 9 && pair.twin !== undefined) pair.crash('heartbeat');
  if (what === 10) pair.cut.pairbeat = !pair.cut.pairbeat;
  if (what === 11) pair.cut.heartbeat = !pair.cut.heartbeat;
  if (what === 12) pair.cut.pairbeat = pair.cut.heartbeat = !pair.cut.heartbeat;
  if (what === 13) pair.lossPercent = pair.lossPercent > 0 ? 0 : pair.between(5, 30);
}

/** All faults end; then everything must come to one owner. */
function calm(pair: MixedPair): void {
  pair.cut.pairbeat = pair.cut.heartbeat = false;
  pair.lossPercent = 0;
  pair.tell('calm');
  if (pair.engine === undefined) pair.bootPairbeat();
  if (pair.twin === undefined) pair.bootHeartbeat();
  pair.run(60_000);
  if (pair.engine === undefined) pair.bootPairbeat();
  if (pair.twin === undefined) pair.bootHeartbeat();
  pair.run(40_000);
}

describe('beside a Heartbeat twin', () => {
  it(
    `no resource runs twice that need not, and each has one owner in the end, in ${seeds} lives`,
    () => {
      const wrong: string[] = [];
      for (let seed = only || 1; seed <= (only || seeds); seed++) {
        const pair = lifeOf(seed);
        const owners = ['vip', 'web'].map((group) =>
          (['pairbeat', 'heartbeat'] as const).filter((side) => pair.running[side].has(group)).join('+'),
        );
        if (pair.violations.length > 0) wrong.push(`seed ${seed}: ${pair.violations.join(', ')}`);
        if (owners.some((owner) => owner !== 'pairbeat' && owner !== 'heartbeat'))
          wrong.push(`seed ${seed}: owners in the end ${JSON.stringify(owners)}`);
        if (only > 0) console.log(`${pair.story.join('\n')}\n${pair.describe()}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000 + 5_000 * seeds,
  );
});
