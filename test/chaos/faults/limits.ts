/** Things run out: space on the disk, file descriptors, processes; and the disk is slow, or says that it has failed. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../lab/enter.ts';
import { exec } from '../../lab/processes.ts';
import { agentHostOf, daemonOf, type FaultKind, runningHost, type Undo } from './fault-kind.ts';

const controlGroups = '/sys/fs/cgroup/pids';

export const limitFaults: readonly FaultKind[] = [
  {
    name: 'disk full',
    class: 'disk',
    weight: 2,
    durationMs: [500, 5000],
    begin: async (world, fault) => {
      const filler = join(world.lab.host(fault.node).stateDirectory, 'filler');
      // fallocate answers with an error and takes nothing when there is not so much; dd takes what there is.
      await exec('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M', 'status=none']);
      return () => rmSync(filler, { force: true });
    },
  },
  {
    name: 'disk read-only at the start of the daemon',
    class: 'disk',
    mayDouble: true,
    weight: 1,
    durationMs: [500, 3000],
    begin: async (world, fault) => {
      const host = world.lab.host(fault.node);
      const pids = host.running ? host.processes().map(({ pid }) => pid) : [];
      // Nobody can take the right to write from who has a file open: so they die first, and start on the changed disk.
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      const remount = (word: string) => exec('mount', ['-o', `remount,${word}`, host.stateDirectory]);
      for (let tries = 0; tries < 20; tries += 1) if ((await remount('ro')).code === 0) break;
      return async () => void (await remount('rw'));
    },
  },
  {
    name: 'no descriptors left for the daemon',
    class: 'limits',
    weight: 1,
    durationMs: [500, 4000],
    begin: async (world, fault) => limitDescriptors(daemonOf(world, fault), fault.amount),
  },
  {
    name: 'no descriptors left for the agent host',
    class: 'limits',
    mayDouble: true,
    weight: 1,
    durationMs: [500, 4000],
    begin: async (world, fault) => limitDescriptors(agentHostOf(world, fault), fault.amount),
  },
  {
    name: 'no new processes',
    class: 'limits',
    mayDouble: true,
    weight: 2,
    durationMs: [500, 4000],
    unavailable: () => {
      if (!existsSync(controlGroups)) return 'no pids controller of cgroup v1';
      try {
        accessSync(controlGroups, constants.W_OK);
        return undefined;
      } catch {
        return 'the pids controller cannot be written';
      }
    },
    begin: async (world, fault) =>
      noNewProcesses(
        runningHost(world, fault.node)
          .processes()
          .map(({ pid }) => pid),
      ),
  },
  {
    name: 'slow fsync',
    class: 'disk',
    mayDouble: true,
    weight: 1,
    durationMs: [800, 4000],
    unavailable: () => (findCommand('strace') === undefined ? 'strace is not installed' : undefined),
    begin: async (world, fault) =>
      injected(daemonOf(world, fault), `delay_enter=${200_000 + 1_500_000 * fault.amount}`),
  },
  {
    name: 'fsync fails',
    class: 'disk',
    mayDouble: true,
    weight: 1,
    durationMs: [800, 4000],
    unavailable: () => (findCommand('strace') === undefined ? 'strace is not installed' : undefined),
    begin: async (world, fault) => injected(daemonOf(world, fault), 'error=EIO'),
  },
];

async function limitDescriptors(pid: number, amount: number): Promise<Undo> {
  const inUse = readdirSync(`/proc/${pid}/fd`).length;
  const set = (limit: string) => exec('prlimit', ['--pid', String(pid), `--nofile=${limit}`]);
  await set(`${inUse + Math.floor(amount * 4)}:1048576`);
  return async () => void (await set('65536:1048576'));
}

let groupNumber = 0;

/** A control group of its own that may have as many processes as it has: fork answers EAGAIN. */
function noNewProcesses(pids: readonly number[]): Undo {
  groupNumber += 1;
  const directory = join(controlGroups, `pairbeat-chaos-${process.ppid}-${groupNumber}`);
  mkdirSync(directory);
  const move = (pid: number, to: string) => {
    try {
      writeFileSync(join(to, 'cgroup.procs'), String(pid));
    } catch {
      // It has ended.
    }
  };
  for (const pid of pids) move(pid, directory);
  writeFileSync(join(directory, 'pids.max'), '1');
  return () => {
    // Children belong to the group of their parents: whoever is in it goes back.
    for (let tries = 0; tries < 50 && existsSync(directory); tries += 1) {
      for (const pid of membersOf(directory)) move(pid, controlGroups);
      try {
        rmdirSync(directory);
      } catch {
        // Somebody has just been born or is just dying.
      }
    }
  };
}

function membersOf(directory: string): number[] {
  return readFileSync(join(directory, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
}

/** strace changes what the process gets for an answer; it is stopped at each of these calls and at no others. */
async function injected(pid: number, what: string): Promise<Undo> {
  const calls = 'fsync,fdatasync';
  const argv = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-p',
    String(pid),
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:${what}`,
  ];
  const tracer: ChildProcess = spawn('strace', argv, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => tracer.once('exit', () => resolve()));
  return async () => {
    // It lets go of the process before it ends.
    tracer.kill('SIGINT');
    await ended;
  };
}
