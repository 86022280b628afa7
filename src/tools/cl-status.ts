/**
 * `cl_status`: Heartbeat's status tool. Words, layout and exit codes are those of 3.0.6, observed on a running node,
 * because monitoring plug-ins parse them; only the error texts on stderr are our own.
 */
import { ask } from '../client/connection.ts';
import { nearestWord } from '../core/config/nearest.ts';
import type { Problem, Result } from '../core/result.ts';
import { describe, describeLine } from '../protocol/catalogue.ts';
import { directoriesFrom } from '../protocol/directories.ts';
import { clStatus } from '../protocol/exit-codes.ts';
import { plainText } from '../protocol/plain-text.ts';
import type { VerbResults } from '../protocol/schemas.ts';
import type { StatusReport } from '../protocol/status.ts';
import { clStatusUsage, type ListedNode, links, listedNodes, nodeBlock, nodeNamed } from './cl-status-text.ts';
import { type ClassicOptions, readClassicOptions } from './classic-options.ts';
import type { Terminal } from './terminal.ts';

/** The original gives up after 5 s (its own alarm). */
const patienceMs = 5000;

export async function runClStatus(argv: readonly string[], terminal: Terminal): Promise<number> {
  const name = argv[0];
  if (name === undefined) {
    terminal.out(clStatusUsage);
    return clStatus.ok;
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) return complain(terminal, clStatus.badParameter, unknownSubcommand(name));
  const letters = letterOptions[name] ?? 'm';
  const grammar = name === 'hbparameter' ? { letters, lettersWithValue: 'p' } : { letters };
  const options = readClassicOptions(argv.slice(1), grammar, terminal.environment);
  if (!options.ok) return badOption(`${name}: ${options.problem.fields['reason']}`, terminal);
  return subcommand({ terminal, options: options.value, human: options.value.letters.has('m') });
}

/** What each takes beside `-m`, and refuses otherwise. */
const letterOptions: Readonly<Record<string, string>> = { hbstatus: 'mv', listnodes: 'mvpn', listhblinks: 'mv' };

/** The original signs on before it looks at its options: without a daemon it says that first. */
async function badOption(complaint: string, terminal: Terminal): Promise<number> {
  const { runDir } = directoriesFrom({}, terminal.environment);
  const status = await ask(runDir, 'status', {}, { timeoutMs: patienceMs });
  if (!status.ok && meansStopped(status.problem)) return refused(terminal, status.problem);
  return complain(terminal, clStatus.badParameter, complaint);
}

interface Call {
  readonly terminal: Terminal;
  readonly options: ClassicOptions;
  readonly human: boolean;
}

type Subcommand = (call: Call) => Promise<number>;

const subcommands: Readonly<Record<string, Subcommand>> = {
  hbstatus,
  listnodes: (call) => withStatus(call, (status) => listNodes(call, status)),
  nodestatus: (call) =>
    withNode(call, (node) => {
      say(call, node.status, `The cluster node ${node.name} is ${node.status}`);
      return ['active', 'up', 'ping'].includes(node.status) ? clStatus.ok : clStatus.negative;
    }),
  nodetype: (call) => withNode(call, (node) => say(call, node.type, `The node ${node.name}'s type: ${node.type}`)),
  // What every node has that nobody has told otherwise.
  nodeweight: (call) =>
    withNode(call, ({ name, weight = 100 }) =>
      say(call, String(weight), `The weight of the cluster node ${name} is ${weight}`),
    ),
  nodesite: (call) =>
    withNode(call, ({ name, site = '' }) => say(call, site, `The site of the cluster node ${name} is ${site}`)),
  listhblinks: (call) =>
    withNode(
      call,
      (node, status) => {
        if (call.human) call.terminal.out('\tthis node has the following heartbeat links:\n');
        for (const link of links(status, node)) {
          call.terminal.out(call.options.letters.has('v') ? `\t${link.name}\t${link.state}\n` : `\t${link.name}\n`);
        }
        return clStatus.ok;
      },
      clStatus.otherError,
    ),
  hblinkstatus: linkStatus,
  clientstatus: clientStatus,
  rscstatus: (call) =>
    withStatus(call, ({ resourceStatus }) =>
      say(call, resourceStatus, `This node is holding ${resourceStatus} resources.`),
    ),
  hbparameter,
};

function unknownSubcommand(name: string): string {
  const known = Object.keys(subcommands);
  const nearest = nearestWord(name, known);
  const advice = nearest === undefined ? `The sub-commands are: ${known.join(' ')}.` : `Did you mean ${nearest}?`;
  return `${plainText(name)}: invalid sub-command. ${advice}`;
}

async function hbstatus(call: Call): Promise<number> {
  const { terminal, options } = call;
  const status = await askStatus(call);
  if (!status.ok) {
    if (!meansStopped(status.problem)) return refused(terminal, status.problem);
    terminal.out('Heartbeat is stopped on this machine.\n');
    if (options.letters.has('v')) terminal.out(`(${describeLine(status.problem)})\n`);
    return clStatus.negative;
  }
  if (!options.letters.has('v')) {
    terminal.out('Heartbeat is running on this machine.\n');
    return clStatus.ok;
  }
  const version = versionOf(status.value);
  const manager = status.value.resourceManager ?? 'haresources';
  terminal.out(
    call.human
      ? `Heartbeat version ${version}\nResources controlled by "${manager}"\nThe nodes are as follow:\n`
      : `version:\t${version}\nmanaged by:\t"${manager}"\n`,
  );
  for (const node of listedNodes(status.value)) terminal.out(nodeBlock(status.value, node, call.human));
  return clStatus.ok;
}

