/** S18: what a node keeps in memory stays under its caps, whatever has happened to it; looked at now and then. */
import { historyLength } from '../../../src/core/transport/state.ts';
import type { Daemon } from '../world/daemon.ts';
import type { Checker } from './checker.ts';

/** Every so many steps of a daemon. */
const everySteps = 200;

/** What can grow, with the most that it may hold. Logs are keyed by fixed words, timers and alarms by word and group. */
function sizes({ engine: { transport, node } }: Daemon): readonly (readonly [string, number, number])[] {
  const groups = node.groups.length;
  return [
    ['sent messages kept', transport.history.length, historyLength],
    ['missing messages', transport.peer?.window.missing.size ?? 0, 250],
    ['persisted generations', transport.persistedGenerations.size, 17],
    ['log limits', transport.accounts.logged.size, 60],
    ['packet sources', transport.accounts.admission.sources.size, 64],
    ['counters', Object.keys(transport.accounts.counters).length, 40],
    ['timers', node.timers.armed.size, 30 + 10 * groups],
    ['alarms', node.alarms.size, 20 + 10 * groups],
    ['probes', node.probes.size, 50 * Math.max(1, groups)],
    ['fence devices', node.fencing.devices.size, 10],
    ['client questions', node.questions.waiting.size, 100],
    ['effects of one step', node.effects.length, 500],
  ];
}

export function createBounds(): Checker {
  const steps = new WeakMap<Daemon, number>();
  return {
    stepped(world, daemon) {
      const count = (steps.get(daemon) ?? 0) + 1;
      steps.set(daemon, count);
      if (count % everySteps !== 0) return;
      for (const [what, size, most] of sizes(daemon))
        if (size > most) world.violate('S18', `${daemon.machine.name}: ${size} ${what}, at most ${most}`);
    },
  };
}
