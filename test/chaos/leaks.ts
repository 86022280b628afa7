/** What must not grow while the pair lives, and what must be gone when it has ended. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';
import { exec } from '../lab/processes.ts';
import { nodeNames } from './configuration.ts';
import type { World } from './world.ts';

export interface Sample {
  readonly node: string;
  readonly program: 'daemon' | 'agent host';
  readonly pid: number;
  readonly atMs: number;
  readonly descriptors: number;
  readonly rssKb: number;
}

export interface Growth {
  readonly samples: number;
  /** Over all lives of the program: the most that one life had more at rest than at its first rest. */
  readonly descriptorsMost: number;
  readonly descriptorsGrowth: number;
  readonly rssMostMb: number;
  readonly rssGrowthMb: number;
}

/** Taken while the pair is at rest, so that two of them can be compared. */
export function sample(world: World): Sample[] {
  return nodeNames.flatMap((node) => {
    const host = world.lab.host(node);
    if (!host.running) return [];
    return host.processes().flatMap(({ pid, argv }): Sample[] => {
      const ofProgram = programOf(argv);
      const measured = ofProgram === undefined ? undefined : measure(pid);
      return measured === undefined ? [] : [{ node, program: ofProgram!, pid, atMs: performance.now(), ...measured }];
    });
  });
}

function programOf(argv: readonly string[]): Sample['program'] | undefined {
  if (argv.some((word) => word.endsWith('/agent-host.js'))) return 'agent host';
  return argv.some((word) => word.endsWith('/heartbeat.js')) && argv.includes('-f') ? 'daemon' : undefined;
}

function measure(pid: number): { readonly descriptors: number; readonly rssKb: number } | undefined {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
    return { descriptors, rssKb };
  } catch {
    return undefined;
  }
}

/** Compares each life of a program with itself. */
export function growthOf(samples: readonly Sample[], program: Sample['program']): Growth {
  const lives = new Map<string, Sample[]>();
  for (const one of samples) {
    if (one.program !== program) continue;
    const key = `${one.node} ${one.pid}`;
    lives.set(key, [...(lives.get(key) ?? []), one]);
  }
  const growth = { samples: 0, descriptorsMost: 0, descriptorsGrowth: 0, rssMostMb: 0, rssGrowthMb: 0 };
  for (const life of lives.values()) {
    const [first] = life;
    const last = life.at(-1)!;
    growth.samples += life.length;
    growth.descriptorsMost = Math.max(growth.descriptorsMost, ...life.map((one) => one.descriptors));
    growth.descriptorsGrowth = Math.max(growth.descriptorsGrowth, last.descriptors - first!.descriptors);
    growth.rssMostMb = Math.max(growth.rssMostMb, ...life.map((one) => one.rssKb / 1024));
    growth.rssGrowthMb = Math.max(growth.rssGrowthMb, (last.rssKb - first!.rssKb) / 1024);
  }
  return growth;
}

/** What is left after both daemons were stopped: each a sentence. */
export async function leftovers(world: World, sharedMemoryBefore: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const host of world.lab.hosts) {
    found.push(...host.processes().map(({ argv }) => `process on ${host.name}: ${argv.join(' ')}`));
    found.push(...temporaryFiles(host));
  }
  const rules = await exec('nft', ['list', 'tables']);
  found.push(
    ...rules.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `nftables: ${line}`),
  );
  found.push(...controlGroups().map((name) => `control group ${name}`));
  found.push(
    ...sharedMemory()
      .filter((name) => !sharedMemoryBefore.includes(name))
      .map((name) => `shared memory ${name}`),
  );
  const links = await exec('ip', ['-o', 'link']);
  const ports = links.stdout.split('\n').filter((line) => /: p\d+m\d+g\d+/.test(line)).length;
  const wanted = [...world.lab.hosts, world.lab.client, world.lab.observer].flatMap((one) =>
    one.running ? one.devices : [],
  );
  if (ports !== wanted.length) found.push(`${ports} ports at the switches instead of ${wanted.length}`);
  return found;
}

export function sharedMemory(): string[] {
  return existsSync('/dev/shm') ? readdirSync('/dev/shm') : [];
}

/** Files that are written first and renamed then must not stay under their first name. */
function temporaryFiles(host: Host): string[] {
  const roots = [host.stateDirectory, host.configurationDirectory, host.path('/run/heartbeat')];
  return roots.flatMap((root) =>
    existsSync(root)
      ? readdirSync(root, { recursive: true })
          .map(String)
          .filter((name) => /\.(tmp|new|partial)|\.tmp-|~$/.test(name))
          .map((name) => `file on ${host.name}: ${join(root, name)}`)
      : [],
  );
}

function controlGroups(): string[] {
  const root = '/sys/fs/cgroup/pids';
  return existsSync(root) ? readdirSync(root).filter((name) => name.startsWith(`pairbeat-chaos-${process.ppid}-`)) : [];
}
