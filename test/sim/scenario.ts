/**
 * Scenario files: a script of what happens to a simulated pair, and under a line of dashes the whole trace that must
 * come of it. Nothing in them is random. The trace is written by the same code as `npm run sim -- --seed N --trace`.
 */
import type { OperationOutcome } from '../../src/core/agents.ts';
import { groupKey, linkId, type NodeName, nodeName } from '../../src/core/types.ts';
import { allCheckers } from './checkers/all.ts';
import type { Machine } from './world/machine.ts';
import { makeGroup, nodeNames, plainSetup, type ResourceKind, type Setup } from './world/setup.ts';
import { type Violation, World } from './world/world.ts';

export interface Scenario {
  /** Everything above the dashes, as written. */
  readonly script: string;
  readonly expected: string;
  readonly setup: Setup;
  readonly steps: readonly Step[];
  readonly untilUs: number;
}

interface Step {
  readonly atUs: number;
  readonly words: readonly string[];
}

export interface ScenarioOutcome {
  readonly trace: string;
  readonly violation: Violation | undefined;
}

const separator = /^-{3,}$/m;

export function parseScenario(text: string): Scenario {
  const [script = '', expected = ''] = text.split(separator);
  const lines = script.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  const steps: Step[] = [];
  let setup: Setup = { ...plainSetup, groups: [] };
  let untilUs = 0;
  for (const line of lines.filter((candidate) => candidate !== '')) {
    const [word = '', ...rest] = line.split(/\s+/);
    if (word === 'setup') setup = applySettings(setup, rest);
    else if (word === 'group') setup = { ...setup, groups: [...setup.groups, parseGroup(rest, setup.groups.length)] };
    else if (word === 'at') steps.push({ atUs: parseTime(rest[0]), words: rest.slice(1) });
    else if (word === 'until') untilUs = parseTime(rest[0]);
    else throw new Error(`scenario: nobody knows "${line}"`);
  }
  if (setup.groups.length === 0) setup = { ...setup, groups: plainSetup.groups };
  return { script, expected: expected.replace(/^\n/, ''), setup, steps, untilUs };
}

export function runScenario(scenario: Scenario): ScenarioOutcome {
  const lines: string[] = [];
  const world = new World({
    seed: 1,
    setup: scenario.setup,
    checkers: allCheckers(),
    ordered: true,
    onTrace: (line) => lines.push(line),
  });
  for (const { atUs, words } of scenario.steps) world.plan(atUs, () => act(world, words));
  world.runUntil(scenario.untilUs);
  return { trace: `${lines.join('\n')}\n`, violation: world.violation };
}

/** `cut`, `cut node1>node2`, `mend`, or the name of a node and what happens to it. */
function act(world: World, words: readonly string[]): void {
  const [subject = '', verb = '', ...rest] = words;
  if (subject === 'cut' || subject === 'mend') {
    cut(world, subject === 'cut', verb);
    return;
  }
  const machine = world.machines.find(({ name }) => name === subject);
  const action = actions[verb];
  if (machine === undefined || action === undefined) throw new Error(`scenario: nobody knows "${words.join(' ')}"`);
  action(machine, rest);
}

type Action = (machine: Machine, words: readonly string[]) => void;

