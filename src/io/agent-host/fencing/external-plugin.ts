/**
 * A script of cluster-glue, `external/NAME`: called as `SCRIPT ACTION [HOST]` with its parameters as plain environment
 * variables, exit 0 or not. Before it acts it must list the target (S8: a device that does not know it proves nothing).
 * Its `status` tells of the device and not of the target's power, so its success is confirmed and never verified.
 */
import { type FenceDevice, plugOf } from '../../../core/config/fencing/fence-device.ts';
import { nodeName } from '../../../core/types.ts';
import type { AgentEnd } from '../agent-process.ts';
import { exitCodeOf, type FenceAdapter, type FenceReport, notDone, type ProbeReport, wordsOf } from './fence-report.ts';
import type { FenceRun } from './fence-run.ts';

type Named = Readonly<Record<string, string>>;

export function createExternalPlugin(device: FenceDevice, file: string): FenceAdapter {
  const ask = (run: FenceRun, environment: Named, ...args: string[]): Promise<AgentEnd> =>
    run.call({ file, args, environment });

  /** The host argument for the target, or why there is none. */
  async function hostOf(run: FenceRun, environment: Named, target: string): Promise<FenceReport | string> {
    const end = await ask(run, environment, 'gethosts');
    if (end.kind !== 'exited' || end.exitCode !== 0) return { ...notDone(device, 'gethosts', end), outcome: 'failed' };
    const outlet = plugOf(device.parameters, nodeName(target)) ?? target;
    const found = end.output.split(/[\s,]+/).find((host) => host.toLowerCase() === outlet.toLowerCase());
    return found ?? { outcome: 'failed', verified: false, detail: `it does not list ${outlet}` };
  }

  async function fence(run: FenceRun, action: 'reset' | 'off', target: string): Promise<FenceReport> {
    const environment = await parametersOf(device, file, run);
    if (environment === undefined) return notKnown;
    const host = await hostOf(run, environment, target);
    if (typeof host !== 'string') return host;
    const end = await ask(run, environment, action, host);
    if (exitCodeOf(end) !== 0) return notDone(device, action, end);
    return { outcome: 'confirmed', verified: false, detail: wordsOf(device, action, end) };
  }

  async function probe(run: FenceRun, target: string): Promise<ProbeReport> {
    const environment = await parametersOf(device, file, run);
    if (environment === undefined) return { ok: false, detail: notKnown.detail };
    const end = await ask(run, environment, 'status');
    if (exitCodeOf(end) !== 0) return { ok: false, detail: wordsOf(device, 'status', end) };
    const host = await hostOf(run, environment, target);
    return typeof host === 'string'
      ? { ok: true, detail: wordsOf(device, 'status', end) }
      : { ok: false, detail: host.detail };
  }

  return { fence, probe };
}

const notKnown: FenceReport = {
  outcome: 'failed',
  verified: false,
  detail: 'it does not name its parameters (getconfignames), or there are fewer than it names',
};

/** Names do not change while a script is installed. */
const known = new Map<string, readonly string[]>();
const knownMax = 32;

/** Positional parameters get their names from the script; the last one goes to the end of the line. */
async function parametersOf(device: FenceDevice, file: string, run: FenceRun): Promise<Named | undefined> {
  const { parameters } = device;
  if (parameters.form === 'named') return parameters.values;
  const names = known.get(file) ?? (await configurationNames(file, run));
  if (names === undefined) return undefined;
  if (known.size < knownMax) known.set(file, names);
  return byPosition(names, parameters.text);
}

export function byPosition(names: readonly string[], text: string): Named | undefined {
  const values: Record<string, string> = {};
  let rest = text.trim();
  for (const [index, name] of names.entries()) {
    if (rest === '') return undefined;
    const word = index === names.length - 1 ? rest : (/^\S+/.exec(rest)?.[0] ?? '');
    values[name] = word;
    rest = rest.slice(word.length).trimStart();
  }
  return values;
}

async function configurationNames(file: string, run: FenceRun): Promise<readonly string[] | undefined> {
  const end = await run.call({ file, args: ['getconfignames'] });
  if (end.kind !== 'exited' || end.exitCode !== 0) return undefined;
  return end.output.split(/\s+/).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
}
