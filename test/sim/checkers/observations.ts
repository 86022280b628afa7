/** Counts the states that a run should reach now and then (sometimes.ts). Objects to nothing. */

import { statementOf } from '../../../src/core/haresources/facts.ts';
import { isHeld } from '../../../src/core/haresources/letters.ts';
import { letterOf } from '../../../src/core/node-state.ts';
import { betterReach } from '../../../src/core/ping/reach.ts';
import type { Problem } from '../../../src/core/result.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Sometimes } from '../sometimes.ts';
import type { Machine } from '../world/machine.ts';
import type { Checker } from './checker.ts';

const ofLogCode: Readonly<Record<string, Sometimes>> = {
  'group-adopted': 'daemon restarted, group adopted',
  'split-found': 'split found',
  'split-healed': 'split healed',
  'group-stop-failed': 'stop failed for good',
  'ping-node-dead': 'ping node dead',
  'leave-refused': 'leaving refused: failed stop',
  'handover-done': 'handover done',
  'handover-failed': 'handover failed',
  'resource-left-out': 'resource left out',
  'resource-elsewhere': 'resource elsewhere',
  'group-removed': 'group removed',
  'group-restarted': 'restarted in place',
  'monitor-gave-up': 'given up after failures',
  'monitor-nobody-else': 'nobody else could run it',
  'group-runs-nowhere': 'runs nowhere',
  'status-unreliable': 'status unreliable',
  'status-unknown': 'status unknown',
  'group-unmanaged': 'unmanaged',
  'fenced-but-alive': 'fenced and alive, let go',
  'waiting-for-peer': 'waited for all',
  'operator-confirmed-off': 'operator confirmed that the peer is off',
  'group-managed': 'managed again',
  'unmanage-over': 'unmanaged group let go of',
};

const runTwoReleases = ({ daemon, other }: Machine): boolean =>
  other.daemon !== undefined && other.daemon.core !== daemon?.core;

function isIpfailDone({ code, fields }: Problem): boolean {
  return code === 'handover-done' && fields['reason'] === 'ipfail';
}

export function createObservations(): Checker {
  return {
    effect(world, { machine, engine }, effect) {
      if (effect.type === 'exit') world.count('left gracefully');
      if (effect.type === 'operation') {
        const { state, group } = { state: engine.node, group: effect.operation.group };
        const value = state.groups.find(({ configuration }) => configuration.key === group)?.snapshot.value;
        if (effect.evidence?.kind === 'heldHere') world.count('resource added live');
        if (value === 'trimming' && effect.operation.action === 'stop') world.count('resource stopped live');
      }
      if (effect.type === 'ownDeadtime' && effect.deadtimeMs > world.setup.deadtimeMs)
        world.count('longer deadtime acknowledged');
      if (effect.type !== 'log') return;
      const { code, fields } = effect.message;
      const name = ofLogCode[code];
      if (name !== undefined) world.count(name);
      const restarted = engine.node.groups.find(({ configuration }) => configuration.key === fields['group'])?.monitor;
      if (code === 'group-start-failed' && restarted?.restartedFrom !== undefined)
        world.count('restart in place failed');
      if (code === 'handover-asked' && fields['reason'] === 'failback') world.count('failback');
      if (code === 'split-yielded' && betterReach(engine.node) === 'theirs') world.count('split decided by ping nodes');
      if (code === 'handover-failed' && fields['problem'] === 'peer-asked-first')
        world.count('crossing standby requests');
      if (code === 'peer-silent') {
        const blocked = engine.node.groups.some((group) => statementOf(engine.node, group)?.letter === 'f');
        if (blocked) world.count('failed stop blocked a takeover');
      }
      const { daemon, host, powered } = machine.other;
      if (
        code === 'group-starting' &&
        fields['evidence'] === 'unprotected' &&
        powered &&
        daemon === undefined &&
        host?.acted === true
      ) {
        world.count('guardian released before the peer started');
      }
    },
    stepped(world, { engine, machine }, event, effects) {
      if (effects.length === 0) return;
      if (event?.to === 'node' && engine.node.peer.presence === 'up' && runTwoReleases(machine))
        world.count('two releases in one cluster');
      const moved = effects.some((effect) => effect.type === 'log' && isIpfailDone(effect.message));
      if (moved) world.count('ipfail moved resources');
      const { node } = engine;
      for (const effect of effects) {
        if (effect.type !== 'reply' || event?.to !== 'node' || event.event.type !== 'command') continue;
        const { verb } = event.event.command;
        if (verb === 'standby') world.count(effect.ok ? 'standby accepted' : 'standby refused');
        if (verb === 'takeover' && effect.ok) world.count('takeover accepted');
      }
      if (event?.to !== 'node' && !effects.some((effect) => effect.type === 'operation' || effect.type === 'log'))
        return;
      for (const group of node.groups) {
        const letter = letterOf(group);
        if (group.monitor.restartedFrom !== undefined && !group.monitor.watching) {
          if (letter === 'p') world.count('restart in place overtaken');
        }
        if (letter === 'x') {
          world.count('start-failed group offered');
          const there = machine.other.daemon?.engine.node.groups[node.groups.indexOf(group)];
          if (there !== undefined && letterOf(there) === 'x') world.count('start failed on both nodes');
        }
        if (letter === 'u') world.count('unknown after lost operation');
        if (letter === '-' && group.withdrawnAtVersion > 0) {
          world.count('offer withdrawn');
          if ((node.peer.report?.ack ?? 0) < group.withdrawnAtVersion && !isHeld(letter))
            world.count('withdrawal not yet acknowledged');
        }
      }
      if (event?.to === 'node' && event.event.type === 'boot' && node.groups.some((group) => group.unmanaged))
        world.count('unmanaged group adopted');
      if (
        event?.to === 'node' &&
        event.event.type === 'boot' &&
        event.event.hello.inventory.some((entry) => entry.state === 'unknown')
      ) {
        world.count('daemon restarted in the middle of an operation');
      }
      void usPerMs;
    },
  };
}
