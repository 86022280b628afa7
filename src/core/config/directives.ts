/**
 * Every directive of ha.cf and pairbeat.conf in one table: the parsers, the generated reference (docs/reference),
 * the JSON schema, `heartbeat -D` and completion read it; nothing else knows a directive's name, range or default.
 */
import { agentDirectives } from './directives/agents.ts';
import { clusterManagerDirectives } from './directives/cluster-manager.ts';
import { daemonDirectives } from './directives/daemon.ts';
import { fencingDirectives } from './directives/fencing.ts';
import { linkDirectives } from './directives/links.ts';
import { membershipDirectives } from './directives/membership.ts';
import { tuningDirectives } from './directives/tuning.ts';

/** What stands behind the name. Scalars take a list of values of which the last one holds. */
export type Shape =
  | { readonly kind: 'time'; readonly minimumMs: number; readonly auto?: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly ignoreCase: boolean }
  /** `on`, `off`, `legacy` in every spelling of a boolean. */
  | { readonly kind: 'failback' }
  | { readonly kind: 'word' }
  /** One item a word, separated by blanks or commas; every line adds to the list. */
  | { readonly kind: 'list' }
  /** The words of one line belong together; a parser of its own reads them. */
  | { readonly kind: 'line' };

/**
 * active: does what the text says.
 * refused: recognised, and running without it could harm; the configuration is not loaded.
 * no-effect: there is nothing left for it to do here.
 */
export type DirectiveStatus = 'active' | 'refused' | 'no-effect';

export interface Directive {
  readonly name: string;
  readonly file: 'ha.cf' | 'pairbeat.conf';
  readonly chapter: string;
  readonly shape: Shape;
  /** The arguments as the reference shows them. */
  readonly usage: string;
  /** The default as it would be written; absent when there is none. */
  readonly default?: string;
  readonly status: DirectiveStatus;
  /** Differs between healthy nodes (devices, log files), so the digest leaves it out. */
  readonly nodeLocal: boolean;
  readonly summary: string;
  /** For all but `active`: why, and what to do. */
  readonly reason?: string;
  /** Values at which a directive without effect, or a refused one, asks for nothing, so nothing is said. */
  readonly harmless?: readonly string[];
  /** A second line is an error, as in Heartbeat. */
  readonly once?: boolean;
  /** Heartbeat 3.0.6 as packaged does not know this word. */
  readonly unknownToHeartbeat?: boolean;
}

export const directives: readonly Directive[] = [
  ...membershipDirectives,
  ...linkDirectives,
  ...agentDirectives,
  ...daemonDirectives,
  ...clusterManagerDirectives,
  ...tuningDirectives,
  ...fencingDirectives,
];

const byName = new Map(directives.map((directive) => [`${directive.file} ${directive.name}`, directive]));

/** Names are case-sensitive: `Keepalive` is no directive. */
export function findDirective(file: Directive['file'], name: string): Directive | undefined {
  return byName.get(`${file} ${name}`);
}

export function directiveNames(file: Directive['file']): string[] {
  return directives.filter((directive) => directive.file === file).map((directive) => directive.name);
}

export function isScalar(directive: Directive): boolean {
  return directive.shape.kind !== 'list' && directive.shape.kind !== 'line';
}
