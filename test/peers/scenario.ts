/** A scenario is a short play for two nodes. It does not know which software plays which node. */
import type { Setup } from './setup.ts';
import type { Cast, Stage } from './stage.ts';

export interface Scenario {
  readonly name: string;
  readonly setup?: Partial<Pick<Setup, 'autoFailback' | 'groups' | 'deadtimeMs' | 'initdeadMs'>>;
  readonly play: (stage: Stage) => Promise<void>;
  /** In a play where two nodes act for a while without hearing each other, something runs twice by its nature. */
  readonly splits?: boolean;
  /** Chance decides which of the nodes complains: each is measured by what either was recorded to say. */
  readonly eitherSide?: boolean;
  /** A play about Pairbeat: with two real nodes it would end otherwise. */
  readonly mixedOnly?: boolean;
}

/** Everybody is a real node: what it logs then is the measure for what it may log beside Pairbeat. */
export const realPair: Cast = { node1: 'real', node2: 'real' };
