/**
 * A fence agent (fence-agents API): no arguments, `name=value` lines on standard input. Exit 0 is success, and of
 * `status` ON; 2 is OFF; 1 is every failure.
 *
 * A reset is done as off, status, on: the answer goes out when the status says OFF, which is proof, and power is given
 * back afterwards. An agent without a status can say no more than "done".
 *
 * An attempt that is ended because nobody wants it any more may have cut the power already: it is given back as well.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type FenceDevice, plugOf } from '../../../core/config/fencing/fence-device.ts';
import { noProofWords } from '../../../core/config/fencing/no-proof.ts';
import { nodeName } from '../../../core/types.ts';
import type { AgentEnd } from '../agent-process.ts';
import { exitCodeOf, type FenceAdapter, type FenceReport, notDone, type ProbeReport, wordsOf } from './fence-report.ts';
import type { FenceRun } from './fence-run.ts';

const statusIsOff = 2;
/** Between two looks at a device that still says ON. */
const lookAgainMs = 500;
/** A device that says ON for so long after it said that it had switched off has not. */
const looksMax = 6;

/** What an agent's metadata say that it can do. */
interface Abilities {
  readonly actions: ReadonlySet<string>;
  /** Parameter for the outlet: `plug`, or `port` of older agents. */
  readonly plug: string | undefined;
  /** `off` takes storage or network from the target, which lives on with its addresses. */
  readonly fabric: boolean;
}

/** Of an agent that does not tell. */
const usual: Abilities = {
  actions: new Set(['on', 'off', 'reboot', 'status', 'monitor']),
  plug: 'port',
  fabric: false,
};

/** The metadata of an agent do not change while it is installed. */
const known = new Map<string, Abilities>();
const knownMax = 32;

export function createFenceAgent(device: FenceDevice, file: string): FenceAdapter {
  const ask = (run: FenceRun, action: string, target: string, { plug }: Abilities): Promise<AgentEnd> =>
    run.call({ file, args: [], input: inputOf(device, action, target, plug) });

  async function fence(run: FenceRun, action: 'reset' | 'off', target: string): Promise<FenceReport> {
    const abilities = await abilitiesOf(file, run);
    if (abilities.fabric) return refused(noProof);
    const switchesOff = abilities.actions.has('off');
    if (!switchesOff && action === 'off') return refused('the agent cannot switch off');
    const verb = switchesOff ? 'off' : 'reboot';
    const givesBack = switchesOff && action === 'reset' && abilities.actions.has('on');
    const afterwards = givesBack ? { afterwards: (later: FenceRun) => ask(later, 'on', target, abilities) } : {};
    const ended = (report: FenceReport): FenceReport => (run.isEnded() ? { ...report, ...afterwards } : report);
    // Ended while it waited for its turn, or while the agent told of itself: nothing has been switched.
    if (run.isEnded()) return { outcome: 'unknown', verified: false, detail: 'nobody wants it any more' };
    const end = await ask(run, verb, target, abilities);
    if (exitCodeOf(end) !== 0) return ended(notDone(device, verb, end));
    const done = { detail: wordsOf(device, verb, end) };
    if (!switchesOff || !abilities.actions.has('status')) return { ...done, outcome: 'confirmed', verified: false };
    const status = await untilOff(run, () => ask(run, 'status', target, abilities));
    if (exitCodeOf(status) !== statusIsOff) return ended(stillOn(device, status));
    return { ...done, outcome: 'confirmed', verified: true, ...afterwards };
  }

  async function probe(run: FenceRun, target: string): Promise<ProbeReport> {
    const abilities = await abilitiesOf(file, run);
    if (abilities.fabric) return { ok: false, detail: noProof };
    const verb = abilities.actions.has('monitor') ? 'monitor' : 'status';
    const end = await ask(run, verb, target, abilities);
    const ok = exitCodeOf(end) === 0 || (verb === 'status' && exitCodeOf(end) === statusIsOff);
    if (!ok || !abilities.actions.has('list')) return { ok, detail: wordsOf(device, verb, end) };
    const list = await ask(run, 'list', target, abilities);
    const rows = list.kind === 'exited' && list.exitCode === 0 ? listed(list.output) : [];
    const outlet = outletOf(device, target) ?? target;
    // An agent without a list of its own prints nothing and ends with 0.
    if (rows.length === 0 || rows.includes(outlet.toLowerCase())) return { ok, detail: wordsOf(device, verb, end) };
    return { ok: false, detail: `it does not list ${outlet}` };
  }

  return { fence, probe };
}

