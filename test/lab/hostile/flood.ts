/** Runs a flood (flood-main.ts) against a pair, and says what it cost the two daemons. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host.ts';
import type { Machine } from '../machine.ts';

export type FloodKind = 'garbage' | 'replay' | 'spoofed' | 'forged' | 'strangers' | 'oversized' | 'mixed';

export interface FloodReport {
  readonly kind: FloodKind;
  readonly recorded: number;
  readonly datagrams: number;
  readonly frames: number;
  readonly tookMs: number;
}

export interface FloodOptions {
  readonly kind: FloodKind;
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

/** From the client's machine, to its end. */
export async function runFlood(client: Machine, options: FloodOptions): Promise<FloodReport> {
  const { kind, packetsPerSecond, seconds } = options;
  const network = ['eth0', client.macAddress('eth0'), '192.168.1.200', '192.168.1.255'];
  const args = [...network, kind, String(packetsPerSecond), String(seconds)];
  return runJson(client, 'flood-main', args, { timeoutMs: (seconds + 30) * 1000 });
}

export interface WireReport {
  readonly realTime: boolean;
  readonly nodes: Readonly<Record<string, { readonly packets: number; readonly longestGapMs: number }>>;
}

/** What a third machine sees of the two nodes' own packets during these seconds. */
export function watchWire(observer: Machine, hosts: readonly Host[], seconds: number): Promise<WireReport> {
  const nodes = hosts.map((host) => `${host.name}=${host.macAddress('eth0')}`);
  return runJson(observer, 'wire-watch-main', ['eth0', ...nodes, String(seconds)], {
    timeoutMs: (seconds + 30) * 1000,
  });
}

async function runJson<Report>(
  machine: Machine,
  name: string,
  args: readonly string[],
  options: { timeoutMs: number },
): Promise<Report> {
  const script = join(import.meta.dirname, `${name}.js`);
  const result = await machine.exec([process.execPath, script, ...args], options);
  if (result.code !== 0) throw new Error(`${name} failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Report;
}

/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentKb: number;
}

const millisecondsPerTick = 10;

export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick,
    residentKb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]),
  };
}
