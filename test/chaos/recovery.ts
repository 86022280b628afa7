/**
 * After the faults have ended: what counts as recovered, how long that may take, and the operator who does what the
 * product asks of one.
 */
import type { StatusReport } from '../../src/protocol/status.ts';
import { sleep } from '../lab/machine.ts';
import { program } from '../lab/pair.ts';
import { groups, nodeNames, times } from './configuration.ts';
import { impatiently } from './impatiently.ts';
import { supervisorDelays } from './supervisor.ts';
import type { World } from './world.ts';

/** The state must hold this long to count; the time counted ends when it began. */
const steadyMs = 250;
const lookEveryMs = 50;
const operatorEveryMs = 1000;
const patienceS = 5;

export interface Recovery {
  /** From the end of the last fault. */
  readonly ms: number;
  /** False: it had not recovered when the waiting ended. */
  readonly recovered: boolean;
  /** What was still missing when the bound was over, in words. */
  readonly missing?: string;
}

/**
 * The longest way back that the configuration allows: power and daemon come back, the node waits for its peer, silence is
 * declared on either side, a fence device is asked, every stop is tried as often as it may be, every start takes all of
 * its time, and the same once more for what only shows afterwards. Half as much again, and three seconds for the machine.
 */
export function recoveryBoundMs(fenceMs: number): number {
  const { initdeadMs, deadtimeMs, stopTries, stopTimeoutMs, stopRetryDelayMs, startTimeoutMs, monitorIntervalMs } =
    times;
  const back = supervisorDelays.bootMs + supervisorDelays.restartMs + initdeadMs + 2 * deadtimeMs;
  const stops = stopTries * stopTimeoutMs + (stopTries - 1) * stopRetryDelayMs;
  const services = stops + startTimeoutMs + monitorIntervalMs + stopTimeoutMs;
  return Math.round(1.5 * (back + fenceMs + services) + operatorEveryMs + 3000);
}

/** Waits until the pair is whole, at most `giveUpMs`. `boundMs` decides what is reported as missing. */
export async function awaitRecovery(world: World, boundMs: number, giveUpMs: number): Promise<Recovery> {
  const beganMs = performance.now();
  let sinceMs: number | undefined;
  let missing: string | undefined;
  let operatorMs = beganMs;
  for (;;) {
    const now = performance.now();
    const lacks = await whatIsMissing(world, beganMs);
    if (lacks === undefined) sinceMs ??= now;
    else sinceMs = undefined;
    if (sinceMs !== undefined && now - sinceMs >= steadyMs) {
      const ms = sinceMs - beganMs;
      return { ms, recovered: true, ...(ms > boundMs && missing !== undefined ? { missing } : {}) };
    }
    if (now - beganMs <= boundMs || missing === undefined) missing = lacks ?? missing;
    if (now - beganMs > giveUpMs)
      return { ms: now - beganMs, recovered: false, ...(missing === undefined ? {} : { missing }) };
    if (now - operatorMs > operatorEveryMs) {
      operatorMs = now;
      await operatorRound(world, beganMs);
    }
    await sleep(lookEveryMs);
  }
}

/** What is not yet as it should be, in words; undefined when the pair is whole. */
export async function whatIsMissing(world: World, sinceMs: number): Promise<string | undefined> {
  for (const name of nodeNames) {
    if (!world.lab.host(name).running) return `${name} has no power`;
    const report = world.status.latest(name, sinceMs);
    if (report === undefined) return `${name} does not answer`;
    const trouble = troubleIn(report);
    if (trouble !== undefined) return `${name}: ${trouble}`;
  }
  const holders = await world.watcher.holders();
  for (const { address, service } of groups) {
    const [of, by] = [holders[`address ${address}`] ?? [], holders[`service ${service}`] ?? []];
    if (of.length !== 1) return `address ${address} is configured on ${of.join(' and ') || 'no node'}`;
    if (by.length !== 1) return `service ${service} runs on ${by.join(' and ') || 'no node'}`;
    if (of[0] !== by[0]) return `address ${address} is on ${of[0]}, its service on ${by[0]}`;
  }
  return undefined;
}

function troubleIn(report: StatusReport): string | undefined {
  const other = report.nodes.find((node) => node.status !== 'active');
  if (other !== undefined) return `${other.name} is ${other.status}`;
  if (report.resourceStatus === 'transition') return 'in transition';
  for (const group of report.groups) {
    const words = Object.values(group.holdings);
    if (
      words.filter((word) => word === 'running').length !== 1 ||
      words.some((word) => word !== 'running' && word !== 'stopped')
    )
      return `${group.key} is ${Object.entries(group.holdings)
        .map(([node, word]) => `${word} on ${node}`)
        .join(', ')}`;
  }
  return undefined;
}

/**
 * What a careful administrator does about a pair that says that something has failed: makes sure that the group really
 * is off where it could not be stopped, then cleans up; and acknowledges a split that is over.
 */
async function operatorRound(world: World, sinceMs: number): Promise<void> {
  for (const name of nodeNames) {
    const host = world.lab.host(name);
    const report = world.status.latest(name, sinceMs);
    if (report === undefined || !host.running) continue;
    try {
      const failed = report.groups.filter((group) =>
        Object.values(group.holdings).some((word) => word.endsWith('-failed')),
      );
      for (const group of failed) if (group.holdings[name] === 'stop-failed') await switchOff(world, name, group.key);
      if (failed.length > 0) await host.exec(impatiently(program('pairbeat', 'cleanup'), patienceS));
      if (report.split !== undefined) await host.exec(impatiently(program('pairbeat', 'acknowledge-split'), patienceS));
    } catch {
      // The machine lost its power meanwhile; the next round finds it as it is then.
    }
  }
}

async function switchOff(world: World, name: string, key: string): Promise<void> {
  const host = world.lab.host(name);
  const group = groups.find((one) => one.key === key)!;
  await host.exec(impatiently(['/etc/ha.d/resource.d/writer', group.service, 'stop'], patienceS));
  await host.exec(['ip', 'address', 'del', `${group.address}/24`, 'dev', 'eth0']);
}
