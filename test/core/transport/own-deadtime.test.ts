/** Which deadtime this node counts its own silence by: never a longer one than the peer is known to count by. */
import { expect, it } from 'vitest';
import {
  deadtimeArrived,
  deadtimeWasSaid,
  type OwnDeadtime,
  sayDeadtime,
  sayDeadtimeAnew,
} from '../../../src/core/transport/own-deadtime.ts';
import type { PeerState, Turn } from '../../../src/core/transport/state.ts';

interface Own {
  started: boolean;
  sequence: number;
  ownDeadtime: OwnDeadtime;
}

function running(started = true): { readonly turn: Turn; readonly own: Own; readonly told: () => number[] } {
  const own: Own = { started, sequence: 10, ownDeadtime: { deadtimeMs: 1000, longer: undefined } };
  const turn = { state: own, effects: [] } as unknown as Turn;
  const told = (): number[] =>
    turn.effects.flatMap((effect) => (effect.type === 'ownDeadtime' ? [effect.deadtimeMs] : []));
  return { turn, own, told };
}

/** The peer acknowledges everything up to this message. */
const acknowledges = (turn: Turn, acknowledged: number): void =>
  deadtimeArrived(turn, { acknowledged } as unknown as PeerState);

it('a shorter one counts before it is said: the peer may count by it as soon as it hears it', () => {
  const { turn, own, told } = running();
  sayDeadtime(turn, 500);
  expect(own.ownDeadtime.deadtimeMs).toBe(500);
  expect(told()).toEqual([500]);
});

it('a longer one counts when the peer has acknowledged a message that is not older than the first that says it', () => {
  const { turn, own, told } = running();
  sayDeadtime(turn, 3000);
  acknowledges(turn, 10);
  own.sequence = 11;
  deadtimeWasSaid(turn);
  acknowledges(turn, 10);
  own.sequence = 12;
  sayDeadtime(turn, 3000);
  deadtimeWasSaid(turn);
  expect(own.ownDeadtime.deadtimeMs).toBe(1000);
  expect(told()).toEqual([]);
  acknowledges(turn, 11);
  expect(own.ownDeadtime.deadtimeMs).toBe(3000);
  expect(told()).toEqual([3000]);
});

it('what an earlier incarnation was acknowledged says nothing of this one', () => {
  const { turn, own } = running();
  sayDeadtime(turn, 3000);
  deadtimeWasSaid(turn);
  sayDeadtimeAnew(turn);
  acknowledges(turn, 99);
  expect(own.ownDeadtime.deadtimeMs).toBe(1000);
  own.sequence = 1;
  deadtimeWasSaid(turn);
  acknowledges(turn, 1);
  expect(own.ownDeadtime.deadtimeMs).toBe(3000);
});

it('before its first keepalive nobody counts anything', () => {
  const { turn, own } = running(false);
  sayDeadtime(turn, 3000);
  expect(own.ownDeadtime.deadtimeMs).toBe(3000);
});
