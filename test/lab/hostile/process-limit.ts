/** Keeps a process and its children from forking, through a control group of version 1 or 2; RLIMIT_NPROC spares root. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessLimit {
  /** No further process or thread from now on. */
  none(): void;
  lift(): void;
}

const roots = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'];

/** `undefined` where there is no such group or no right to it. `lift` takes the group away again. */
export function limitProcesses(pid: number): ProcessLimit | undefined {
  const root = roots.find((candidate) => existsSync(join(candidate, 'cgroup.procs')));
  if (root === undefined) return undefined;
  const group = join(root, `pairbeat-lab-${process.ppid}-${pid}`);
  try {
    mkdirSync(group);
    if (!existsSync(join(group, 'pids.max'))) writeFileSync(join(root, 'cgroup.subtree_control'), '+pids');
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch {
    takeAway(root, group);
    return undefined;
  }
  return {
    none: () => writeFileSync(join(group, 'pids.max'), readFileSync(join(group, 'pids.current'))),
    lift: () => takeAway(root, group),
  };
}

function takeAway(root: string, group: string): void {
  if (!existsSync(group)) return;
  try {
    writeFileSync(join(group, 'pids.max'), 'max');
    for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
      writeFileSync(join(root, 'cgroup.procs'), pid);
    rmdirSync(group);
  } catch {
    // Something in it still ends; the empty group harms nobody.
  }
}