const noProof = `${noProofWords.fabric}: no proof; use a device that cuts its power`;

const refused = (detail: string): FenceReport => ({ outcome: 'failed', verified: false, detail });

/** Off was said and cannot be seen: a part of it done is not done. */
function stillOn(device: FenceDevice, status: AgentEnd): FenceReport {
  if (exitCodeOf(status) === 0)
    return { outcome: 'failed', verified: false, detail: 'it said that it switched off, and its status says ON' };
  const detail = `it said that it switched off, and its status is not known: ${wordsOf(device, 'status', status)}`;
  return { outcome: 'unknown', verified: false, detail };
}

async function untilOff(run: FenceRun, look: () => Promise<AgentEnd>): Promise<AgentEnd> {
  for (let looks = 1; ; looks += 1) {
    const end = await look();
    if (exitCodeOf(end) !== 0 || looks >= looksMax || run.remainingMs() <= lookAgainMs) return end;
    await delay(lookAgainMs);
  }
}

/** What the cluster consumes itself is not for the agent. */
const notForAgents = /^(pcmk_|action$|nodename$)/;

function inputOf(device: FenceDevice, action: string, target: string, plug: string | undefined): string {
  const values = device.parameters.form === 'named' ? device.parameters.values : {};
  const outlet = outletOf(device, target);
  const says = outlet === undefined && plug !== undefined ? { [plug]: target } : {};
  const mapped = outlet !== undefined && plug !== undefined ? { [plug]: outlet } : {};
  const lines = { ...says, ...values, ...mapped, nodename: target, action };
  return Object.entries(lines)
    .filter(([name]) => !notForAgents.test(name) || name === 'action' || name === 'nodename')
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Of the map, or as the line itself names it. */
function outletOf({ parameters }: FenceDevice, target: string): string | undefined {
  if (parameters.form !== 'named') return undefined;
  return plugOf(parameters, nodeName(target)) ?? parameters.values['plug'] ?? parameters.values['port'];
}

/** Rows of `list`: `outlet,alias`, one a line. */
function listed(output: string): string[] {
  return output
    .split('\n')
    .flatMap((row) => row.split(','))
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}

async function abilitiesOf(file: string, run: FenceRun): Promise<Abilities> {
  const before = known.get(file);
  if (before !== undefined) return before;
  const end = await run.call({ file, args: [], input: 'action=metadata\n' });
  const found = end.kind === 'exited' && end.exitCode === 0 ? readMetadata(end.output) : undefined;
  if (found === undefined) return usual;
  if (known.size < knownMax) known.set(file, found);
  return found;
}

export function readMetadata(text: string): Abilities | undefined {
  const actions = new Set([...text.matchAll(/<action\b[^>]*\bname="([^"]+)"/g)].map((match) => match[1]!));
  if (actions.size === 0) return undefined;
  const parameters = new Set([...text.matchAll(/<parameter\b[^>]*\bname="([^"]+)"/g)].map((match) => match[1]!));
  // fence-agents print `automatic="1"` for every agent of theirs that has the option fabric_fencing.
  const on = /<action\b[^>]*\bname="on"[^>]*>/.exec(text)?.[0] ?? '';
  return {
    actions,
    plug: parameters.has('plug') ? 'plug' : parameters.has('port') ? 'port' : undefined,
    fabric: /\b(automatic|on_target)="1"/.test(on) || /\bfabric_fencing="1"/.test(text),
  };
}
