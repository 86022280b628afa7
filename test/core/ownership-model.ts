/**
 * A dumb model of two nodes and one group, to try every order of events rather than some: what a node publishes may
 * reach the other at any later time, in any order, or never. The only real thing in it is the ownership gate. Silence
 * is left out: with it both may start, and the gate says so (`unprotected`).
 */
import { evidenceFor, type OwnershipFacts } from '../../src/core/ownership.ts';
import { nodeName } from '../../src/core/types.ts';

/** `s` stands for everything that is held. */
type ModelLetter = '-' | 'o' | 's';

interface Report {
  readonly generation: number;
  readonly version: number;
  readonly letter: ModelLetter;
  readonly ack: number;
  readonly ackGeneration: number;
}

interface Side {
  readonly generation: number;
  readonly version: number;
  readonly letter: ModelLetter;
  readonly withdrawnAt: number;
  readonly peerGeneration: number;
  /** The peer's report that was believed last; none before a fresh one was read. */
  readonly view: Report | undefined;
  /** Everything that was said and may still matter to the other. */
  readonly sent: readonly Report[];
}

type World = readonly [Side, Side];

export interface Rules {
  /** The gate's facts, as they are or falsified to see what a rule is good for. */
  readonly facts: (facts: OwnershipFacts) => OwnershipFacts;
  /** Whether a report counts that was written for an earlier incarnation of its reader. */
  readonly believesEveryReport: boolean;
}

/** For the owner and for the other node. */
export interface Limits {
  readonly versions: readonly [number, number];
  readonly generations: readonly [number, number];
}

export interface Exploration {
  readonly states: number;
  /** Steps that lead to both nodes holding the group. */
  readonly doubleStart: readonly string[] | undefined;
  readonly starts: number;
}

const names = [nodeName('node1'), nodeName('node2')] as const;

/** Every world that can be reached within the limits. The first node owns the group. */
export function explore(rules: Rules, limits: Limits): Exploration {
  const first: World = [newborn(1), newborn(1)];
  const cameFrom = new Map<string, { readonly before: string; readonly step: string } | undefined>();
  cameFrom.set(keyOf(first), undefined);
  let frontier: World[] = [first];
  let starts = 0;
  while (frontier.length > 0) {
    const next: World[] = [];
    for (const world of frontier) {
      const before = keyOf(world);
      for (const { step, after } of successors(world, rules, limits)) {
        const key = keyOf(after);
        if (cameFrom.has(key)) continue;
        cameFrom.set(key, { before, step });
        if (step.endsWith('starts')) starts++;
        if (after[0].letter === 's' && after[1].letter === 's')
          return { states: cameFrom.size, starts, doubleStart: stepsTo(key, cameFrom) };
        next.push(after);
      }
    }
    frontier = next;
  }
  return { states: cameFrom.size, starts, doubleStart: undefined };
}

function newborn(generation: number): Side {
  const side: Side = {
    generation,
    version: 0,
    letter: '-',
    withdrawnAt: 0,
    peerGeneration: 0,
    view: undefined,
    sent: [],
  };
  return publish(side, '-');
}

function* successors(world: World, rules: Rules, limits: Limits): Generator<{ step: string; after: World }> {
  for (const index of [0, 1] as const) {
    const side = world[index];
    const other = world[index === 0 ? 1 : 0];
    const name = names[index];
    const become = (changed: Side): World => (index === 0 ? [changed, other] : [other, changed]);
    for (const report of other.sent) {
      const after = read(side, report, rules);
      if (after !== side) yield { step: `${name} reads ${JSON.stringify(report)}`, after: pruned(become(after)) };
    }
    if (side.version < limits.versions[index]) {
      const evidence = evidenceFor(rules.facts(factsOf(side, index)));
      if (evidence.ok) yield { step: `${name} starts`, after: become(publish(side, 's')) };
      if (side.letter === 's') yield { step: `${name} yields`, after: become(publish(side, '-')) };
      if (side.letter !== 'o') yield { step: `${name} offers`, after: become(publish(side, 'o')) };
      if (side.letter === 'o') yield { step: `${name} withdraws`, after: become(publish(side, '-')) };
    }
    if (side.letter !== 's' && side.generation < limits.generations[index]) {
      const reborn = newborn(side.generation + 1);
      yield { step: `${name} comes back`, after: become({ ...reborn, sent: [...side.sent, ...reborn.sent] }) };
    }
  }
}

function publish(side: Side, letter: ModelLetter): Side {
  const version = side.version + 1;
  const withdrawnAt = side.letter === 'o' && letter !== 'o' ? version : side.withdrawnAt;
  return said({ ...side, version, letter, withdrawnAt });
}

function said(side: Side): Side {
  const { generation, version, letter, view, peerGeneration } = side;
  const report = { generation, version, letter, ack: view?.version ?? 0, ackGeneration: peerGeneration };
  return { ...side, sent: [...side.sent, report] };
}

/** As membership.ts: a new incarnation is heard first, and believed once it writes to ours. */
function read(side: Side, report: Report, rules: Rules): Side {
  if (report.generation < side.peerGeneration) return side;
  let after = side;
  if (report.generation > side.peerGeneration)
    after = said({ ...side, peerGeneration: report.generation, view: undefined });
  if (report.ackGeneration !== after.generation && !rules.believesEveryReport) return after;
  const { view } = after;
  if (view !== undefined && (report.version < view.version || report.ack < view.ack)) return after;
  if (view?.version === report.version && view.ack === report.ack) return after;
  const isNews = view?.version !== report.version;
  return isNews ? said({ ...after, view: report }) : { ...after, view: report };
}

function factsOf(side: Side, index: 0 | 1): OwnershipFacts {
  const { view } = side;
  return {
    mayAct: true,
    ownLetter: side.letter,
    withdrawnAtVersion: side.withdrawnAt,
    ownerByUs: names[0],
    self: names[index],
    operatorWord: undefined,
    peer: {
      presence: side.peerGeneration === 0 ? 'never' : 'up',
      generation: side.peerGeneration,
      fresh: view !== undefined,
      reportVersion: view?.version ?? 0,
      ack: view?.ack ?? 0,
      statement: view === undefined ? undefined : { letter: view.letter, owner: names[0] },
      failedStop: false,
      silentSinceUs: 0,
      deadtimeMs: 300,
      linkViewVersion: 1,
      initdeadPassed: false,
      fencingRequired: false,
      proof: undefined,
    },
  };
}

/** What its reader will never look at again is forgotten: it only multiplies the worlds. */
function pruned([first, second]: World): World {
  return [withoutUseless(first, second), withoutUseless(second, first)];
}

function withoutUseless(side: Side, reader: Side): Side {
  const { peerGeneration, view } = reader;
  const sent = side.sent.filter(
    ({ generation, version, ack }) =>
      generation > peerGeneration ||
      (generation === peerGeneration && (view === undefined || (version >= view.version && ack >= view.ack))),
  );
  return { ...side, sent };
}

function keyOf(world: World): string {
  return JSON.stringify(world, (name, value: unknown) =>
    name === 'sent' ? [...new Set((value as Report[]).map((report) => Object.values(report).join(' ')))].sort() : value,
  );
}

function stepsTo(key: string, cameFrom: ReadonlyMap<string, { before: string; step: string } | undefined>): string[] {
  const steps: string[] = [];
  for (let at = cameFrom.get(key); at !== undefined; at = cameFrom.get(at.before)) steps.unshift(at.step);
  return steps;
}
