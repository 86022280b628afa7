/**
 * Puts every wrong version of a file into the file, each behind a switch, so that one build holds all mutants: a process
 * goes from one to the next by a number, without loading anything again. What is left of a site while its mutants are
 * asleep is a comparison or two.
 */
import type { Site } from './guards.ts';

/** What instrumented code reads; one for the whole process. */
export interface Switchboard {
  /** Id of the mutant that is awake; 0: none. */
  awake: number;
  /** Per site (the id of its first mutant): whether it was reached since somebody cleared it. */
  readonly reached: Uint8Array;
  /** So many more places may be visited before it counts as a run without end, and is broken off by an exception. */
  fuel: number;
  visit(site: number): void;
}

/** An instrumented file finds its switchboard here; where nobody has made one, the environment says who is awake. */
export const switchboardName = 'pairbeatSwitchboard';
export const awakeVariable = 'PAIRBEAT_AWAKE';
const limit = 20_000;
/** As text, since it is written into files that cannot import anything of this. */
const madeHere = `{
  reached: new Uint8Array(${limit}),
  fuel: Infinity,
  visit(site) { this.reached[site] = 1; if (--this.fuel < 0) throw new Error('does not end'); },
}`.replaceAll('\n', ' ');

export function instrument(text: string, sites: readonly Site[]): string {
  if (sites.length === 0) return text;
  // Whoever is loaded first makes it, and that may be this file.
  const make = `{ awake: Number(process.env.${awakeVariable} ?? 0), ...${madeHere} }`;
  // On the first line, so that line numbers stay what they are.
  const head = `const pairbeatMutants: any = ((globalThis as any).${switchboardName} ??= ${make}); `;
  return head + render(text, 0, text.length, sites);
}

export function switchboard(): Switchboard {
  const holder = globalThis as unknown as Record<string, Switchboard | undefined>;
  holder[switchboardName] ??= makeSwitchboard();
  return holder[switchboardName];
}

function makeSwitchboard(): Switchboard {
  return new Function(`return { awake: 0, ...${madeHere} };`)() as Switchboard;
}

/** The text from `start` to `end`, with the sites that lie in it. Sites are sorted: outer before inner. */
function render(text: string, start: number, end: number, sites: readonly Site[]): string {
  let out = '';
  let at = start;
  for (let index = 0; index < sites.length; ) {
    const site = sites[index]!;
    let next = index + 1;
    while (next < sites.length && sites[next]!.end <= site.end) next++;
    out += text.slice(at, site.start) + renderSite(text, site, sites.slice(index + 1, next));
    at = site.end;
    index = next;
  }
  return out + text.slice(at, end);
}

function renderSite(text: string, site: Site, inner: readonly Site[]): string {
  const first = site.mutants[0]!.id;
  const asleep = `(${render(text, site.start, site.end, inner)})`;
  const choices = site.mutants.map(({ id, code }) => `pairbeatMutants.awake === ${id} ? (${code}) : `);
  return `(pairbeatMutants.visit(${first}), ${choices.join('')}${asleep})`;
}
