/**
 * Whether the fence devices would work if they were needed tonight: each is asked when the node starts and about once an
 * hour, one that does not answer more often. Decides nothing; `status` and the alarm tell.
 */
import { endAlarm, hasAlarm, raiseAlarm } from '../alarms.ts';
import type { NodeEvent } from '../events.ts';
import { type NodeState, stageOf } from '../node-state.ts';
import { arm } from '../timers.ts';
import { usPerMs } from '../types.ts';
import type { DeviceHealth } from './fencing-state.ts';

/** One that failed is asked again after so long, or after the usual interval if that is shorter. */
const againMs = 60_000;
const timer = 'fence devices';

type Probed = Extract<NodeEvent, { type: 'fenceDeviceProbed' }>;

/** At boot, when the interval has passed, and after a reload that named other devices. */
export function probeFenceDevices(state: NodeState): void {
  const settings = state.options.fencing;
  if (settings === undefined || settings.probeIntervalMs === 0 || stageOf(state) === 'left') return;
  forgetOthers(state, new Set(settings.devices.map(({ name }) => name)));
  for (const { name } of settings.devices) {
    state.effects.push({
      type: 'probeFenceDevice',
      device: name,
      target: state.options.peer,
      timeoutMs: settings.timeoutMs,
    });
  }
  if (settings.devices.length > 0) arm(state.timers, timer, state.nowUs + settings.probeIntervalMs * usPerMs);
}

export function fenceDeviceProbed(state: NodeState, { device, ok, detail }: Probed): void {
  noteHealth(state, device, ok, detail);
}

/** Also an attempt to fence tells how the device is. */
export function noteHealth(state: NodeState, device: string, ok: boolean, detail: string): void {
  const settings = state.options.fencing;
  if (settings?.devices.some(({ name }) => name === device) !== true) return;
  state.fencing.devices.set(device, { state: ok ? 'ok' : 'failing', saidUs: state.nowUs, detail });
  const problem = { code: 'fence-device-failing', fields: { device, peer: state.options.peer, detail } };
  const known = hasAlarm(state, problem.code, device);
  if (ok) {
    endAlarm(state, problem.code, device);
    if (known) log(state, 'notice', 'fence-device-works', { device });
    return;
  }
  if (!known) log(state, 'error', problem.code, problem.fields);
  raiseAlarm(state, problem, device);
  if (settings.probeIntervalMs === 0) return;
  const intervalMs = Math.min(againMs, settings.probeIntervalMs);
  arm(state.timers, timer, state.nowUs + intervalMs * usPerMs);
}

export function healthOf(state: NodeState, device: string): DeviceHealth {
  return state.fencing.devices.get(device) ?? { state: 'unknown', saidUs: 0, detail: '' };
}

function forgetOthers(state: NodeState, named: ReadonlySet<string>): void {
  for (const device of [...state.fencing.devices.keys()]) {
    if (named.has(device)) continue;
    state.fencing.devices.delete(device);
    endAlarm(state, 'fence-device-failing', device);
  }
}

function log(
  state: NodeState,
  level: 'notice' | 'error',
  code: string,
  fields: Readonly<Record<string, string | number | boolean>>,
): void {
  state.effects.push({ type: 'log', level, message: { code, fields } });
}
