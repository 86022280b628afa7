/**
 * Moments that a run should see now and then: two things at once, or one right in the middle of another. Told from the
 * world as it is, not from what the nodes say about it.
 */
import { isHandingOver } from '../../src/core/haresources/handover.ts';
import { letterOf, type NodeState, stageOf } from '../../src/core/node-state.ts';
import { type CounterName, counterNames } from '../../src/core/transport/accounts.ts';
import type { Checker } from './checkers/checker.ts';
import type { FaultName } from './faults/kinds.ts';
import { type Phase, phaseOf } from './phase.ts';
import type { Daemon } from './world/daemon.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

/** Strikes of a kind in a phase that are worth a name of their own. */
export const strikeNames = [
  'power lost in the middle of a start',
  'power lost in the middle of a stop',
  'power lost during a handover',
  'power lost while joining',
  'daemon killed in the middle of a start',
  'daemon killed in the middle of a stop',
  'daemon killed during a handover',
  'agent host killed in the middle of a start',
  'agent host killed in the middle of a stop',
  'agent host killed during a handover',
  'cut during a handover',
  'cut while joining',
  'frozen during a handover',
  'frozen while joining',
  'files edited during a handover',
  'files edited in the middle of a start',
  'service died during a handover',
  'stop asked for during a handover',
  'operator in the middle of a start',
  'power lost in the middle of fencing',
  'daemon killed in the middle of fencing',
  'agent host killed in the middle of fencing',
  'frozen in the middle of fencing',
  'files edited in the middle of fencing',
  'operator in the middle of fencing',
  'disk failing in the middle of fencing',
  'bit spoilt in the middle of fencing',
  'fence device lost in the middle of fencing',
] as const;

const strikes: Partial<Record<FaultName, Partial<Record<Phase, (typeof strikeNames)[number]>>>> = {
  powerLoss: {
    start: 'power lost in the middle of a start',
    stop: 'power lost in the middle of a stop',
    handover: 'power lost during a handover',
    join: 'power lost while joining',
    fencing: 'power lost in the middle of fencing',
  },
  daemonKill: {
    start: 'daemon killed in the middle of a start',
    stop: 'daemon killed in the middle of a stop',
    handover: 'daemon killed during a handover',
    fencing: 'daemon killed in the middle of fencing',
  },
  hostKill: {
    start: 'agent host killed in the middle of a start',
    stop: 'agent host killed in the middle of a stop',
    handover: 'agent host killed during a handover',
    fencing: 'agent host killed in the middle of fencing',
  },
  cut: { handover: 'cut during a handover', join: 'cut while joining' },
  freeze: {
    handover: 'frozen during a handover',
    join: 'frozen while joining',
    fencing: 'frozen in the middle of fencing',
  },
  reload: {
    handover: 'files edited during a handover',
    start: 'files edited in the middle of a start',
    fencing: 'files edited in the middle of fencing',
  },
  failingDisk: { fencing: 'disk failing in the middle of fencing' },
  bitRot: { fencing: 'bit spoilt in the middle of fencing' },
  fenceUnreachable: { fencing: 'fence device lost in the middle of fencing' },
  death: { handover: 'service died during a handover' },
  gracefulStop: { handover: 'stop asked for during a handover' },
  operator: { start: 'operator in the middle of a start', fencing: 'operator in the middle of fencing' },
};

export const momentNames = [
  ...strikeNames,
  // both nodes
  'both daemons dead at once',
  'both machines off at once',
  'both machines frozen at once',
  'both nodes joining at once',
  'both nodes paused at once',
  'one joins while the other leaves',
  'one joins while the other starts something',
  'files differ between the nodes',
  'clocks at different speeds',
  // wires
  'cut too short to be noticed',
  'cut mended while both ran something',
  'cut mended in the middle of a start',
  'cut mended in the middle of fencing',
  'only one of two links works',
  'only one direction works',
  'peer does not hear us',
  // takeovers
  'takeover with other files than the peer',
  'takeover while the own disk fails',
  'takeover by a node that has just booted',
  'takeover at another speed of the clock',
  'takeover while a service of it is broken',
  'taken over twice within a minute',
  // stops that fail
  'failed stop and silence',
  'failed stop on both nodes',
  'joined beside a failed stop',
  'stopped by hand',
  // restarts
  'restarted before the peer noticed',
  'restarted while the peer was starting',
  'pause longer than the deadtime while owner',
  'pause shorter than the deadtime',
  'split being settled',
  'restart in the middle of a split',
  'restart in the middle of a handover',
  // what the transport refused
  'refused: bad-mac',
  'refused: replay',
  'refused: duplicate',
  'refused: stale-generation',
  'refused: stale-incarnation',
  'refused: generation-waiting',
  'refused: unheard',
  'message asked for again',
  'message sent again',
] as const;

export type Moment = (typeof momentNames)[number];

export function momentOfStrike(world: World, kind: FaultName, phase: Phase): void {
  const name = strikes[kind]?.[phase];
  if (name !== undefined) world.count(name);
  if (bothAre(world, ({ daemon }) => daemon === undefined)) world.count('both daemons dead at once');
  if (bothAre(world, ({ powered }) => !powered)) world.count('both machines off at once');
  if (bothAre(world, ({ frozen }) => frozen)) world.count('both machines frozen at once');
  if (world.machines[0].files !== world.machines[1].files) world.count('files differ between the nodes');
  if (world.machines[0].speed !== world.machines[1].speed) world.count('clocks at different speeds');
  wires(world);
}

const cuts: ReadonlySet<string> = new Set(['cut', 'oneWay', 'oneLink']);

