/** Faults of processes and of whole machines: killed, stopped, starved, without power. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Host } from '../../lab/host.ts';
import { sendSignal, sleep } from '../../lab/machine.ts';
import type { ChaosNode } from '../configuration.ts';
import { childrenOf, nameOf, parentOf, statOf } from '../process-table.ts';
import type { World } from '../world.ts';
import { agentHostOf, daemonOf, type FaultKind, NotApplicable, runningHost, type Undo } from './fault-kind.ts';

const noUndo: Undo = () => {};
const pauses: readonly [number, number] = [60, 4000];

export const processFaults: readonly FaultKind[] = [
  {
    name: 'daemon stopped',
    class: 'process',
    mayDouble: 'services',
    weight: 3,
    durationMs: pauses,
    begin: async (world, fault) => stopped([daemonOf(world, fault)]),
  },
  {
    name: 'agent host stopped',
    class: 'process',
    mayDouble: true,
    weight: 2,
    durationMs: pauses,
    begin: async (world, fault) => stopped([agentHostOf(world, fault)]),
  },
  {
    name: 'machine frozen',
    class: 'process',
    mayDouble: true,
    weight: 4,
    durationMs: pauses,
    begin: async (world, fault) => stopped(pidsOf(runningHost(world, fault.node))),
  },
  {
    name: 'machine starved',
    class: 'process',
    mayDouble: true,
    weight: 2,
    durationMs: [500, 4000],
    begin: async (world, fault) => starve(runningHost(world, fault.node), 10 + 60 * fault.amount),
  },
  {
    name: 'machine busy',
    class: 'process',
    mayDouble: true,
    weight: 1,
    durationMs: [500, 3000],
    begin: async (world, fault) => busy(runningHost(world, fault.node)),
  },
  {
    name: 'daemon killed',
    class: 'process',
    mayDouble: 'services',
    weight: 4,
    durationMs: [50, 3000],
    begin: async (world, fault) => {
      const release = world.supervisors.get(fault.node)!.holdDaemon();
      return killed(() => [daemonOf(world, fault)], release);
    },
  },
  {
    name: 'agent host killed',
    class: 'process',
    mayDouble: true,
    weight: 3,
    durationMs: [50, 100],
    begin: async (world, fault) => killed(() => [agentHostOf(world, fault)], noUndo),
  },
  {
    name: 'daemon and agent host killed',
    class: 'process',
    mayDouble: true,
    weight: 3,
    durationMs: [50, 3000],
    begin: async (world, fault) => {
      const release = world.supervisors.get(fault.node)!.holdDaemon();
      return killed(() => [daemonOf(world, fault), agentHostOf(world, fault)], release);
    },
  },
  {
    name: 'service killed',
    class: 'process',
    weight: 2,
    durationMs: [50, 100],
    begin: async (world, fault) => killed(() => [serviceOf(world, fault.service)], noUndo),
  },
  {
    name: 'power off',
    class: 'power',
    weight: 4,
    durationMs: [100, 4000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      const supervisor = world.supervisors.get(host.name as ChaosNode)!;
      const release = supervisor.holdPower();
      await supervisor.cutPower();
      return release;
    },
  },
  {
    name: 'power of both off',
    class: 'power',
    weight: 1,
    durationMs: [100, 2000],
    begin: async (world) => {
      const releases = [...world.supervisors.values()].map((supervisor) => supervisor.holdPower());
      await Promise.all([...world.supervisors.values()].map((supervisor) => supervisor.cutPower()));
      return async () => {
        for (const release of releases) {
          release();
          await sleep(200);
        }
      };
    },
  },
];

function pidsOf(host: Host): number[] {
  return host.processes().map(({ pid }) => pid);
}

function stopped(pids: readonly number[]): Undo {
  // nsenter, by which the lab put a process into the machine, stops itself with it, and then does not see it end.
  const entrances = pids.flatMap((pid) => parentOf(pid)).filter((pid) => nameOf(pid) === 'nsenter');
  const lives = [...pids, ...entrances].map((pid) => ({ pid, began: beginningOf(pid) }));
  for (const pid of pids) sendSignal(pid, 'SIGSTOP');
  return () => {
    // A pid may belong to somebody else by now.
    for (const { pid, began } of lives) if (beginningOf(pid) === began) sendSignal(pid, 'SIGCONT');
  };
}

function killed(pids: () => readonly number[], undo: Undo): Undo {
  try {
    for (const pid of pids()) sendSignal(pid, 'SIGKILL');
    return undo;
  } catch (error) {
    void undo();
    throw error;
  }
}

/** As a quota of the processor does it: stopped most of the time, running a little in between. */
function starve(host: Host, runMs: number): Undo {
  let going = true;
  const starving = (async () => {
    while (going && host.running) {
      const resume = stopped(pidsOf(host));
      await sleep(150);
      await resume();
      await sleep(runMs);
    }
  })();
  return async () => {
    going = false;
    await starving;
  };
}

/** Twice as many busy loops as there are processors, inside the machine. */
function busy(host: Host): Undo {
  const loops: ChildProcess[] = Array.from({ length: 4 }, () => {
    const enter = ['--target', String(host.pid), '--pid', '--'];
    return spawn('nsenter', [...enter, 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' });
  });
  const ended = loops.map((loop) => new Promise<void>((resolve) => loop.once('exit', () => resolve())));
  return async () => {
    // The child of nsenter is the loop. nsenter itself must live to collect it, or the machine could never end.
    for (const loop of loops) for (const child of childrenOf(loop.pid!)) sendSignal(child, 'SIGKILL');
    await Promise.all(ended);
  };
}

function serviceOf(world: World, service: string): number {
  for (const host of world.lab.hosts) {
    const found = host.processes().find(({ argv }) => argv[1] === '/etc/ha.d/chaos/writer' && argv[2] === service);
    if (found !== undefined) return found.pid;
  }
  throw new NotApplicable(`service ${service} runs nowhere`);
}

/** With the pid it names one process for as long as the kernel is up. */
function beginningOf(pid: number): string | undefined {
  return statOf(pid)?.[19];
}
