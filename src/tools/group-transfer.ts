/**
 * `takegroup` and `givegroup`: one group fetched from the other node, or given to it, by asking the daemon. Without a
 * daemon nothing is started, because nobody here knows whether the other node runs it; stopping can never run a group
 * twice, so it may be done by hand.
 */
import { ask } from '../client/connection.ts';
import type { GroupConfiguration, ResourceConfiguration } from '../core/config/configuration.ts';
import { nearestWord } from '../core/config/nearest.ts';
import { failure, type Problem, type Result } from '../core/result.ts';
import type { Directories } from '../protocol/directories.ts';
import type { GroupReport, StatusReport } from '../protocol/status.ts';
import { printProblem } from './report.ts';
import type { Terminal } from './terminal.ts';

/** What lies beside the daemon and the kernel; the entry point brings it. */
export interface ResourceServices {
  loadGroups(directories: Directories): Promise<Result<ConfiguredGroups>>;
  /** `running`, `not-running`, or what kept it from answering. */
  status(directories: Directories, resource: ResourceConfiguration): Promise<ResourceAnswer>;
  /** `done` when it has stopped. */
  stop(directories: Directories, resource: ResourceConfiguration): Promise<ResourceAnswer>;
  resourceNamed(word: string, groups: readonly GroupConfiguration[]): ResourceConfiguration | undefined;
}

export interface ConfiguredGroups {
  readonly self: string;
  readonly groups: readonly GroupConfiguration[];
}

export interface ResourceAnswer {
  readonly outcome: string;
  readonly reason?: string;
}

export interface Call {
  readonly terminal: Terminal;
  readonly services: ResourceServices;
  readonly directories: Directories;
  /** Of the command, for its complaints. */
  readonly name: string;
  readonly word: string;
  readonly force: boolean;
}

export function takeGroup(call: Call): Promise<number> {
  return withDaemon(
    call,
    (group, status) =>
      group.holdings[status.node] === 'running'
        ? say(call, `${group.key} runs here already.`)
        : handOver(call, 'takeover', group.key),
    () => complain(call.terminal, call.name, failure('take-without-daemon', { group: call.word }).problem),
  );
}

const notHeld: readonly (string | undefined)[] = ['stopped', 'offered', 'start-failed'];

export function giveGroup(call: Call): Promise<number> {
  return withDaemon(
    call,
    (group, status) =>
      notHeld.includes(group.holdings[status.node])
        ? say(call, `${group.key} does not run here.`)
        : handOver(call, 'standby', group.key),
    () => giveWithoutDaemon(call),
  );
}

export async function withGroups(
  call: Call,
  answer: (known: ConfiguredGroups) => number | Promise<number>,
): Promise<number> {
  const known = await call.services.loadGroups(call.directories);
  return known.ok ? answer(known.value) : complain(call.terminal, call.name, known.problem);
}

async function withDaemon(
  call: Call,
  act: (group: GroupReport, status: StatusReport) => number | Promise<number>,
  without: () => number | Promise<number>,
): Promise<number> {
  const status = await ask(call.directories.runDir, 'status', {});
  if (!status.ok) {
    if (status.problem.code === 'daemon-not-running') return without();
    return complain(call.terminal, call.name, status.problem);
  }
  const { groups } = status.value;
  // By the key of the group, or by a resource in it.
  const group =
    groups.find(({ key }) => key === call.word) ?? groups.find(({ resources }) => resources.includes(call.word));
  if (group === undefined) return complain(call.terminal, call.name, unknownGroup(call.word, groups));
  return act(group, status.value);
}

async function handOver(call: Call, verb: 'standby' | 'takeover', key: string): Promise<number> {
  // Scripts may take as long as they take: the daemon's own timeouts are the only ones.
  const answer = await ask(
    call.directories.runDir,
    verb,
    { scope: 'all', groups: [key], wait: true },
    { timeoutMs: 0 },
  );
  if (!answer.ok) return complain(call.terminal, call.name, answer.problem);
  return say(call, `${key} was handed over.`);
}

/** The last resource in the line goes first. */
function giveWithoutDaemon(call: Call): Promise<number> {
  return withGroups(call, async ({ groups }) => {
    const group = groups.find(({ key }) => key === call.word);
    if (group === undefined) return complain(call.terminal, call.name, unknownGroup(call.word, groups));
    if (!call.force)
      return complain(call.terminal, call.name, failure('give-without-daemon', { group: group.key }).problem);
    for (const resource of [...group.resources].reverse()) {
      const { outcome, reason } = await call.services.stop(call.directories, resource);
      if (outcome !== 'done') {
        const fields = { resource: resource.written, reason: reason ?? outcome };
        return complain(call.terminal, call.name, failure('resource-not-stopped', fields).problem);
      }
      call.terminal.out(`Stopped: ${resource.written}.\n`);
    }
    return 0;
  });
}

export function unknownGroup(word: string, groups: readonly { readonly key: string }[]): Problem {
  const known = groups.map(({ key }) => key);
  const nearest = nearestWord(word, known);
  const fields = { group: word, groups: known.join(' '), ...(nearest === undefined ? {} : { nearest }) };
  return { code: 'group-unknown', fields };
}

export function complain(terminal: Terminal, name: string, problem: Problem): number {
  printProblem(terminal, name, problem);
  return 1;
}

function say({ terminal }: Call, text: string): number {
  terminal.out(`${text}\n`);
  return 0;
}