/** Before it is mended. */
export function momentOfMend(world: World, kind: FaultName): void {
  if (!cuts.has(kind)) return;
  if (phaseOf(world) === 'fencing') world.count('cut mended in the middle of fencing');
  const knows = ({ daemon }: Machine) => daemon?.engine.node.peer.presence !== 'up';
  if (kind === 'cut' && bothAre(world, ({ daemon }) => daemon?.engine.node.peer.presence === 'up'))
    world.count('cut too short to be noticed');
  if (!world.machines.some(knows)) return;
  const [here, there] = world.machines;
  for (const { written } of world.truth.all(here.index))
    if (world.truth.find(there.index, written) !== undefined) world.count('cut mended while both ran something');
  if (world.machines.some(({ host }) => host?.isDoing('start') === true))
    world.count('cut mended in the middle of a start');
}

function wires({ network, setup, sometimes }: World): void {
  const [out, back] = network.paths;
  const works = setup.links.map((_, link) => !out[link]!.cut && !back[link]!.cut);
  if (works.length > 1 && works.filter((whole) => whole).length === 1) sometimes.count('only one of two links works');
  const allCut = (direction: typeof out) => direction.every(({ cut }) => cut);
  if (allCut(out) !== allCut(back)) sometimes.count('only one direction works');
}

/** Looks on at every step that is more than a keepalive. */
export function createMoments(): Checker {
  const takenUs = new Map<string, number>();
  return {
    effect(world, daemon, effect) {
      if (effect.type !== 'log' || effect.message.code !== 'group-starting') return;
      const { evidence, group } = effect.message.fields;
      if (evidence !== 'unprotected' && evidence !== 'peerFenced') return;
      takeover(world, daemon, String(group));
      const lastUs = takenUs.get(String(group));
      if (lastUs !== undefined && world.nowUs - lastUs < 60_000_000) world.count('taken over twice within a minute');
      takenUs.set(String(group), world.nowUs);
    },
    stepped(world, daemon, event, effects) {
      if (!effects.some(({ type }) => type === 'log' || type === 'operation' || type === 'persist')) return;
      stages(world);
      stuck(world, daemon);
      if (daemon.engine.node.peer.deafSinceUs !== undefined) world.count('peer does not hear us');
      if (isSettling(daemon.engine.node)) world.count('split being settled');
      if (event?.to === 'node' && event.event.type === 'boot') booted(world, daemon);
    },
  };
}

/** What the two daemons that are there at the end have refused. */
export function momentsAtTheEnd(world: World): void {
  const named: readonly string[] = momentNames;
  for (const { daemon } of world.machines) {
    const counters = daemon?.engine.transport.accounts.counters ?? {};
    const seen = (name: CounterName) => (counters[name] ?? 0) > 0;
    for (const name of counterNames)
      if (seen(name) && named.includes(`refused: ${name}`)) world.count(`refused: ${name}` as Moment);
    if (seen('retransmit-requests')) world.count('message asked for again');
    if (seen('retransmitted')) world.count('message sent again');
  }
}

function takeover(world: World, { machine, engine, bootedUs }: Daemon, group: string): void {
  const { node } = engine;
  if (machine.files !== machine.other.files) world.count('takeover with other files than the peer');
  if (machine.disk.faults.fails > 0) world.count('takeover while the own disk fails');
  if (world.nowUs - bootedUs < 3 * node.options.deadtimeMs * 1000)
    world.count('takeover by a node that has just booted');
  if (machine.speed !== machine.other.speed) world.count('takeover at another speed of the clock');
  if ([...machine.agents.broken.keys()].some((key) => key.startsWith(`${group}#`)))
    world.count('takeover while a service of it is broken');
}

function stages(world: World): void {
  const [first, second] = world.machines.map(({ daemon }) =>
    daemon === undefined ? undefined : stageOf(daemon.engine.node),
  );
  if (first === 'joining' && second === 'joining') world.count('both nodes joining at once');
  if (first === 'paused' && second === 'paused') world.count('both nodes paused at once');
  for (const [one, other, there] of [
    [first, second, world.machines[1]],
    [second, first, world.machines[0]],
  ] as const) {
    if (one !== 'joining') continue;
    if (other === 'leaving') world.count('one joins while the other leaves');
    if (there.host?.isDoing('start') === true) world.count('one joins while the other starts something');
    if (hasFailedStop(there)) world.count('joined beside a failed stop');
  }
}

function stuck(world: World, { machine, engine }: Daemon): void {
  if (!hasFailedStop(machine)) return;
  if (engine.node.peer.presence === 'silent') world.count('failed stop and silence');
  if (hasFailedStop(machine.other)) world.count('failed stop on both nodes');
}

function booted(world: World, { machine }: Daemon): void {
  const peer = machine.other.daemon;
  if (peer === undefined || world.nowUs < 1_000_000 || machine.boots === 0) return;
  const { node } = peer.engine;
  if (node.peer.presence === 'up') world.count('restarted before the peer noticed');
  if (machine.other.host?.isDoing('start') === true) world.count('restarted while the peer was starting');
  if (isSettling(node)) world.count('restart in the middle of a split');
  if (isHandingOver(node)) world.count('restart in the middle of a handover');
}

function hasFailedStop({ daemon }: Machine): boolean {
  return daemon?.engine.node.groups.some((group) => letterOf(group) === 'f') === true;
}

function isSettling({ groups }: NodeState): boolean {
  return groups.some(({ disputedSinceUs }) => disputedSinceUs !== undefined);
}

function bothAre(world: World, is: (machine: Machine) => boolean): boolean {
  return world.machines.every(is);
}
