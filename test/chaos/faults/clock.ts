/**
 * The wall clock of a node jumps, and back again: an administrator, a battery that is empty, an NTP server that is wrong.
 * Nothing but what is written for eyes may depend on it (S22), so it excuses nothing.
 */
import { clockProblem, setClock } from '../clock.ts';
import { daemonOf, type FaultKind } from './fault-kind.ts';

const minute = 60;
const day = 86_400;
/** To the year 2006, and beyond 2038. */
const jumpsSeconds = [-minute, minute, -day, day, -20 * 365 * day, 15 * 365 * day, -2, 2, -3600, 3600];

export const clockFaults: readonly FaultKind[] = [
  {
    name: 'wall clock jumps',
    class: 'process',
    weight: 3,
    durationMs: [100, 5000],
    unavailable: clockProblem,
    begin: async (world, fault) => {
      daemonOf(world, fault);
      const host = world.lab.host(fault.node);
      setClock(host, jumpsSeconds[Math.floor(fault.amount * jumpsSeconds.length)]!);
      return () => setClock(host, 0);
    },
  },
];
