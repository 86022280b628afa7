/**
 * When a split heals, one node keeps the group without interruption: the one that had it before. Both nodes decide
 * alone, so the worst mistake is that both yield, or that the wrong one does.
 */
import { statementOf } from '../../../src/core/haresources/facts.ts';
import type { NodeState } from '../../../src/core/node-state.ts';
import type { Machine } from '../world/machine.ts';
import type { Instance } from '../world/truth.ts';
import type { Checker } from './checker.ts';
import { isLog } from './checker.ts';

export function createSplitKeeper(): Checker {
  const yielded = new Map<string, { readonly node: number; readonly atUs: number; readonly theirStartUs: number }>();
  return {
    effect(world, daemon, effect) {
      if (!isLog(effect, 'split-yielded')) return;
      world.count('split yielded');
      const { machine, engine } = daemon;
      if (engine.node.peer.deafSinceUs !== undefined) {
        world.count('yielded to a deaf peer');
        return;
      }
      // What the other could not stop is given up, whoever was first (S9).
      const group = String(Object.values(effect.message.fields)[0]);
      if (saysStopFailed(engine.node, group)) return;
      const ours = world.truth.ofGroup(machine.index, group)[0];
      const theirs = world.truth.ofGroup(1 - machine.index, group)[0];
      if (ours === undefined || theirs === undefined) return;
      if (hasForgotten(machine, ours) || hasForgotten(machine.other, theirs)) return;
      // Marked on the word of an operator: between two marks something else decides, also where he was right.
      if (isMarked(engine.node, group) && ours.evidence === 'operator') return;
      // Two fence devices that lie: nobody took anything on silence, so ping view and uuid decide (docs/fencing.md).
      if (theirs.evidence === 'peerFenced' && !isMarked(engine.node, group)) return;
      // Its record of what it took on silence rotted, and the one before it said that it had.
      if (isMarked(engine.node, group) && daemon.bootedUs > ours.sinceUs && machine.disk.hasRotted) return;
      if (!ours.unprotected && theirs.unprotected) {
        world.violate('split', `${machine.name}: yields ${group}, which it had before the split`);
      }
      const before = yielded.get(group);
      // The other gave way to this very instance, and has not begun anew since.
      const toUs = before?.node === 1 - machine.index && before.theirStartUs === ours.sinceUs;
      if (toUs && theirs.sinceUs <= before.atUs) world.violate('split', `both nodes yield ${group}`);
      yielded.set(group, { node: machine.index, atUs: world.nowUs, theirStartUs: theirs.sinceUs });
    },
  };
}

function saysStopFailed(node: NodeState, key: string): boolean {
  const group = node.groups.find((candidate) => candidate.configuration.key === key);
  return group !== undefined && statementOf(node, group)?.letter === 'f';
}

function isMarked(node: NodeState, key: string): boolean {
  return node.groups.some(({ configuration, marked }) => configuration.key === key && marked);
}

/** A daemon that died right after the start had not yet written down that it was on silence. */
function hasForgotten({ daemon }: Machine, { group, sinceUs, unprotected }: Instance): boolean {
  if (daemon === undefined) return true;
  return unprotected && daemon.bootedUs > sinceUs && !daemon.written.takenOnSilence.includes(group);
}
