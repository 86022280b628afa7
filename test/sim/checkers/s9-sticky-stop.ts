/**
 * S9: what could not be stopped on one node is not started on the other by anybody who knows of it, until an operator
 * has given his word or the stop has succeeded after all. A node that was restarted since knows what it had written down.
 */
import { statementOf } from '../../../src/core/haresources/facts.ts';
import type { Daemon } from '../world/daemon.ts';
import { type Checker, isLog } from './checker.ts';

/** The peer has just told that it is no longer so. */
function saysOtherwise({ engine }: Daemon, key: string): boolean {
  const group = engine.node.groups.find((candidate) => candidate.configuration.key === key);
  return group !== undefined && engine.node.peer.fresh && statementOf(engine.node, group)?.letter !== 'f';
}

export function createStickyStop(): Checker {
  const known = new WeakMap<Daemon, Set<string>>();
  return {
    effect(world, daemon, effect) {
      // With the machine everything on it ends, also what could not be stopped.
      if (isLog(effect, 'peer-fenced') || isLog(effect, 'operator-confirmed-off')) known.delete(daemon);
      if (effect.type !== 'operation' || effect.operation.action !== 'start') return;
      const { group } = effect.operation;
      if (saysOtherwise(daemon, group)) return;
      if (wasEnded(effect.evidence?.kind)) known.get(daemon)?.delete(group);
      if (!known.get(daemon)?.has(group)) return;
      world.violate(
        'S9',
        `${daemon.machine.name}: start of ${group} on ${effect.evidence?.kind} although its stop failed on the other node`,
      );
    },
    stepped(_world, daemon, event) {
      const { node } = daemon.engine;
      const command = event?.to === 'node' && event.event.type === 'command' ? event.event.command : undefined;
      const cleaned = command?.verb === 'cleanup' ? command : undefined;
      if (event?.to === 'node' && event.event.type === 'boot') known.set(daemon, new Set(event.event.stuckAtPeer));
      let stuck = known.get(daemon);
      for (const group of node.groups) {
        const { key } = group.configuration;
        if (cleaned !== undefined && (cleaned.group === undefined || cleaned.group === key)) {
          stuck?.delete(key);
          continue;
        }
        if (!node.peer.fresh || node.peer.presence !== 'up') continue;
        const letter = statementOf(node, group)?.letter;
        if (letter === 'f') {
          stuck ??= new Set();
          stuck.add(key);
        } else stuck?.delete(key);
      }
      if (stuck !== undefined) known.set(daemon, stuck);
    },
  };
}

/** By an operator, or by a fence device: with the machine everything on it ends. */
const wasEnded = (evidence: string | undefined): boolean => evidence === 'operator' || evidence === 'peerFenced';
