/**
 * Everything that a run is made of, as data: the pair, the faults, and the seed of what wires, disks, agents and clocks
 * draw while nothing is wrong. A seed stands for the plan that is drawn from it; a plan can be written to a file, edited,
 * and run again.
 */
import { readFileSync } from 'node:fs';
import { describeFault } from './faults/begin.ts';
import type { Fault } from './faults/fault.ts';
import { faultNames } from './faults/kinds.ts';
import { plainSetup, type Setup } from './world/setup.ts';

export interface Plan {
  readonly seed: number;
  readonly setup: Setup;
  /** Services (`group#index`) whose script knows no status. */
  readonly mute: readonly string[];
  /** Who is switched on at once, and how much later the other. */
  readonly boot: { readonly first: string; readonly secondMs: number };
  /** Afterwards everything is mended, and the pair must recover. */
  readonly faultsForMs: number;
  readonly faults: readonly Fault[];
  /** What the faults are about, for the reader. */
  readonly theme?: string;
}

/** What a file or an argument may say: a list of faults alone, or any part of a plan. The rest is as in `base`. */
export function editedPlan(base: Plan, text: string): Plan {
  const edited = JSON.parse(text) as readonly Fault[] | WrittenPlan;
  const plan = Array.isArray(edited)
    ? { ...withoutTheme(base), faults: edited }
    : readPlan(edited as WrittenPlan, withoutTheme(base));
  for (const { kind } of plan.faults)
    if (!(faultNames as string[]).includes(kind)) throw new Error(`there is no fault "${kind}"`);
  return plan;
}

/** Whoever edits a list knows what it is about. */
function withoutTheme({ theme: _, ...plan }: Plan): Plan {
  return plan;
}

/** The setup of a written plan names only what differs from a plain one. */
export type WrittenPlan = Partial<Omit<Plan, 'setup'>> & { readonly setup?: Partial<Setup> };

function readPlan(written: WrittenPlan, base: Plan): Plan {
  const setup = written.setup === undefined ? base.setup : { ...plainSetup, ...written.setup };
  return { ...base, ...written, setup };
}

export function planOf(written: WrittenPlan): Plan {
  return readPlan(written, emptyPlan);
}

const emptyPlan: Plan = {
  seed: 1,
  setup: plainSetup,
  mute: [],
  boot: { first: 'node1', secondMs: 0 },
  faultsForMs: 0,
  faults: [],
};

export function loadPlan(file: string): Plan {
  return planOf(JSON.parse(readFileSync(file, 'utf8')) as WrittenPlan);
}

/** One line for each fault, so that a reader can strike some out. */
export function writtenPlan(plan: Plan): string {
  const { faults, setup, ...rest } = plan;
  const different = Object.entries(setup).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(plainSetup[name as keyof Setup]),
  );
  const head = JSON.stringify({ ...rest, setup: Object.fromEntries(different) });
  const list = faults.map((fault) => `  ${JSON.stringify(fault)}`).join(',\n');
  return `${head.slice(0, -1)},\n"faults":[\n${list}\n]}\n`;
}

/** A line for the pair and one for each fault. */
export function describePlan({ seed, setup, faultsForMs, faults, boot, theme }: Plan): string[] {
  const groups = setup.groups
    .map((group) => `${group.key}@${group.owner}(${group.resources.map((resource) => resource.type[0]).join('')})`)
    .join(' ');
  return [
    `seed ${seed}: keepalive ${setup.keepaliveMs} ms, deadtime ${setup.deadtimeMs} ms, initdead ${setup.initdeadMs} ms, ` +
      `${setup.links.length} links, failback ${setup.autoFailback}, ${groups}; ${boot.first} first, the other ${boot.secondMs} ms later; ` +
      `faults for ${faultsForMs} ms${theme === undefined ? '' : `, theme: ${theme}`}`,
    ...faults.map((fault) => `${(fault.atMs / 1000).toFixed(6).padStart(11)}   ${describeFault(fault)}`),
  ];
}
