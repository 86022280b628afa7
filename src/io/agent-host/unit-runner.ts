/**
 * One operation on a unit of the service manager. A start has succeeded when the unit is active after its job, a stop when
 * nothing of it is left; what lies between two states is neither running nor stopped (docs/systemd-units.md).
 */
import { isUnitName } from '../../core/config/parse-resource.ts';
import type { Operation } from '../../ports/agents.ts';
import type { JobEnd, ServiceManager, UnitState, UnitUnknown } from '../../ports/service-manager.ts';
import type { ScriptResult } from './script-runner.ts';

const kinds = /\.(?:service|socket|mount|target|timer|path|swap|automount|slice|scope|device)$/;

/** With `.service` where no kind is named; `undefined`: no name for a unit. */
export function unitName(argument: string | undefined): string | undefined {
  if (argument === undefined || !isUnitName(argument)) return undefined;
  return kinds.test(argument) ? argument : `${argument}.service`;
}

export async function runUnit(operation: Operation, unit: string, manager: ServiceManager): Promise<ScriptResult> {
  switch (operation.action) {
    case 'start':
      return startOf(unit, manager);
    case 'stop':
      return stopOf(unit, manager);
    default:
      return statusOf(await manager.state(unit));
  }
}

async function startOf(unit: string, manager: ServiceManager): Promise<ScriptResult> {
  const job = await manager.start(unit);
  if (!job.ok) return failed(job, `${unit} did not start`);
  const state = await manager.state(unit);
  if (state.kind === 'unknown') return { outcome: state.timedOut ? 'timeout' : 'failed', reason: state.reason };
  if (isRunning(state)) return { outcome: 'done' };
  const hint =
    state.active === 'inactive' && state.result === 'success'
      ? '; a unit of Type=oneshot needs RemainAfterExit=yes to count as running'
      : '';
  return { outcome: 'failed', reason: `${unit} was started and is ${words(state)}${hint}` };
}

/** What counts is what is left, not how the job ended: a service that dies of its stop is stopped. */
async function stopOf(unit: string, manager: ServiceManager): Promise<ScriptResult> {
  const job = await manager.stop(unit);
  const state = await manager.state(unit);
  if (job.timedOut || (state.kind === 'unknown' && state.timedOut)) return failed({ ...job, timedOut: true }, unit);
  if (state.kind === 'unknown') return { outcome: 'failed', reason: state.reason };
  if (isStopped(state)) return { outcome: 'done' };
  return failed(job, `${unit} is ${words(state)} after its stop`);
}

function statusOf(state: UnitState | UnitUnknown): ScriptResult {
  if (state.kind === 'unknown') return { outcome: state.timedOut ? 'timeout' : 'unknown', reason: state.reason };
  const reason = words(state);
  if (isRunning(state)) return { outcome: 'running', reason };
  if (isStopped(state)) return { outcome: 'not-running', reason };
  // A failed unit of which something is left.
  return { outcome: state.active === 'failed' ? 'failed' : 'unknown', reason };
}

const isRunning = ({ active }: UnitState): boolean => ['active', 'reloading', 'refreshing'].includes(active);

const isStopped = ({ active, hasProcess }: UnitState): boolean =>
  (active === 'inactive' || active === 'failed') && !hasProcess;

function failed({ timedOut, said, exitCode }: JobEnd, what: string): ScriptResult {
  const code = exitCode === undefined ? {} : { exitCode };
  const why = timedOut ? 'systemctl did not answer in time' : said;
  return {
    outcome: timedOut ? 'timeout' : 'failed',
    ...code,
    reason: why === undefined || why === '' ? what : `${what}: ${why}`,
  };
}

function words({ load, active, sub, result }: UnitState): string {
  const extra = load === 'loaded' || load === '' ? [] : [load];
  if (result !== '' && result !== 'success') extra.push(`result ${result}`);
  return `${active} (${sub})${extra.length > 0 ? `, ${extra.join(', ')}` : ''}`;
}
