/**
 * `ResourceManager`, `req_resource` and `mach_down` under their names, for scripts and fingers that know them. Heartbeat's
 * were its resource manager and started things by themselves; here the daemon is, and whatever moves a group is a
 * request to it. Questions are answered from haresources and from the resources, with or without a daemon.
 */
import { ask } from '../client/connection.ts';
import type { GroupConfiguration } from '../core/config/configuration.ts';
import { nearestWord } from '../core/config/nearest.ts';
import { failure } from '../core/result.ts';
import { readClassicOptions } from './classic-options.ts';
import {
  type Call,
  type ConfiguredGroups,
  complain,
  giveGroup,
  type ResourceServices,
  takeGroup,
  unknownGroup,
  withGroups,
} from './group-transfer.ts';
import type { Terminal } from './terminal.ts';

export type { ResourceServices } from './group-transfer.ts';

export async function runResourceManager(
  argv: readonly string[],
  terminal: Terminal,
  services: ResourceServices,
): Promise<number> {
  const options = readClassicOptions(argv, { letters: 'h', longs: ['help', 'force'] }, terminal.environment);
  if (!options.ok) return usage(terminal, String(options.problem.fields['reason']));
  const { words, letters, longs, directories } = options.value;
  const [verb, word, ...more] = words;
  if (verb === undefined || letters.has('h') || longs.has('help')) return usage(terminal);
  const known = Object.hasOwn(verbs, verb) ? verbs[verb as keyof typeof verbs] : undefined;
  if (known === undefined) {
    const nearest = nearestWord(verb, Object.keys(verbs));
    return usage(terminal, `unknown verb ${verb}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`);
  }
  if (known.takes === undefined ? word !== undefined : word === undefined || more.length > 0)
    return usage(terminal, known.takes === undefined ? `${verb} takes no argument` : `${verb} needs ${known.takes}`);
  return known.run({
    ...{ terminal, services, directories },
    name: `ResourceManager ${verb}`,
    word: word ?? '',
    force: longs.has('force'),
  });
}

/** Asks the other node for the group that a resource belongs to; 0 at once when it runs here. */
export async function runReqResource(
  argv: readonly string[],
  terminal: Terminal,
  services: ResourceServices,
): Promise<number> {
  const name = 'req_resource';
  const options = readClassicOptions(argv, { letters: 'h', longs: ['help'] }, terminal.environment);
  const words = options.ok ? options.value.words : [];
  if (!options.ok || words.length !== 1 || options.value.letters.has('h') || options.value.longs.has('help')) {
    terminal.error(`usage: ${name} RESOURCE [--run-dir DIR]\n  Fetches the group of a resource from the other node.\n`);
    return 1;
  }
  const { directories } = options.value;
  return takeGroup({ terminal, services, directories, name, word: words[0] ?? '', force: false });
}

/** Heartbeat ran it for a node that had died. The daemon does that by itself; this says whether it has. */
export async function runMachDown(argv: readonly string[], terminal: Terminal): Promise<number> {
  const name = 'mach_down';
  const options = readClassicOptions(argv, { letters: 'h', longs: ['help'] }, terminal.environment);
  const words = options.ok ? options.value.words : [];
  if (!options.ok || words.length !== 1 || options.value.letters.has('h') || options.value.longs.has('help')) {
    terminal.error(`usage: ${name} NODE [--run-dir DIR]\n  Says what became of the groups of a node that is dead.\n`);
    return 1;
  }
  const status = await ask(options.value.directories.runDir, 'status', {});
  if (!status.ok) return complain(terminal, name, status.problem);
  const wanted = (words[0] ?? '').toLowerCase();
  const node = status.value.nodes.find((each) => each.name === wanted);
  const nodes = status.value.nodes.map((each) => each.name).join(' ');
  if (node === undefined) return complain(terminal, name, failure('node-unknown', { node: wanted, nodes }).problem);
  if (node.status !== 'dead') {
    return complain(terminal, name, failure('mach-down-alive', { node: wanted, status: node.status }).problem);
  }
  terminal.out(`${wanted} is dead. Its groups are taken over by the daemon, without this command:\n`);
  for (const group of status.value.groups) {
    terminal.out(`  ${group.key}: ${group.holdings[status.value.node] ?? 'unknown'} on ${status.value.node}\n`);
  }
  return 0;
}