const actions: Readonly<Record<string, Action>> = {
  on: (machine) => machine.powerOn(),
  off: (machine) => machine.crash(),
  'kill-daemon': (machine) => machine.killDaemon(),
  'start-daemon': (machine) => machine.startDaemon(),
  'kill-host': (machine) => machine.killHost(20_000),
  freeze: (machine) => machine.freeze(),
  thaw: (machine) => machine.thaw(),
  sigstop: (machine) => machine.daemon?.stop(),
  sigcont: (machine) => machine.daemon?.continue(),
  stop: (machine) => machine.daemon?.requestStop(),
  /** `standby all`, `standby all vip`: only that group of them. */
  standby: (machine, [scope, ...groups]) =>
    machine.daemon?.command({ verb: 'standby', scope: scopeOf(scope), ...(groups.length > 0 ? { groups } : {}) }),
  takeover: (machine, [scope, ...groups]) =>
    machine.daemon?.command({ verb: 'takeover', scope: scopeOf(scope), ...(groups.length > 0 ? { groups } : {}) }),
  cleanup: (machine, [group]) =>
    machine.daemon?.command(group === undefined ? { verb: 'cleanup' } : { verb: 'cleanup', group }),
  'acknowledge-split': (machine) => machine.daemon?.command({ verb: 'acknowledgeSplit' }),
  /** `breaks vip#0 start`: that action of that resource fails here until `mended`. */
  breaks: (machine, [resource = '', action]) =>
    machine.agents.broken.set(resource, action === 'stop' ? 'stop' : 'start'),
  mended: (machine) => machine.agents.repair(),
  /** `dies vip#1`: it ends by itself. */
  dies: (machine, [resource = '']) => machine.agents.die(machine, ...partsOf(resource)),
  /** `says vip#1 not-running`: its status, whatever is; without a word the truth again. */
  says: (machine, [resource = '', outcome]) => {
    if (outcome === undefined) machine.agents.says.delete(resource);
    else machine.agents.says.set(resource, outcome as OperationOutcome);
  },
  unmanage: (machine, [group = '']) => machine.daemon?.command({ verb: 'unmanage', group, at: 'now' }),
  manage: (machine, [group = '']) => machine.daemon?.command({ verb: 'manage', group }),
  'stopped-by-hand': (machine, [group = '']) => machine.world.stopByHand(group),
  'loses-outside': (machine) => {
    machine.world.network.outsideCut[machine.index] = true;
  },
  'has-outside': (machine) => {
    machine.world.network.outsideCut[machine.index] = false;
  },
  'disk-fails': (machine) => {
    machine.disk.faults.fails = 1;
  },
  'disk-works': (machine) => {
    machine.disk.faults.fails = 0;
  },
};

function partsOf(resource: string): [string, number] {
  const [group = '', index = '0'] = resource.split('#');
  return [group, Number(index)];
}

function scopeOf(word: string | undefined): 'all' | 'local' | 'foreign' {
  return word === 'local' || word === 'foreign' ? word : 'all';
}

function cut(world: World, isCut: boolean, direction: string): void {
  const from = direction === '' ? [0, 1] : [nodeNames.indexOf(direction.split('>')[0] as NodeName)];
  world.trace(undefined, 'fault', () => `${isCut ? 'cut' : 'mended'} ${direction}`);
  for (const index of from) for (const path of world.network.paths[index]!) path.cut = isCut;
}

/** Milliseconds for names that end in Ms, a number of links, `on`/`off`, `node2-lower` for the order of uuids. */
function applySettings(setup: Setup, words: readonly string[]): Setup {
  const changed: Record<string, unknown> = { ...setup };
  for (const word of words) {
    const [name = '', value = ''] = word.split('=');
    if (name === 'links')
      changed['links'] = Array.from({ length: Number(value) }, (_, at) => linkId(`ucast/eth${at}/peer`));
    else if (name === 'uuids') changed['uuids'] = value === 'node2-lower' ? setup.uuids.toReversed() : setup.uuids;
    else if (name === 'serviceActionUs' || name === 'addressActionUs') changed[name] = [Number(value), Number(value)];
    else if (name === 'pings')
      changed['pingNodes'] = Array.from({ length: Number(value) }, (_, at) => `192.0.2.${at + 1}`);
    else if (Object.hasOwn(setup.monitoring, name))
      changed['monitoring'] = { ...(changed['monitoring'] as object), [name]: Number(value) };
    else if (!Object.hasOwn(setup, name)) throw new Error(`scenario: no setting "${name}"`);
    else changed[name] = value === 'on' || value === 'off' ? value === 'on' : Number(value);
  }
  return changed as unknown as Setup;
}

/** `vip node1 address service`. */
function parseGroup([key = '', owner = '', ...kinds]: readonly string[], index: number): Setup['groups'][number] {
  return makeGroup(groupKey(key), nodeName(owner), kinds as ResourceKind[], index);
}

/** `3s`, `250ms`, `1.5s`. */
function parseTime(word: string | undefined): number {
  const match = /^([\d.]+)(ms|s)$/.exec(word ?? '');
  if (match === null) throw new Error(`scenario: not a time: ${word}`);
  return Math.round(Number(match[1]) * (match[2] === 's' ? 1_000_000 : 1000));
}
