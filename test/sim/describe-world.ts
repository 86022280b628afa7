/** What both nodes know at this moment, for the reader of a failed run. */
import { statementOf } from '../../src/core/haresources/facts.ts';
import { letterOf, stageOf } from '../../src/core/node-state.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

export function describeWorld(world: World): string[] {
  return world.machines.flatMap((machine) => describeMachine(world, machine));
}

function describeMachine(world: World, machine: Machine): string[] {
  const runs = [...world.truth.all(machine.index)].map(
    ({ group, index, unprotected }) => `${group}#${index}${unprotected ? '*' : ''}`,
  );
  const lines = [
    `${machine.name}: ${machine.powered ? 'on' : 'off'}${machine.frozen ? ', frozen' : ''}; really runs: ${runs.join(' ') || 'nothing'}`,
  ];
  const { daemon, host } = machine;
  const holds = [...(host?.inventory ?? [])].map(([key, entry]) => `${key}:${entry.state}`).join(' ');
  lines.push(
    `  host ${host === undefined ? 'none' : host.alive ? 'alive' : 'dead'}${host?.acted ? ', guardian acted' : ''}: ${holds || 'holds nothing'}`,
  );
  if (daemon === undefined) return [...lines, '  no daemon'];
  const { node, transport } = daemon.engine;
  const { peer } = transport;
  lines.push(
    `  node: ${stageOf(node)} generation ${node.generation}, handover ${node.handoverPhase.value}, host ready ${node.hostReady}; peer ${node.peer.presence} ` +
      `generation ${node.peer.generation} fresh ${node.peer.fresh} deaf ${node.peer.deafSinceUs !== undefined}, report ${node.peer.report?.version ?? '-'} ack ${node.peer.report?.ack ?? '-'} ${node.peer.report?.stage ?? ''}`,
    `  transport: generation ${transport.generation} sequence ${transport.sequence} paused ${transport.paused}; peer ${peer?.heard} generation ${peer?.generation} ` +
      `accepted ${peer?.accepted} confirmation ${peer?.confirmationRequired} pending ${peer?.pending?.generation ?? '-'} missing ${peer?.window.missing.size}; refused ${refusals(transport.accounts.counters)}`,
    ...node.groups.map(
      (group) =>
        `  ${group.configuration.key}@${group.configuration.owner}: ${letterOf(group)} ${group.snapshot.value}${group.marked ? ' marked' : ''}, in flight ${group.inFlight?.action ?? '-'}, ` +
        `offered ${group.offeredAtVersion} withdrawn ${group.withdrawnAtVersion} of ${node.reportVersion}; peer says ${statementOf(node, group)?.letter ?? 'nothing'}`,
    ),
  );
  return lines;
}

function refusals(counters: Readonly<Record<string, number>>): string {
  return Object.entries(counters)
    .filter(
      ([name]) =>
        name.startsWith('stale') ||
        name === 'unconfirmed' ||
        name === 'replay' ||
        name === 'unheard' ||
        name === 'generation-waiting',
    )
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
