/**
 * Real-time priority for the calling thread. Under CPU load a normal-priority process may wait 200 ms for its turn;
 * a SCHED_RR one does not. SCHED_RESET_ON_FORK gives every child (agents, services they start) normal priority again;
 * the helper threads of V8 and libuv keep normal priority too, since only this thread asks.
 */
import { failure, type Result, success } from '../core/result.ts';
import { intBytes, libc } from './libc.ts';

/** sched(7) */
const SCHED_OTHER = 0;
const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x40000000;

/** `priority` 1 to 99, as ha.cf's `rtprio`. Needs CAP_SYS_NICE or an RLIMIT_RTPRIO. */
export function setRealtime(priority: number): Result<void> {
  return setScheduler(SCHED_RR | SCHED_RESET_ON_FORK, priority);
}

/** Back to normal priority, keeping SCHED_RESET_ON_FORK harmlessly off. */
export function setNormalPriority(): Result<void> {
  return setScheduler(SCHED_OTHER, 0);
}

function setScheduler(policy: number, priority: number): Result<void> {
  const system = libc();
  if (system === undefined) return failure('realtime-unavailable', { reason: 'no native calls on this platform' });
  if (system.schedSetscheduler(0, policy, intBytes(priority)) === 0) return success(undefined);
  return failure('realtime-unavailable', { reason: system.lastError(), priority });
}