function listNodes({ terminal, options, human }: Call, status: StatusReport): number {
  if (human) terminal.out('The nodes are as follow:\n');
  for (const node of listedNodes(status)) {
    if (options.letters.has('p') && node.type !== 'ping') continue;
    if (options.letters.has('n') && node.type !== 'normal') continue;
    terminal.out(options.letters.has('v') ? nodeBlock(status, node, human) : `${node.name}\n`);
  }
  return clStatus.ok;
}

function linkStatus(call: Call): Promise<number> {
  const wanted = call.options.words[1];
  return withNode(
    call,
    (node, status) => {
      if (wanted === undefined) return notEnough(call, 'a node name and a link name');
      const known = links(status, node);
      const link = known.find(({ name, ids }) => name === wanted || ids.includes(wanted));
      if (link === undefined) {
        const fields = { node: node.name, link: wanted, links: known.map(({ name }) => name).join(' ') };
        return refused(call.terminal, { code: 'no-such-link', fields });
      }
      say(call, link.state, `The node ${node.name}'s heartbeat link ${link.name} is ${link.state}`);
      return link.state === 'up' ? clStatus.ok : clStatus.negative;
    },
    clStatus.otherError,
  );
}

/** The helpers that a `respawn` line of ha.cf asks for: ipfail, dopd, pingd. */
function clientStatus(call: Call): Promise<number> {
  const { words, directories } = call.options;
  const given = Number(words[2] ?? patienceMs);
  const timeoutMs = Number.isInteger(given) && given > 0 ? Math.min(given, 60_000) : patienceMs;
  return withStatus(
    call,
    async (status) => {
      const [node, client] = words;
      if (node === undefined || client === undefined) return notEnough(call, 'a node name and a client name');
      if (nodeNamed(status, node) === undefined) return unknownNode(call, status, node, clStatus.otherError);
      const answer = await ask(directories.runDir, 'clientStatus', { node, client, timeoutMs });
      if (!answer.ok) return refused(call.terminal, answer.problem);
      call.terminal.out(`${answer.value.state}\n`);
      return answer.value.state === 'online' ? clStatus.ok : clStatus.negative;
    },
    timeoutMs,
  );
}

async function hbparameter(call: Call): Promise<number> {
  const parameter = call.options.letters.get('p');
  const { terminal } = call;
  if (parameter === undefined) return badOption('hbparameter: parameter name required (-p NAME)', terminal);
  const { runDir } = call.options.directories;
  if (parameter === 'hbversion') {
    return withStatus(call, (status) =>
      say(call, versionOf(status), `Heartbeat parameter hbversion's value: ${versionOf(status)}`),
    );
  }
  const parameters: Result<VerbResults['parameters']> = await ask(runDir, 'parameters', {}, { timeoutMs: patienceMs });
  if (!parameters.ok) return refused(terminal, parameters.problem);
  const value = Object.hasOwn(parameters.value, parameter) ? parameters.value[parameter] : undefined;
  if (value === undefined) {
    const nearest = nearestWord(parameter, Object.keys(parameters.value));
    const fields = nearest === undefined ? { parameter } : { parameter, nearest };
    return complain(terminal, clStatus.negative, describeWithAdvice({ code: 'parameter-unset', fields }));
  }
  return say(call, value, `Heartbeat parameter ${parameter}'s value: ${value}`);
}

function askStatus({ options }: Call, timeoutMs = patienceMs): Promise<Result<StatusReport>> {
  return ask(options.directories.runDir, 'status', {}, { timeoutMs });
}

async function withStatus(
  call: Call,
  answer: (status: StatusReport) => number | Promise<number>,
  timeoutMs = patienceMs,
): Promise<number> {
  const status = await askStatus(call, timeoutMs);
  return status.ok ? answer(status.value) : refused(call.terminal, status.problem);
}

function withNode(
  call: Call,
  answer: (node: ListedNode, status: StatusReport) => number,
  unknownNodeCode: number = clStatus.badParameter,
): Promise<number> {
  return withStatus(call, (status) => {
    const wanted = call.options.words[0];
    if (wanted === undefined) return notEnough(call, 'a node name');
    const node = nodeNamed(status, wanted);
    return node === undefined ? unknownNode(call, status, wanted, unknownNodeCode) : answer(node, status);
  });
}

function unknownNode(call: Call, status: StatusReport, node: string, code: number): number {
  const names = listedNodes(status).map(({ name }) => name);
  const fields = { node, nodes: names.join(' ') };
  return complain(call.terminal, code, describeWithAdvice({ code: 'no-such-node', fields }));
}

function versionOf({ product }: StatusReport): string {
  return `${product.version} (${product.name})`;
}

function say(call: Call, plain: string, human: string): number {
  call.terminal.out(`${plainText(call.human ? human : plain)}\n`);
  return clStatus.ok;
}

function notEnough(call: Call, needed: string): number {
  return complain(call.terminal, clStatus.badParameter, `not enough parameters, needed: ${needed}`);
}

function meansStopped(problem: Problem): boolean {
  return problem.code === 'daemon-not-running' || problem.code === 'connection-lost';
}

function refused(terminal: Terminal, problem: Problem): number {
  const code = meansStopped(problem)
    ? clStatus.negative
    : problem.code === 'answer-timeout'
      ? clStatus.timeout
      : clStatus.otherError;
  return complain(terminal, code, describeWithAdvice(problem));
}

function describeWithAdvice(problem: Problem): string {
  const { what, advice } = describe(problem);
  return advice === '' ? what : `${what} ${advice}`;
}

function complain(terminal: Terminal, code: number, text: string): number {
  terminal.error(`cl_status: ${text}\n`);
  return code;
}
