/**
 * Runs fence devices: told to act, or asked whether they could. A device does one thing at a time, and what is urgent goes
 * first: a probe, or power that is being given back, is broken off for an attempt. Nothing is remembered; an attempt whose
 * host dies is unknown. An attempt ends with the daemon that wants it: it must not hit a node that has been heard since.
 */
import { readFileSync } from 'node:fs';
import { type FenceDevice, ownOutletOf } from '../../../core/config/fencing/fence-device.ts';
import { noProofReason, noProofWords } from '../../../core/config/fencing/no-proof.ts';
import type { Problem } from '../../../core/result.ts';
import { type NodeName, nodeName } from '../../../core/types.ts';
import type { FenceCall, FenceProbe, FenceProbeResult, FenceResult } from '../../../ports/agents.ts';
import type { LogLevel } from '../../../ports/log.ts';
import { allProcesses, signal } from '../process-identity.ts';
import { createExternalPlugin } from './external-plugin.ts';
import { createFenceAgent } from './fence-agent.ts';
import { exitCodeOf, type FenceAdapter, type FenceReport, wordsOf } from './fence-report.ts';
import { createFenceRun, type FenceRun, type FenceSurroundings, fenceMarker, installTools } from './fence-run.ts';
import { findFenceProgram } from './find-device.ts';
import { createStonithPlugin } from './stonith-plugin.ts';

export interface FencerSystem {
  readonly nowMs: () => number;
  readonly devices: () => readonly FenceDevice[];
  readonly haDir: () => string;
  readonly toolsDir: () => string;
  /** Where a parameter file lies while a plugin reads it. */
  readonly secretsDir: string;
  readonly marker: string;
  readonly log: (level: LogLevel, message: Problem) => void;
}

export interface Fencer {
  /** Answers always, and within the call's time and a moment. */
  fence(call: FenceCall): Promise<FenceResult>;
  /** Undefined when an attempt with the device went first. */
  probe(probe: FenceProbe): Promise<FenceProbeResult | undefined>;
  /** Whoever asked is gone: ends every attempt and question, running or waiting; those who wait are answered. Kills at once. */
  endAll(): void;
}

/** Attempts under way at once, over all devices; and as many questions, which take no attempt's place. */
const runsMax = 8;
const powerOnTimeoutMs = 60_000;

interface Lane {
  /** Resolves when nothing runs on the device any more. */
  free: Promise<void>;
  /** What gives way, running or waiting for its turn. */
  readonly yielding: Set<FenceRun>;
}

