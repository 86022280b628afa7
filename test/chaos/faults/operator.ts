/** What administrators do, at bad times. None of it is wrong: the pair has to bear it whenever it comes. */
import { program } from '../../lab/pair.ts';
import { groups } from '../configuration.ts';
import { impatiently } from '../impatiently.ts';
import type { PlannedFault } from '../plan.ts';
import type { World } from '../world.ts';
import { type FaultKind, runningHost, type Undo } from './fault-kind.ts';

/** A command that waits for something is given up after this long, as by Ctrl-C. */
const patienceS = 8;

export const operatorFaults: readonly FaultKind[] = [
  commanded('standby', 4, ['hb_standby']),
  commanded('takeover', 4, ['hb_takeover']),
  commanded('failback', 1, ['hb_takeover', 'failback']),
  commanded('cleanup', 1, ['pairbeat', 'cleanup']),
  commanded('reload', 1, ['heartbeat', '-r']),
  commanded('restart in place', 2, ['heartbeat', '-R']),
  {
    name: 'daemon stopped by an operator',
    class: 'operator',
    weight: 3,
    durationMs: [200, 4000],
    begin: async (world, fault) => {
      runningHost(world, fault.node);
      const release = world.supervisors.get(fault.node)!.holdDaemon();
      return withCommand(world, fault, ['heartbeat', '-k'], release);
    },
  },
  {
    name: 'group unmanaged',
    class: 'operator',
    weight: 1,
    durationMs: [500, 3000],
    begin: async (world, fault) => {
      const { key } = groups.find((group) => group.service === fault.service)!;
      const undo = withCommand(world, fault, ['pairbeat', 'unmanage', key], () => {});
      return async () => {
        await undo();
        await runAt(world, fault, ['pairbeat', 'manage', key]);
      };
    },
  },
];

function commanded(name: string, weight: number, argv: readonly string[]): FaultKind {
  return {
    name: `operator: ${name}`,
    class: 'operator',
    weight,
    durationMs: [50, 1500],
    begin: async (world, fault) => {
      runningHost(world, fault.node);
      return withCommand(world, fault, argv, () => {});
    },
  };
}

/** The command runs while other faults go on; it has ended when the fault has. */
function withCommand(world: World, fault: PlannedFault, argv: readonly string[], undo: Undo): Undo {
  const running = runAt(world, fault, argv);
  return async () => {
    await undo();
    await running;
  };
}

async function runAt(world: World, fault: PlannedFault, [name, ...args]: readonly string[]): Promise<void> {
  const host = world.lab.host(fault.node);
  try {
    if (host.running) await host.exec(impatiently(program(name!, ...args), patienceS));
  } catch {
    // The machine lost its power under the operator's hands.
  }
}
