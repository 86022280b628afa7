/** What is known about a random CIB while it is being made: every area reads here what the areas before it decided. */
import { type Element, el } from '../xml-tree.ts';
import { Draw } from './draw.ts';
import { type Feature, featureNames, features } from './features.ts';

/** "Now" of every random CIB: 2023-11-14 22:13:20 UTC. */
export const nowS = 1_700_000_000;
export const featureSet = '3.16.1';

export interface NodePlan {
  id: string;
  name: string;
  /** What its `node_state` says; `unseen`: there is none. */
  state: 'online' | 'offline' | 'unclean' | 'pending' | 'unseen';
  permanent: Map<string, string>;
  transient: Map<string, string>;
  utilization: Map<string, string>;
  shutdown: boolean;
}

export interface Recurring {
  name: string;
  intervalMs: number;
  timeoutMs: number;
  role: string | undefined;
}

export interface Primitive {
  id: string;
  agent: { class: string; provider?: string; type: string };
  params: Map<string, string>;
  meta: Map<string, string>;
  operations: Element[];
  recurring: Recurring[];
  utilization: Map<string, string>;
  element: Element;
  top: Top;
}

export interface CloneOptions {
  unique: boolean;
  promotable: boolean;
  max: number;
  nodeMax: number;
  promotedMax: number;
}

/** A resource at the top level of the configuration. */
export interface Top {
  id: string;
  kind: 'primitive' | 'group' | 'clone';
  /** Of a cloned group: the group's id. */
  groupId?: string;
  members: Primitive[];
  clone?: CloneOptions;
  meta: Map<string, string>;
  element: Element;
}

export class World {
  readonly draw: Draw;
  readonly on = new Set<Feature>();
  readonly used = new Set<Feature>();
  readonly nodes: NodePlan[] = [];
  readonly options = new Map<string, string>();
  readonly resourceDefaults: Element[] = [];
  readonly operationDefaults: Element[] = [];
  readonly templates: Element[] = [];
  readonly tops: Top[] = [];
  readonly tags: Element[] = [];
  readonly constraints: Element[] = [];
  readonly ticketStates: Element[] = [];
  haveQuorum = true;
  featureSet = featureSet;
  private count = 0;

  constructor(seed: number) {
    this.draw = new Draw(seed);
    for (const feature of featureNames) if (this.draw.chance(features[feature])) this.on.add(feature);
  }

  /** Whether the feature is on and the coin falls for it this time; then it counts as used. */
  may(feature: Feature, probability = 1): boolean {
    if (!this.on.has(feature) || !this.draw.chance(probability)) return false;
    this.used.add(feature);
    return true;
  }

  newId(prefix: string): string {
    this.count++;
    return `${prefix}-${this.count}`;
  }

  get primitives(): Primitive[] {
    return this.tops.flatMap((top) => top.members);
  }

  /** `meta_attributes` and the like; nothing when there is no pair. */
  pairs(
    name: string,
    owner: string,
    values: ReadonlyMap<string, string>,
    more: Record<string, string> = {},
  ): Element[] {
    if (values.size === 0) return [];
    const children = [...values].map(([key, value]) =>
      el('nvpair', { id: this.newId(`${owner}-nv`), name: key, value }),
    );
    return [el(name, { id: this.newId(`${owner}-set`), ...more }, children)];
  }

  /** What constraints may name: top-level resources, and now and then a member of a group. */
  constrainable(): string[] {
    const members = this.tops.filter((top) => top.kind === 'group').flatMap((top) => top.members.map(({ id }) => id));
    const tops = this.tops.filter((top) => top.members[0]?.agent.class !== 'stonith').map(({ id }) => id);
    return [...tops, ...tops, ...members];
  }

  /** Two different things for a constraint; clones more often than chance, for most of what is special is about them. */
  pickPair(): [string, string] | [] {
    const all = [...new Set(this.constrainable())];
    const clones = this.tops.filter(({ kind }) => kind === 'clone').map(({ id }) => id);
    const [first] =
      clones.length > 0 && this.draw.chance(0.55) ? this.draw.sample(clones, 1) : this.draw.sample(all, 1);
    const others = clones.length > 1 && this.draw.chance(0.4) ? clones : all;
    const [second] = this.draw.sample(
      others.filter((id) => id !== first),
      1,
    );
    if (first === undefined || second === undefined) return [];
    return this.draw.chance(0.5) ? [first, second] : [second, first];
  }
}
