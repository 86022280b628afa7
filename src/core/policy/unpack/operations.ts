/**
 * What holds for one operation of a resource: attributes of `<op>` before its meta attributes before the defaults of all
 * operations. From that come how long it may take, what its failure leads to, and what it must wait for.
 */
import type { Operation } from '../../cib/model.ts';
import { parseDurationMs } from '../../cib/values.ts';
import { parseIsoDate } from '../rules/iso-date.ts';
import { effectivePairs } from '../rules/pairs.ts';
import type { Action, Cluster, Resource } from '../working-set.ts';
import { failureHandling } from './on-fail.ts';
import { operationDefaults } from './operation-defaults.ts';
import { parametersOf } from './parameters.ts';
import { enabledOperations, intervalOf, operationFor } from './recurring.ts';
import { ruleContext } from './rule-context.ts';

export interface OperationSettings extends Pick<Action, 'onFail' | 'roleAfterFailure' | 'needs'> {
  /** The configured operation, when there is one. */
  readonly operation: Operation | undefined;
  /** Times in it are whole milliseconds: `interval` (absent when 0), `timeout`, `start-delay`. Yours to change. */
  readonly meta: Map<string, string>;
  readonly timeoutMs: number;
  readonly startDelayMs: number;
}

/** What an operation may take that says nothing about it. */
const standardTimeoutMs = 20_000;

export function operationSettings(
  cluster: Cluster,
  resource: Resource,
  task: string,
  intervalMs: number,
): OperationSettings {
  const operation = operationFor(resource, task, intervalMs);
  const meta = mergedMeta(cluster, resource, { task, intervalMs, operation });
  const timeoutMs = timeoutOf(cluster, resource, { task, intervalMs, meta });
  const startDelayMs = startDelayOf(cluster, meta, intervalMs);
  meta.delete('id');
  meta.set('timeout', String(timeoutMs));
  if (intervalMs > 0) meta.set('interval', String(intervalMs));
  else meta.delete('interval');
  if (startDelayMs !== undefined) meta.set('start-delay', String(startDelayMs));
  return {
    operation,
    meta,
    timeoutMs,
    startDelayMs: startDelayMs ?? 0,
    ...failureHandling(cluster, resource, { task, operation, meta }),
    needs: task === 'start' || task === 'promote' ? resource.requires : 'nothing',
  };
}

/** The instance attributes of the operation itself, which its agent gets beside those of the resource. */
export function operationParameters(cluster: Cluster, resource: Resource, operation: Operation): Map<string, string> {
  return operation.params.length === 0
    ? new Map()
    : effectivePairs(operation.params, { ...ruleContext(cluster), agent: agentOf(resource) });
}

interface Asked {
  readonly task: string;
  readonly intervalMs: number;
  readonly operation: Operation | undefined;
}

function mergedMeta(cluster: Cluster, resource: Resource, { task, intervalMs, operation }: Asked): Map<string, string> {
  const agent = agentOf(resource);
  const meta = new Map(operationDefaults(cluster, agent, { name: task, intervalMs }));
  // A probe is a monitor, and may take as long as the most frequent one.
  const probeTimeout = task === 'monitor' && intervalMs === 0 ? mostFrequentMonitor(resource) : undefined;
  const timeout = probeTimeout?.attributes['timeout'];
  if (timeout !== undefined) meta.set('timeout', timeout);
  if (operation === undefined) return meta;
  if (operation.meta.length > 0) {
    const context = { ...ruleContext(cluster), agent, operation: { name: task, intervalMs } };
    // Worked out by itself, because of its own sets the first one said holds.
    for (const [name, value] of effectivePairs(operation.meta, context)) meta.set(name, value);
  }
  for (const [name, value] of Object.entries(operation.attributes)) meta.set(name, value);
  meta.set('name', operation.name);
  return meta;
}

function mostFrequentMonitor(resource: Resource): Operation | undefined {
  let found: Operation | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const operation of enabledOperations(resource)) {
    const intervalMs = intervalOf(operation);
    if (operation.name !== 'monitor' || intervalMs === 0 || intervalMs >= shortest) continue;
    shortest = intervalMs;
    found = operation;
  }
  return found;
}

function timeoutOf(
  cluster: Cluster,
  resource: Resource,
  { task, intervalMs, meta }: { task: string; intervalMs: number; meta: ReadonlyMap<string, string> },
): number {
  const ownWord = resource.isFencingDevice && (task === 'start' || (task === 'monitor' && intervalMs === 0));
  const monitorTimeout = ownWord ? parametersOf(cluster, resource).get('pcmk_monitor_timeout') : undefined;
  const ms = parseDurationMs(monitorTimeout ?? meta.get('timeout')) ?? 0;
  return ms > 0 ? ms : standardTimeoutMs;
}

/** @returns undefined when nothing is said of it. */
function startDelayOf(cluster: Cluster, meta: ReadonlyMap<string, string>, intervalMs: number): number | undefined {
  const written = meta.get('start-delay');
  if (written !== undefined) return parseDurationMs(written) ?? 0;
  const origin = parseIsoDate(meta.get('interval-origin'), cluster.nowS);
  const intervalS = Math.trunc(intervalMs / 1000);
  if (origin === undefined || intervalS === 0) return undefined;
  const past = (cluster.nowS - origin.epochS) % intervalS;
  return ((past <= 0 ? 0 : intervalS) - past) * 1000;
}

function agentOf({ class: standard, provider, type }: Resource): { class: string; provider: string; type: string } {
  return { class: standard, provider, type };
}
