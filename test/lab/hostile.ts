/** Runs the attacker (hostile-main.ts) on a machine of the lab, to its end. */
import { join } from 'node:path';
import type { Machine } from './machine.ts';

export interface HostileReport {
  readonly captured: number;
  readonly datagrams: number;
}

export async function startHostile(machine: Machine, options: { seconds: number }): Promise<HostileReport> {
  const script = join(import.meta.dirname, 'hostile-main.js');
  const result = await machine.exec([process.execPath, script, String(options.seconds)]);
  if (result.code !== 0) throw new Error(`the attacker failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as HostileReport;
}
