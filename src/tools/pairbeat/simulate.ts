/** `pairbeat simulate`: what the policy would do about a CIB, why, and how the cluster would look afterwards. */
import type { Command } from 'commander';
import { fail, succeed } from '../report.ts';
import { prepare, type SimulationRequest } from '../simulate/prepare.ts';
import { simulationText, whyText } from '../simulate/simulate-text.ts';
import type { CommonOptions, Session } from './command.ts';

type SimulateSession = Pick<Session, 'terminal' | 'finish'>;

interface SimulateOptions extends CommonOptions {
  readonly cib?: string;
  readonly now?: string;
  readonly opInject: string[];
  readonly opFail: string[];
  readonly nodeUp: string[];
  readonly nodeDown: string[];
  readonly nodeFail: string[];
  readonly quorum?: boolean;
  readonly steps?: boolean;
  readonly check?: boolean;
  readonly why?: string;
}

export function addSimulate(program: Command, session: SimulateSession): void {
  program
    .command('simulate')
    .description('what the cluster would do about a configuration and status, and why; nothing is touched')
    // Not a required option: a misspelt one is to be named before a missing one.
    .option('--cib <file>', 'a CIB as XML, with its status section; - for standard input')
    .option('--now <time>', 'time that counts as now, ISO 8601 (execution-date of the CIB, or the clock)')
    .option('--op-inject <operation>', 'begin as if web_monitor_10000@node1=7 had happened', collect, [])
    .option('--op-fail <operation>', 'let web_start_0@node1=1 fail on the way', collect, [])
    .option('--node-up <node>', 'begin with that node there', collect, [])
    .option('--node-down <node>', 'begin with that node cleanly gone', collect, [])
    .option('--node-fail <node>', 'begin with that node failed', collect, [])
    .option('--quorum', 'begin with quorum')
    .option('--no-quorum', 'begin without quorum')
    .option('--check', 'also hold the configuration against the schema: what is wrong, with line and column')
    .option('--steps', 'print every step of the transition')
    .option('--why <resource>', 'print what speaks for and against each node: web, or web@node1')
    .option('--json', 'print JSON: {nodesBefore, nodes, actions, current, revised, transition, ...}')
    .action(async (options: SimulateOptions) => {
      session.finish(await runSimulate(options, session));
    });
}

const collect = (value: string, before: string[]): string[] => [...before, value];

export async function runSimulate(options: SimulateOptions, session: SimulateSession): Promise<number> {
  const invocation = { request: 'pairbeat simulate', json: options.json === true, terminal: session.terminal };
  if (options.cib === undefined)
    return fail(invocation, { code: 'usage', fields: { reason: 'A CIB is needed: --cib FILE.' } });
  const prepared = await prepare(requestOf(options.cib, options));
  if (!prepared.ok) return fail(invocation, prepared.problem);
  const { decision, answer, played } = prepared.value.simulation;
  const { cycles } = decision.graph;
  const { contributions, recheckAtS, resourceById } = decision.cluster;
  const findings = prepared.value.findings.map(({ code, fields }) => ({ code, fields }));
  const warnings = [...findings, ...decision.cluster.warnings];
  const subject = options.why?.split('@')[0];
  if (subject !== undefined && !isKnown(resourceById.values(), subject))
    return fail(invocation, { code: 'simulate-no-such-resource', fields: { resource: subject } });
  const why = options.why === undefined ? undefined : asked(contributions, options.why);
  const data = {
    ...answer,
    ...(why === undefined ? {} : { why }),
    cycles,
    blocked: decision.graph.blocked,
    warnings,
    left: played.left.map(({ key, node }) => ({ key, ...(node === undefined ? {} : { node }) })),
    ...(recheckAtS === undefined ? {} : { recheckAt: recheckAtS }),
  };
  const { terminal } = session;
  return succeed(invocation, data, () => {
    const view = simulationText(terminal, { answer, cycles, warnings, steps: options.steps === true });
    return why === undefined ? view : `${whyText(terminal, why)}${view}`;
  });
}

function requestOf(file: string, options: SimulateOptions): SimulationRequest {
  return {
    file,
    ...(options.now === undefined ? {} : { now: options.now }),
    nodesUp: options.nodeUp,
    nodesDown: options.nodeDown,
    nodesFailed: options.nodeFail,
    ...(options.quorum === undefined ? {} : { quorum: options.quorum }),
    operations: options.opInject,
    failures: options.opFail,
    tickets: [],
    validated: options.check === true,
  };
}

const isKnown = (resources: Iterable<{ id: string; configuredId: string }>, name: string): boolean =>
  [...resources].some(({ id, configuredId }) => id === name || configuredId === name);

/** `web` means its instances too. */
function asked<Each extends { readonly resource: string; readonly node: string }>(
  contributions: readonly Each[],
  wanted: string,
): Each[] {
  const [resource = '', node] = wanted.split('@');
  return contributions.filter(
    (each) =>
      (each.resource === resource || each.resource.startsWith(`${resource}:`)) &&
      (node === undefined || each.node === node),
  );
}
