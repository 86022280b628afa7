/**
 * Whether a real node complained about its peer more than it would about another real node. `baselines.json` has the
 * templates of everything that real nodes complain about among themselves, scenario by scenario;
 * `npm run test:peers -- --record` writes it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaints, templateOf } from './log-lines.ts';
import type { Stage } from './stage.ts';

/** By node, by template: how often. */
export type Complaints = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** By scenario; the counts are the highest of any recording. */
export type Baselines = Record<string, Complaints>;

/** The compiled program lies one level deeper than its source. */
const baselineFile = join(import.meta.dirname, '../../..', 'test/peers/baselines.json');

export function complaintsAtWork(stage: Stage): Complaints {
  return Object.fromEntries(
    stage.nodes.map((node) => {
      const counts: Record<string, number> = {};
      for (const line of complaints(node.log('real'))) counts[templateOf(line)] = (counts[templateOf(line)] ?? 0) + 1;
      return [node.name, counts];
    }),
  );
}

/** What a node complained about that no recording has, and what it repeated far more often. */
export function unknownComplaints(found: Complaints, baseline: Complaints | undefined): string[] {
  return Object.entries(found).flatMap(([node, counts]) =>
    Object.entries(counts).flatMap(([template, count]) => {
      const known = baseline?.[node]?.[template] ?? 0;
      return count > (known === 0 ? 0 : tolerated(known))
        ? [`${node} ${count} times (${known} known): ${template}`]
        : [];
    }),
  );
}

/** Timing decides how often some lines come; a flood is another matter. */
function tolerated(known: number): number {
  return 3 * known + 2;
}

export function merged(one: Complaints | undefined, other: Complaints): Complaints {
  const nodes = [...new Set([...Object.keys(one ?? {}), ...Object.keys(other)])].sort();
  return Object.fromEntries(
    nodes.map((node) => {
      const [left, right] = [one?.[node] ?? {}, other[node] ?? {}];
      const templates = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
      return [node, Object.fromEntries(templates.map((text) => [text, Math.max(left[text] ?? 0, right[text] ?? 0)]))];
    }),
  );
}

/** On disk, what real nodes complain about in every scenario stands once and not in each of them. */
interface BaselineFile {
  readonly everywhere: Readonly<Record<string, number>>;
  readonly scenarios: Baselines;
}

/** Each node may say what either node said. */
export function ofEitherSide(complaints: Complaints = {}): Complaints {
  const { node1 = {}, node2 = {} } = complaints;
  const { node1: both = {} } = merged({ node1 }, { node1: node2 });
  return { node1: both, node2: both };
}

export function readBaselines(): Baselines {
  const { everywhere, scenarios } = readFile();
  return mapNodes(scenarios, (counts) => ({ ...everywhere, ...counts }));
}

/** For a scenario that two real nodes do not play: what any of them says whenever it starts. */
export function baselineOfAnyStart(): Complaints {
  const { everywhere } = readFile();
  return { node1: everywhere, node2: everywhere };
}

function readFile(): BaselineFile {
  return JSON.parse(readFileSync(baselineFile, 'utf8')) as BaselineFile;
}

export function writeBaselines(baselines: Baselines): void {
  const nodes = Object.values(baselines).flatMap((complaints) => Object.values(complaints));
  const common = Object.keys(nodes[0] ?? {}).filter((template) =>
    nodes.every((counts) => counts[template] !== undefined),
  );
  const everywhere = Object.fromEntries(
    common.sort().map((template) => [template, Math.max(...nodes.map((counts) => counts[template]!))]),
  );
  const entries = Object.entries(baselines).sort(([left], [right]) => (left < right ? -1 : 1));
  const scenarios = mapNodes(Object.fromEntries(entries), (counts) =>
    Object.fromEntries(Object.entries(counts).filter(([template]) => everywhere[template] === undefined)),
  );
  writeFileSync(baselineFile, `${JSON.stringify({ everywhere, scenarios }, undefined, 2)}\n`);
}

function mapNodes(
  baselines: Baselines,
  change: (counts: Readonly<Record<string, number>>) => Readonly<Record<string, number>>,
): Baselines {
  return Object.fromEntries(
    Object.entries(baselines).map(([scenario, complaints]) => [
      scenario,
      Object.fromEntries(Object.entries(complaints).map(([node, counts]) => [node, change(counts)])),
    ]),
  );
}