export function createFencer(system: FencerSystem): Fencer {
  const lanes = new Map<string, Lane>();
  const attempts = { running: 0 };
  const questions = { running: 0 };
  /** What somebody waits for. Power that is being given back is not among them: it harms nobody. */
  const wanted = new Set<FenceRun>();

  const laneOf = (device: string): Lane => {
    const lane = lanes.get(device) ?? { free: Promise.resolve(), yielding: new Set() };
    lanes.set(device, lane);
    return lane;
  };

  /** One after the other on a device, whatever becomes of them. One that was ended meanwhile runs nothing in its turn. */
  async function inLane<Value>(lane: Lane, run: FenceRun, gives: boolean, work: () => Promise<Value>): Promise<Value> {
    const before = lane.free;
    let done = (): void => undefined;
    lane.free = new Promise((resolve) => {
      done = resolve;
    });
    if (gives) lane.yielding.add(run);
    await before;
    try {
      return await work();
    } finally {
      lane.yielding.delete(run);
      done();
    }
  }

  const surroundings = (): FenceSurroundings => ({ ...system, toolsDir: system.toolsDir() });

  function adapterOf(
    name: string,
    target: NodeName,
  ): { readonly device: FenceDevice; readonly adapter: FenceAdapter } | string {
    const device = system.devices().find((one) => one.name === name);
    if (device === undefined) return 'ha.cf has no such device for this node';
    const reason = noProofReason(device.type);
    if (reason !== undefined) return `${noProofWords[reason]}: no proof; use a device that cuts its power`;
    const own = ownOutletOf(device, target);
    if (own !== undefined)
      return `its parameters name ${own}, which is this machine itself: not used against ${target}`;
    const file = findFenceProgram(device.type, system.haDir());
    if (file === undefined) return 'its program is not installed, or others may write to it';
    if (device.kind === 'agent') return { device, adapter: createFenceAgent(device, file) };
    if (device.kind === 'plugin') return { device, adapter: createStonithPlugin(device, file, system.secretsDir) };
    installTools(system.toolsDir());
    return { device, adapter: createExternalPlugin(device, file) };
  }

  async function attempt(call: FenceCall, run: FenceRun, lane: Lane): Promise<FenceReport> {
    const found = adapterOf(call.device, nodeName(call.target));
    if (typeof found === 'string') return { outcome: 'failed', verified: false, detail: found };
    const report = await found.adapter.fence(run, call.action, call.target);
    const { afterwards, ...answer } = report;
    if (afterwards !== undefined) void powerOn(lane, found.device, call.target, afterwards);
    return answer;
  }

  /** Best effort: the target is off, which is all that was promised. */
  async function powerOn(
    lane: Lane,
    device: FenceDevice,
    target: string,
    afterwards: (run: FenceRun) => Promise<Parameters<typeof exitCodeOf>[0]>,
  ): Promise<void> {
    const run = createFenceRun(surroundings(), powerOnTimeoutMs);
    const end = await inLane(lane, run, true, () => afterwards(run));
    const fields = { device: device.name, node: target };
    if (exitCodeOf(end) === 0) return system.log('notice', { code: 'fence-power-on-done', fields });
    const detail = wordsOf(device, 'on', end);
    system.log('error', { code: 'fence-power-on-failed', fields: { ...fields, detail } });
  }

  async function guarded<Value>(
    runs: { running: number },
    run: FenceRun,
    full: Value,
    failed: (reason: string) => Value,
    work: () => Promise<Value>,
  ): Promise<Value> {
    if (runs.running >= runsMax) return full;
    runs.running += 1;
    wanted.add(run);
    try {
      return await work();
    } catch (error) {
      return failed(error instanceof Error ? error.message.slice(0, 200) : 'fault');
    } finally {
      wanted.delete(run);
      runs.running -= 1;
    }
  }

  return {
    async fence(call) {
      const lane = laneOf(call.device);
      const run = createFenceRun(surroundings(), call.timeoutMs);
      const report = await guarded<FenceReport>(
        attempts,
        run,
        { outcome: 'failed', verified: false, detail: 'too many attempts are under way' },
        (detail) => ({ outcome: 'unknown', verified: false, detail }),
        () => {
          for (const yielding of lane.yielding) yielding.end();
          return inLane(lane, run, false, () => attempt(call, run, lane));
        },
      );
      return { attempt: call.attempt, ...report };
    },

    async probe({ device, target, timeoutMs }) {
      const lane = laneOf(device);
      const run = createFenceRun(surroundings(), timeoutMs);
      let brokenOff = false;
      const end = run.end;
      const yielding: FenceRun = {
        ...run,
        end() {
          brokenOff = true;
          end();
        },
      };
      const report = await guarded(
        questions,
        yielding,
        { ok: false, detail: 'too many devices are being asked' },
        (detail) => ({ ok: false, detail }),
        () =>
          inLane(lane, yielding, true, async () => {
            const found = adapterOf(device, nodeName(target));
            return typeof found === 'string' ? { ok: false, detail: found } : found.adapter.probe(yielding, target);
          }),
      );
      return brokenOff ? undefined : { device, ...report };
    },

    endAll() {
      for (const run of wanted) run.end();
    },
  };
}

/** One that forks while it is being ended leaves a child that was not there when the processes were listed. */
const reapRoundsMax = 10;

/** What a process that is gone left running must not switch anything off later, when nobody expects it any more. */
export function reapFencing(marker: string): number[] {
  const wanted = `${fenceMarker}=${marker}`;
  const reaped = new Set<number>();
  for (let round = 0; round < reapRoundsMax; round += 1) {
    const pids = allProcesses()
      .map(({ pid }) => pid)
      .filter((pid) => pid !== process.pid && !reaped.has(pid) && environmentOf(pid).includes(wanted));
    if (pids.length === 0) break;
    for (const pid of pids) {
      signal(pid, 'SIGKILL');
      reaped.add(pid);
    }
  }
  return [...reaped];
}

/** Of attempts that a daemon makes itself. The next daemon of this node finds by it what became nobody's. */
export const daemonMarker = (hostIdentityFile: string): string => `${hostIdentityFile} daemon`;

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