const verbs = {
  listkeys: {
    takes: 'a node name',
    run: (call: Call) =>
      withGroups(call, ({ groups }) =>
        keys(
          call,
          groups.filter(({ owner }) => owner === call.word.toLowerCase()),
        ),
      ),
  },
  allkeys: { takes: undefined, run: (call: Call) => withGroups(call, ({ groups }) => keys(call, groups)) },
  ourkeys: { takes: undefined, run: (call: Call) => withGroups(call, (known) => lines(call, known, true)) },
  otherkeys: { takes: undefined, run: (call: Call) => withGroups(call, (known) => lines(call, known, false)) },
  status: { takes: 'a resource', run: resourceStatus },
  statgroup: { takes: 'a group', run: groupStatus },
  takegroup: { takes: 'a group', run: takeGroup },
  givegroup: { takes: 'a group', run: giveGroup },
  verifyallidle: { takes: undefined, run: verifyAllIdle },
} as const;

export const resourceManagerVerbs: readonly string[] = Object.keys(verbs);

function keys({ terminal }: Call, groups: readonly GroupConfiguration[]): number {
  for (const { key } of groups) terminal.out(`${key}\n`);
  return 0;
}

/** The original prints the resources of each line here, with a blank behind each. */
function lines({ terminal }: Call, { self, groups }: ConfiguredGroups, ours: boolean): number {
  for (const { owner, resources } of groups) {
    if ((owner === self) === ours) terminal.out(`${resources.map(({ written }) => `${written} `).join('')}\n`);
  }
  return 0;
}

/** LSB: 0 running, 3 stopped. */
function resourceStatus(call: Call): Promise<number> {
  return withGroups(call, async ({ groups }) => {
    const resource = call.services.resourceNamed(call.word, groups);
    if (resource === undefined) return complain(call.terminal, call.name, unknownGroup(call.word, groups));
    const { outcome, reason } = await call.services.status(call.directories, resource);
    if (outcome === 'running') return 0;
    if (outcome !== 'not-running') {
      const fields = { resource: call.word, reason: reason ?? outcome };
      complain(call.terminal, call.name, failure('resource-status-unknown', fields).problem);
    }
    return 3;
  });
}

function groupStatus(call: Call): Promise<number> {
  return withGroups(call, async ({ groups }) => {
    const group = groups.find(({ key }) => key === call.word);
    if (group === undefined) return complain(call.terminal, call.name, unknownGroup(call.word, groups));
    for (const resource of group.resources) {
      const { outcome } = await call.services.status(call.directories, resource);
      call.terminal.out(`${resource.written}\t${outcome === 'not-running' ? 'stopped' : outcome}\n`);
    }
    return 0;
  });
}

/** What an init script asks before it starts heartbeat: nothing of haresources may run yet. */
function verifyAllIdle(call: Call): Promise<number> {
  return withGroups(call, async ({ groups }) => {
    let active = 0;
    for (const resource of groups.flatMap(({ resources }) => resources)) {
      const { outcome } = await call.services.status(call.directories, resource);
      if (outcome !== 'running') continue;
      active += 1;
      complain(call.terminal, call.name, failure('resource-active', { resource: resource.written }).problem);
    }
    return active === 0 ? 0 : 1;
  });
}

/** Exit code 1, as the original. */
function usage(terminal: Terminal, complaint?: string): number {
  if (complaint !== undefined) terminal.error(`ResourceManager: ${complaint}\n`);
  terminal.error(`usage: ResourceManager VERB [ARGUMENT] [--ha-dir DIR] [--run-dir DIR]
  listkeys NODE      groups whose haresources line names the node
  allkeys            groups of both nodes
  ourkeys            resources of the lines that name this node
  otherkeys          resources of the lines that name the other node
  status RESOURCE    exit code 0: runs here; 3: does not
  statgroup GROUP    each resource of a group: running or stopped here
  takegroup GROUP    fetches a group from the other node
  givegroup GROUP    gives a group to the other node; without a daemon and with
                     --force: stops it
  verifyallidle      exit code 1 if a resource of haresources runs here
`);
  return 1;
}
