/**
 * S21: as long as a node keeps its hands off a group, it asks for nothing that touches it. What ends that is a stop of the
 * node, or something that S1 demands: an own pause, a guardian that has acted, a lost host, a split in which it yields.
 * The release before let an operator take the hands off a group whose handover was under way, and went on with it.
 */
import type { EngineEvent } from '../../../src/core/engine.ts';
import { stageOf } from '../../../src/core/node-state.ts';
import type { Daemon } from '../world/daemon.ts';
import { type Checker, isLog } from './checker.ts';

const forcing: ReadonlySet<string> = new Set(['ownPause', 'guardianActed', 'hostLost', 'hostReady', 'stopRequested']);

export function createHandsOff(): Checker {
  const before = new WeakMap<Daemon, readonly string[]>();
  const none: readonly string[] = [];
  return {
    stepped(world, daemon, event, effects) {
      const { node } = daemon.engine;
      const held = before.get(daemon) ?? none;
      const isAny = node.groups.some(({ unmanaged }) => unmanaged !== undefined);
      if (isAny || held.length > 0)
        before.set(
          daemon,
          node.groups.flatMap(({ unmanaged, configuration }) => (unmanaged === undefined ? [] : [configuration.key])),
        );
      if (held.length === 0 || stageOf(node) !== 'member' || isForced(event)) return;
      if (daemon.machine.version === 'previous') return;
      for (const effect of effects) {
        if (effect.type !== 'operation' || effect.operation.action === 'announce') continue;
        const { group, action } = effect.operation;
        const yields = effects.some((each) => isLog(each, 'split-yielded') && each.message.fields['group'] === group);
        if (!held.includes(group) || yields) continue;
        world.violate('S21', `${daemon.machine.name}: ${action} of ${group}, which is unmanaged`);
      }
    },
  };
}

/** Or the operator's own word. */
function isForced(event: EngineEvent | undefined): boolean {
  if (event?.to !== 'node') return false;
  return forcing.has(event.event.type) || (event.event.type === 'command' && event.event.command.verb === 'manage');
}
