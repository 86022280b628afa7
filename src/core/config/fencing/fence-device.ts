/**
 * Fence devices as ha.cf names them: `stonith TYPE FILE` for the cluster, `stonith_host HOST|* TYPE PARAMETERS` for the
 * machine HOST (or every one) that has access to the device. A type is one of three kinds:
 *
 * - `fence_NAME`, or `rhcs/NAME` as cluster-glue calls it: a fence agent (fence-agents API), parameters `name=value`;
 * - `external/NAME`: a script of cluster-glue, parameters in the order of its getconfignames, or `name=value`;
 * - any other word: a plugin of cluster-glue, reached through its `stonith` command.
 *
 * Parameters hold passwords. They stay in the configuration, from where the agent host gets them; no event, effect,
 * journal, log or status ever carries them.
 */
import type { NodeName } from '../../types.ts';

export type FenceDeviceKind = 'agent' | 'external' | 'plugin';

export interface FenceDevice {
  /** What status, logs and commands call it; unique on this node. */
  readonly name: string;
  /** As written. */
  readonly type: string;
  readonly kind: FenceDeviceKind;
  readonly parameters: FenceParameters;
  /** The pair by name: the device must never be told to switch off `self`. */
  readonly pair?: { readonly self: NodeName; readonly peer: NodeName };
}

/** Secret. `positional`: one line, in the order that the device type defines; its last value goes to the line's end. */
export type FenceParameters =
  | { readonly form: 'named'; readonly values: Readonly<Record<string, string>> }
  | { readonly form: 'positional'; readonly text: string };

export interface FencingConfiguration {
  /** Those that this node can use against the other one, in the order of the file. May be empty. */
  readonly devices: readonly FenceDevice[];
  /** Every line without its parameters: the same on a healthy pair. */
  readonly lines: readonly string[];
}

/** Undefined when the word cannot be a device type: it becomes a file name. */
export function fenceKindOf(type: string): FenceDeviceKind | undefined {
  if (/^(rhcs\/|fence_)[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(type)) return 'agent';
  if (/^external\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(type)) return 'external';
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(type) ? 'plugin' : undefined;
}

/** File name of the agent, the script or the plugin. */
export function fenceProgramOf(type: string): string {
  const name = type.slice(type.lastIndexOf('/') + 1);
  return type.startsWith('rhcs/') && !name.startsWith('fence_') ? `fence_${name}` : name;
}

const pair = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/;

/** All words or none are `name=value`. */
export function readParameters(words: readonly string[]): FenceParameters {
  const pairs = words.map((word) => pair.exec(word));
  if (words.length === 0 || pairs.some((match) => match === null)) return { form: 'positional', text: words.join(' ') };
  return { form: 'named', values: Object.fromEntries(pairs.map((match) => [match![1]!, match![2]!])) };
}

/** Names whose value nobody may see. Also used where output of a device is shown. */
export function isSecretName(name: string): boolean {
  return /pass|pwd|secret|token|community|key/i.test(name);
}

/** An outlet that is called like a node says whom the device is for. */
const outletParameters = ['plug', 'port'];

/** Parameters that list the hosts which the device can switch off. */
const hostParameters = ['pcmk_host_list', 'pcmk_host_map', 'hostlist', 'hostname', ...outletParameters];

/**
 * False when the parameters say that the device is for this machine itself or for others: it would never be asked for
 * the peer. Where they name no node of the pair the device itself knows whom it serves.
 */
export function servesPeer(parameters: FenceParameters, self: NodeName, peer: NodeName): boolean {
  const text =
    parameters.form === 'positional'
      ? parameters.text
      : hostParameters.map((name) => parameters.values[name] ?? '').join(' ');
  const words = text.toLowerCase().split(/[\s,;]+/);
  const names = (node: NodeName): boolean => words.some((word) => word === node || word.startsWith(`${node}:`));
  return names(peer) || !names(self);
}

/** The host argument of the device for a node (`pcmk_host_map`), or undefined when it goes by the node's name. */
export function plugOf(parameters: FenceParameters, node: NodeName): string | undefined {
  if (parameters.form !== 'named') return undefined;
  for (const entry of (parameters.values['pcmk_host_map'] ?? '').split(/[\s;]+/)) {
    const colon = entry.indexOf(':');
    if (colon > 0 && entry.slice(0, colon).toLowerCase() === node) return entry.slice(colon + 1);
  }
  return undefined;
}

/**
 * The outlet of this machine itself that the device would be told to switch off for `target`, or undefined. Whoever cuts
 * itself must not take that for proof of the other one's end. Every outlet that is written counts: an agent may heed any.
 */
export function ownOutletOf({ kind, parameters, pair }: FenceDevice, target: NodeName): string | undefined {
  if (pair === undefined) return undefined;
  const own = [pair.self, ...outletsIn(plugOf(parameters, pair.self))];
  const written =
    kind === 'agent' && parameters.form === 'named' ? outletParameters.map((name) => parameters.values[name]) : [];
  return [plugOf(parameters, target) ?? target, ...written].flatMap(outletsIn).find((outlet) => own.includes(outlet));
}

const outletsIn = (text: string | undefined): string[] =>
  (text ?? '')
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
