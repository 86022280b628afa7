/**
 * An own agent as an OCF executable, for other cluster managers and for use by hand: parameters from OCF_RESKEY_*, the
 * action as the only argument, the answer as exit code. A process that ends at once cannot announce again later or
 * watch for conflicts, so a start here announces once.
 */
import {
  type AgentAnswer,
  type AgentContext,
  type NetworkTools,
  type OcfExitCode,
  type OwnAgent,
  ocf,
} from '../../../resource-agents/context.ts';
import { metaData } from '../../../resource-agents/meta-data.ts';
import type { Clock } from '../../ports/clock.ts';

export interface FaceSystem {
  readonly net: () => NetworkTools;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  output(text: string): void;
  errorOutput(text: string): void;
}

const prefix = 'OCF_RESKEY_';

export async function runExecutableFace(agent: OwnAgent, action: string, system: FaceSystem): Promise<OcfExitCode> {
  if (action === 'meta-data') {
    system.output(metaData(agent.description));
    return ocf.success;
  }
  if (action === 'usage' || action === 'help') {
    system.output(`usage: ${agent.description.name} ${actionNames(agent)}\n`);
    return ocf.success;
  }
  const parameters = parametersFrom(system.environment);
  const valid = agent.validate(parameters);
  if (!valid.ok) {
    system.errorOutput(`ocf-exit-reason:${agent.explain(valid.problem)}\n`);
    return ocf.configured;
  }
  const answer = await answerOf(agent, action, () => contextFor(parameters, system));
  if (answer === undefined) {
    system.errorOutput(`usage: ${agent.description.name} ${actionNames(agent)}\n`);
    return ocf.unimplemented;
  }
  if (answer.reason !== undefined) system.errorOutput(`ocf-exit-reason:${answer.reason}\n`);
  return answer.exitCode;
}

async function answerOf(
  agent: OwnAgent,
  action: string,
  context: () => AgentContext,
): Promise<AgentAnswer | undefined> {
  switch (action) {
    case 'start':
      return agent.start(context());
    case 'stop':
      return agent.stop(context());
    case 'status':
    case 'monitor':
      return agent.monitor(context());
    case 'validate-all':
      return { exitCode: ocf.success };
    default:
      return undefined;
  }
}

function parametersFrom(environment: FaceSystem['environment']): Record<string, string> {
  const entries = Object.entries(environment).filter(([name, value]) => name.startsWith(prefix) && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value ?? '']));
}

function contextFor(parameters: Readonly<Record<string, string>>, system: FaceSystem): AgentContext {
  return {
    parameters,
    careful: false,
    conflictCheck: false,
    net: system.net(),
    exclusive: (work) => work(),
    nowUs: system.clock.nowUs,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    background: () => undefined,
    log: (_level, problem) => system.errorOutput(`${agentWords(problem)}\n`),
    conflict: () => undefined,
  };
}

function agentWords(problem: { readonly code: string; readonly fields: Readonly<Record<string, unknown>> }): string {
  return [problem.code, ...Object.entries(problem.fields).map(([name, value]) => `${name}=${value}`)].join(' ');
}

function actionNames(agent: OwnAgent): string {
  return `{${agent.description.actions.map((action) => action.name).join('|')}}`;
}
