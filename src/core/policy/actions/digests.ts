/**
 * Recorded digests of parameters against the present ones. An operation records the MD5 of the parameters it was run with, as the
 * canonical element `<parameters a="1" b="2"/>`; beside it, for agents that can reload, the digest of those parameters whose change
 * needs a restart, and which they are.
 */
import type { RecordedOperation } from '../../cib/model.ts';
import { compareVersions, parseInteger } from '../../cib/values.ts';
import { operationParameters, operationSettings } from '../unpack/operations.ts';
import { parametersOf } from '../unpack/parameters.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { compareText } from './in-order.ts';

/**
 * `unknown`: nothing to compare with was recorded. `restart`: something changed that needs a restart. `changed`: something else
 * did.
 */
export type DigestVerdict = 'same' | 'changed' | 'restart' | 'unknown';

export function compareDigests(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { attributes }: RecordedOperation,
): DigestVerdict {
  const intervalMs = parseInteger(attributes['interval']) ?? 0;
  const task = definingTask(attributes['operation'] ?? '', intervalMs);
  const present = presentParameters(cluster, resource, node, task, intervalMs);
  const restartDigest = attributes['op-restart-digest'];
  const restartChanged =
    restartDigest !== undefined &&
    restartDigest !== cluster.md5(canonical(onlyListed(present.parameters, attributes['op-force-restart'])));
  if (restartChanged) return 'restart';
  const digest = attributes['op-digest'];
  if (digest === undefined) return 'unknown';
  if (digest === cluster.md5(canonical(present.parameters))) return 'same';
  // The agent cannot reload what was meant for this one operation.
  return intervalMs === 0 && present.hasOwn ? 'restart' : 'changed';
}

/** What an operation that is run now would record as the digest of its parameters. */
export function presentDigest(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  task: string,
  intervalMs: number,
): string {
  const { parameters } = presentParameters(cluster, resource, node, definingTask(task, intervalMs), intervalMs);
  return cluster.md5(canonical(parameters));
}

/** What found or made a resource active stands for its start: it is with those parameters that it runs. */
export function definingTask(task: string, intervalMs: number): string {
  return intervalMs === 0 && (task === 'monitor' || task === 'migrate_from' || task === 'promote') ? 'start' : task;
}

/**
 * A configuration in a report has its secrets masked by asterisks, so that digests cannot agree. There the digest of what is no
 * secret decides whether anything changed.
 */
export function onlySecretsDiffer(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { attributes }: RecordedOperation,
): boolean {
  const digest = attributes['op-secure-digest'];
  if (digest === undefined) return false;
  const parameters = parametersOf(cluster, resource, node);
  if (![...parameters.values()].some((value) => /^\*{2,}$/.test(value))) return false;
  const secrets = new Set((attributes['op-secure-params'] ?? '').split(/\s+/));
  // Managers of old did not know that a fencing device has parameters which are not its agent's.
  const agentsOnly = resource.isFencingDevice && compareVersions(attributes['crm_feature_set'] ?? '0', '3.16.0') < 0;
  const readable = [...parameters].filter(
    ([name]) => !secrets.has(name) && !isNoParameter(name) && !(agentsOnly && isOfFencer(name)),
  );
  return digest === cluster.md5(canonical(new Map(readable)));
}

function isOfFencer(name: string): boolean {
  return name.startsWith('pcmk_') || name === 'provides' || name === 'stonith-timeout';
}

interface Present {
  readonly parameters: ReadonlyMap<string, string>;
  /** The operation has instance attributes of its own. */
  readonly hasOwn: boolean;
}

function presentParameters(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  task: string,
  intervalMs: number,
): Present {
  const { operation, timeoutMs } = operationSettings(cluster, resource, task, intervalMs);
  const own = operation === undefined ? undefined : operationParameters(cluster, resource, operation);
  const parameters = new Map(own);
  for (const [name, value] of parametersOf(cluster, resource, node))
    if (!parameters.has(name)) parameters.set(name, value);
  for (const name of [...parameters.keys()]) if (isNoParameter(name)) parameters.delete(name);
  if (intervalMs > 0) parameters.set('CRM_meta_timeout', String(timeoutMs));
  return { parameters, hasOwn: own !== undefined && own.size > 0 };
}

/** Names that are recorded beside parameters and are none. */
const notParameters = new Set(['id', 'crm_feature_set', 'op-digest', 'on_node', 'on_node_uuid', 'pcmk_external_ip']);

function isNoParameter(name: string): boolean {
  return name.startsWith('CRM_meta_') || notParameters.has(name);
}

/** The agent says which of its parameters need a restart, as words between blanks; nothing said: all of them. */
function onlyListed(parameters: ReadonlyMap<string, string>, list: string | undefined): ReadonlyMap<string, string> {
  if (list === undefined) return parameters;
  const listed = new Set(list.split(/\s+/));
  return new Map([...parameters].filter(([name]) => listed.has(name)));
}

/** Attributes in the order of their names; a blank before and a line end after belong to what is digested. */
export function canonical(parameters: ReadonlyMap<string, string>): string {
  const names = [...parameters.keys()].sort(compareText);
  const attributes = names.map((name) => ` ${name}="${escaped(parameters.get(name)!)}"`).join('');
  return ` <parameters${attributes}/>\n`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character]!);
}
