/**
 * Two owners, one of them a real Heartbeat. It never yields; what it does is this: when it hears a node again that it
 * had declared dead, in the same generation, it stops everything and restarts itself two seconds later. So:
 *
 * - both had declared death: it goes, we keep everything. If it has not begun to within the time that it needs, it does
 *   not hear us, and we yield.
 * - only it did (it cannot hear us): we yield at once and come back as a new incarnation, which it takes for a restart.
 * - only we did (we could not hear it): it says nothing of our death, and we yield what we took.
 */
import { declaredDead } from '../../host-events.ts';
import { type NodeState, stageOf } from '../../node-state.ts';
import { arm } from '../../timers.ts';
import { usPerMs } from '../../types.ts';
import { declarationGraceMs } from './classic-report.ts';

/** It restarts two seconds after it has heard us again; the rest is for a slow machine and lost packets. */
const restartBeginsMs = 4000;

/** The part that concerns this node as a whole. True: nothing is left to be settled group by group. */
export function settleClassicSplit(state: NodeState): boolean {
  const { peer, nowUs } = state;
  const { declaredUsDeadUs, leaving } = peer.classic;
  if (peer.presence !== 'up' || declaredUsDeadUs === undefined || leaving) return false;
  if (!['member', 'joining'].includes(stageOf(state))) return false;
  if (peer.returnedUs !== undefined && declaredUsDeadUs - peer.returnedUs <= declarationGraceMs * usPerMs) {
    const untilUs = peer.returnedUs + restartBeginsMs * usPerMs;
    if (nowUs < untilUs) {
      arm(state.timers, 'classic restart', untilUs);
      return true;
    }
  }
  peer.classic.declaredUsDeadUs = undefined;
  declaredDead(state);
  return true;
}

/** Both claim a group, and the peer has not said that it took us for dead. It will not yield, so we do. */
export function mustYieldToHeartbeat({ peer, nowUs }: NodeState): boolean {
  return peer.returnedUs === undefined || nowUs - peer.returnedUs >= declarationGraceMs * usPerMs;
}
