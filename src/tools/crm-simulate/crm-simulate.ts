/** `crm_simulate` under its own name: Pacemaker's options, words, layouts and exit codes, Pairbeat's decision. */
import { writeFile } from 'node:fs/promises';
import type { Cib } from '../../core/cib/model.ts';
import { parseBoolean } from '../../core/cib/values.ts';
import { printCib } from '../../core/cib/xml.ts';
import { readCluster } from '../../core/policy/decide.ts';
import type { OrderingCycle } from '../../core/policy/graph.ts';
import type { ActionEntry, TransitionEntry } from '../../core/policy/simulate/answer.ts';
import { recordedName } from '../../core/policy/status/history-owner.ts';
import { type Cluster, topmost } from '../../core/policy/working-set.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import { describe } from '../../protocol/catalogue.ts';
import { exitCodeOf, exitCodes } from '../../protocol/exit-codes.ts';
import { printProblem } from '../report.ts';
import { type PreparedSimulation, prepare, type SimulationRequest } from '../simulate/prepare.ts';
import type { Terminal } from '../terminal.ts';
import { capacityLines, type ScoreLine, scoreLines } from './details.ts';
import { graphDot, graphXml } from './graph-files.ts';
import { ticketChanges, withOption } from './modifications.ts';
import { type CrmSimulateOptions, readOptions } from './options.ts';
import { type Findings, resultXml, textOf, xmlOf } from './output.ts';
import { usage } from './usage.ts';

export async function runCrmSimulate(argv: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const options = readOptions(argv);
  if (!options.ok) return refuse(terminal, options.problem, undefined, argv);
  const { ask } = options.value;
  if (ask !== undefined) {
    terminal.out(ask === 'help' ? usage : `Pairbeat ${version} (crm_simulate, as in Pacemaker 2.1)\n`);
    return exitCodes.ok;
  }
  const done = await simulated(options.value);
  if (!done.ok) return refuse(terminal, done.problem, options.value, argv);
  return answer(options.value, done.value, argv, terminal);
}

async function simulated(options: CrmSimulateOptions): Promise<Result<PreparedSimulation>> {
  const { input } = options;
  if (input === undefined)
    return failure('usage', { reason: 'An input is needed: -x FILE, or -p for standard input.' });
  if (input.kind === 'live') return failure('crm-simulate-no-live-cluster', {});
  if (options.inPlace && input.file === '-') return failure('usage', { reason: '-X needs an input file (-x FILE).' });
  const request = requestOf(options, input.file);
  return request.ok ? prepare(request.value) : request;
}

function requestOf(options: CrmSimulateOptions, file: string): Result<SimulationRequest> {
  const { quorum, watchdog, now } = options;
  const haveQuorum = parseBoolean(quorum);
  if (quorum !== undefined && haveQuorum === undefined)
    return failure('usage', { reason: `--quorum takes true or false, not '${quorum}'.` });
  return success({
    file,
    ...(now === undefined ? {} : { now }),
    nodesUp: options.nodesUp,
    nodesDown: options.nodesDown,
    nodesFailed: options.nodesFailed,
    ...(haveQuorum === undefined ? {} : { quorum: haveQuorum }),
    operations: options.operations,
    failures: options.failures,
    kept: options.inPlace || options.save.output !== undefined,
    tickets: ticketChanges(options),
    ...(watchdog === undefined ? {} : { change: (cib: Cib) => withOption(cib, 'have-watchdog', watchdog) }),
  });
}

async function answer(
  options: CrmSimulateOptions,
  prepared: PreparedSimulation,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { cycles } = prepared.simulation.decision.graph;
  const isInvalid = options.task === 'simulate' && cycles.length > 0;
  const code = isInvalid ? exitCodes.error : exitCodes.ok;
  const errors = isInvalid ? ['Transition failed: terminated', 'An invalid transition was produced'] : [];
  const findings = findingsOf(options, prepared, [...errors, ...(isInvalid ? cycles.map(cycleText) : [])]);
  const text = options.xml ? xmlOf(options, findings, requestLine(argv), code) : textOf(options, findings);
  for (const [file, content] of filesOf(options, prepared, text)) {
    const written = await write(file, content);
    if (!written.ok) return refuse(terminal, written.problem, options, argv);
  }
  if (options.outputTo === undefined) terminal.out(text);
  if (!options.xml) for (const line of findings.errors) terminal.error(`${line}\n`);
  return code;
}

