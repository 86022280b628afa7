/**
 * `pairbeat completion`: a bash script that completes the words of all commands of the product, and the names of nodes,
 * groups and links of the running pair, which it asks this command for (`--names`). Everything static comes from the
 * commands themselves.
 */
import { type Command, Option } from 'commander';
import { ask } from '../../client/connection.ts';
import { failure } from '../../core/result.ts';
import type { StatusReport } from '../../protocol/status.ts';
import { clSubcommandNames } from '../cl-status-text.ts';
import { crmSimulateOptions } from '../crm-simulate/options.ts';
import { fail, succeed } from '../report.ts';
import { resourceManagerVerbs } from '../resource-manager.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

const kinds = ['nodes', 'groups', 'links', 'parameters'] as const;
type Kind = (typeof kinds)[number];

export function addCompletion(program: Command, session: Session): void {
  const command = program
    .command('completion')
    .description('completion for bash: put "source <(pairbeat completion)" into ~/.bashrc')
    .addOption(new Option('--names <kind>', `only the names of the running pair: ${kinds.join(', ')}`).choices(kinds));
  withCommonOptions(command).action(async (options: CommonOptions & { readonly names?: Kind }) => {
    const invocation = invocationOf(session, 'completion', options);
    if (options.names === undefined) {
      const script = completionScript(program);
      return session.finish(succeed(invocation, { script }, () => script));
    }
    const names = await namesOf(directoriesOf(session, options).runDir, options.names);
    if (!names.ok) return session.finish(fail(invocation, names.problem));
    const text = (): string => names.value.map((name) => `${name}\n`).join('');
    session.finish(succeed(invocation, { names: names.value }, text));
  });
}

/** A shell expands what it completes: nothing but plain names gets there, whatever the daemon or a peer says. */
const plainName = /^[A-Za-z0-9._:/%-]{1,200}$/;

async function namesOf(runDir: string, kind: Kind) {
  if (kind === 'parameters') {
    const parameters = await ask(runDir, 'parameters', {});
    return parameters.ok ? { ok: true as const, value: Object.keys(parameters.value).filter(isPlain) } : parameters;
  }
  const status = await ask(runDir, 'status', {});
  if (!status.ok) return failure(status.problem.code, status.problem.fields);
  return { ok: true as const, value: [...new Set(pick(status.value, kind))].filter(isPlain) };
}

const isPlain = (name: string): boolean => plainName.test(name);

function pick({ nodes, groups }: StatusReport, kind: Exclude<Kind, 'parameters'>): string[] {
  if (kind === 'groups') return groups.map(({ key }) => key);
  return kind === 'nodes'
    ? nodes.map(({ name }) => name)
    : nodes.flatMap(({ links }) => links.map((link) => link.device));
}

/** What follows the first word of `pairbeat`, `cl_status` and the rest. */
const takesGroup: readonly string[] = ['cleanup', 'manage', 'unmanage'];

export function completionScript(program: Command): string {
  const subcommands = program.commands.map((command) => command.name());
  const cases = program.commands.map((command) => {
    const options = command.options.map(({ long }) => long ?? '').filter((long) => long !== '');
    const names = takesGroup.includes(command.name()) ? ' $(_pairbeat_names groups)' : '';
    return `        ${command.name()}) words="${[...options, '--help'].join(' ')}${names}" ;;`;
  });
  return `# Completion of Pairbeat's commands for bash: source <(pairbeat completion)
_pairbeat_names() { command pairbeat completion --names "$1" 2>/dev/null; }
_pairbeat() {
  local current=\${COMP_WORDS[COMP_CWORD]} first=\${COMP_WORDS[1]} words=
  case \${COMP_WORDS[0]##*/} in
    pairbeat)
      if [ "$COMP_CWORD" -eq 1 ]; then words="${subcommands.join(' ')} help --help --version"
      else case $first in
${cases.join('\n')}
        help) words="${subcommands.join(' ')}" ;;
      esac fi ;;
    cl_status)
      if [ "$COMP_CWORD" -eq 1 ]; then words="${clSubcommandNames.join(' ')}"
      elif [ "$first" = hbparameter ]; then words="-p -m $(_pairbeat_names parameters)"
      elif [ "$first" = hblinkstatus ]; then words="-m $(_pairbeat_names nodes) $(_pairbeat_names links)"
      else words="-m $(_pairbeat_names nodes)"; fi ;;
    hb_standby | hb_takeover) words="all foreign local failback --wait --run-dir --help" ;;
    hb_setweight | hb_setsite | hb_delnode | mach_down) words="$(_pairbeat_names nodes)" ;;
    req_resource) words="$(_pairbeat_names groups)" ;;
    ResourceManager)
      if [ "$COMP_CWORD" -eq 1 ]; then words="${resourceManagerVerbs.join(' ')}"
      elif [ "$first" = listkeys ]; then words="$(_pairbeat_names nodes)"
      else words="$(_pairbeat_names groups)"; fi ;;
    crm_simulate) words="${crmSimulateOptions.join(' ')}" ;;
    heartbeat) words="-d -D -f -k -l -r -s -t -v -V -W --ha-dir --run-dir --state-dir" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pairbeat pairbeat cl_status hb_standby hb_takeover hb_setweight hb_setsite hb_delnode \\
  mach_down req_resource ResourceManager heartbeat crm_simulate
`;
}