function findingsOf(options: CrmSimulateOptions, prepared: PreparedSimulation, errors: readonly string[]): Findings {
  const { original, cib, environment, simulation } = prepared;
  const { answer: found, played, after } = simulation;
  return {
    before: readCluster(original, environment),
    scores: scoresOf(options, prepared, readCluster(cib, environment)),
    actions: inOrderOfPriority(simulation.decision.cluster, found.actions),
    transition: found.transition.map((entry) => underRecordedName(simulation.decision.cluster, entry)),
    failed: played.failed.map((action) => ({
      id: action.id,
      rc: prepared.failures.find((each) => each.task === action.task && each.node === action.node)?.rc ?? 1,
    })),
    after,
    errors,
  };
}

/** An instance of an anonymous clone is called as its history on the node is, by its number only where it has none. */
function underRecordedName(cluster: Cluster, entry: TransitionEntry): TransitionEntry {
  if ('pseudo' in entry || entry.instance === undefined) return entry;
  const resource = cluster.resourceById.get(entry.instance);
  const name = resource === undefined ? undefined : recordedName(cluster, resource);
  return name === undefined ? entry : { ...entry, instance: name };
}

/** Fencing first; resources as they were placed. */
function inOrderOfPriority({ resourceById }: Cluster, actions: readonly ActionEntry[]): ActionEntry[] {
  const priorityOf = ({ instance, resource = '' }: ActionEntry): number => {
    const known = resourceById.get(instance ?? resource);
    return known === undefined ? Number.POSITIVE_INFINITY : topmost(known).priority;
  };
  const rest = actions.filter(({ action }) => action !== 'fence');
  return [
    ...actions.filter(({ action }) => action === 'fence'),
    ...rest
      .map((entry) => ({ entry, priority: priorityOf(entry) }))
      .sort((one, other) => other.priority - one.priority)
      .map(({ entry }) => entry),
  ];
}

function scoresOf({ show }: CrmSimulateOptions, { simulation }: PreparedSimulation, fresh: Cluster): ScoreLine[] {
  if (!show.scores && !show.utilization) return [];
  const { cluster } = simulation.decision;
  return [
    ...(show.utilization ? capacityLines(fresh, 'Original') : []),
    ...scoreLines(cluster, show),
    ...(show.utilization ? capacityLines(cluster, 'Remaining') : []),
  ];
}

function cycleText({ actions, dropConstraint }: OrderingCycle): string {
  const advice =
    dropConstraint === undefined
      ? '; one of these orders is not kept here'
      : `; the constraint ${dropConstraint} is not kept here: take it out, or make it kind=Optional`;
  return `These are ordered in a circle: ${actions.join(', ')}${advice}`;
}

/** Everything that is to be saved, with its text. */
function filesOf(options: CrmSimulateOptions, prepared: PreparedSimulation, text: string): [string, string][] {
  const { save, input, inPlace, outputTo } = options;
  const { cib, simulation } = prepared;
  const { decision, played } = simulation;
  const files: [string | undefined, () => string][] = [
    [save.input, () => printCib(cib)],
    [save.graph, () => graphXml(decision.cluster, decision.graph)],
    [save.dot, () => graphDot(decision.graph)],
    [save.output, () => printCib(played.cib)],
    [inPlace && input?.kind === 'file' ? input.file : undefined, () => printCib(played.cib)],
    [outputTo, () => text],
  ];
  return files.flatMap(([file, content]) => (file === undefined ? [] : [[file, content()] as [string, string]]));
}

async function write(file: string, content: string): Promise<Result<void>> {
  try {
    await writeFile(file, content);
    return success(undefined);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return failure('simulate-output-unwritable', { file, reason });
  }
}

function refuse(
  terminal: Terminal,
  problem: Problem,
  options: CrmSimulateOptions | undefined,
  argv: readonly string[],
): number {
  const code = exitCodeOf(problem);
  if (options?.xml) terminal.out(resultXml(requestLine(argv), [], code, [describe(problem).what]));
  else printProblem(terminal, 'crm_simulate', problem);
  return code;
}

const requestLine = (argv: readonly string[]): string => ['crm_simulate', ...argv].join(' ');
