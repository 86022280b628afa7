/** Recorded operations of one resource on one node, as the executor of Pacemaker writes them into the status section. */
import { createHash } from 'node:crypto';
import { type Element, el } from '../xml-tree.ts';
import type { Primitive, World } from './world.ts';

export interface Recorded {
  name: string;
  intervalMs?: number;
  rc: number;
  /** 0 done, -1 pending, 2 timed out, 4 error, ... */
  status?: number;
  expected?: number;
  ageS: number;
  timeoutMs?: number;
  migration?: { source: string; target: string };
  /** The operation that made the failure: recorded once more under an id of its own. */
  failure?: boolean;
}

export interface HistoryRecord {
  /** Under which id the node knows the resource: of anonymous instances without number. */
  id: string;
  primitive: Primitive;
  operations: Recorded[];
  more?: Record<string, string>;
  /** The parameters then, where they were others than now; `restart` names those whose change needs a restart. */
  former?: { params: ReadonlyMap<string, string>; restart?: readonly string[] };
}

/** `<lrm_resource>` with its operations in the order in which they ran. */
export function recordElement(world: World, node: string, record: HistoryRecord, nowS: number): Element {
  const { agent } = record.primitive;
  // One style writes the last operation, the last failure and the monitors; the older one every operation by its key.
  const modern = world.draw.chance(0.8);
  const operations: Element[] = [];
  const byId = new Map<string, Element>();
  let call = world.draw.between(2, 9);
  for (const operation of record.operations) {
    call += world.draw.between(1, 4);
    for (const id of operationIds(record.id, operation, modern))
      byId.set(id, operationElement(world, node, record, operation, id, call, nowS));
  }
  for (const element of byId.values()) operations.push(element);
  return el('lrm_resource', { id: record.id, ...agent, ...record.more }, operations);
}

function operationIds(id: string, operation: Recorded, modern: boolean): string[] {
  const own = modern && (operation.intervalMs ?? 0) === 0 ? `${id}_last_0` : operationKey(id, operation);
  return operation.failure === true && modern ? [`${id}_last_failure_0`, own] : [own];
}

function operationKey(id: string, operation: Recorded): string {
  return `${id}_${operation.name}_${operation.intervalMs ?? 0}`;
}

const uuid = '01234567-89ab-cdef-0123-456789abcdef';

function operationElement(
  world: World,
  node: string,
  record: HistoryRecord,
  operation: Recorded,
  id: string,
  call: number,
  nowS: number,
): Element {
  const status = operation.status ?? 0;
  const key = `${call}:3:${operation.expected ?? 0}:${uuid}`;
  const changedS = nowS - operation.ageS;
  const dated = !world.may('last-rc-change missing', 0.5);
  return el('lrm_rsc_op', {
    id,
    operation_key: operationKey(record.id, operation),
    operation: operation.name,
    'crm-debug-origin': 'do_update_resource',
    crm_feature_set: world.featureSet,
    'transition-key': key,
    'transition-magic': `${status}:${operation.rc};${key}`,
    'exit-reason': operation.rc === 0 || operation.rc === 7 ? undefined : 'drawn',
    on_node: node,
    'call-id': status === -1 ? -1 : call,
    'rc-code': operation.rc,
    'op-status': status,
    interval: operation.intervalMs ?? 0,
    ...(dated ? { 'last-rc-change': changedS, 'exec-time': 11, 'queue-time': 0 } : {}),
    ...(operation.migration === undefined
      ? {}
      : { migrate_source: operation.migration.source, migrate_target: operation.migration.target }),
    ...digests(record, operation),
  });
}

function digests(record: HistoryRecord, operation: Recorded): Record<string, string | undefined> {
  const params = record.former?.params ?? record.primitive.params;
  const timeoutMs = (operation.intervalMs ?? 0) > 0 ? (operation.timeoutMs ?? 20_000) : undefined;
  const restart = record.former?.restart;
  if (restart === undefined) return { 'op-digest': digest(params, timeoutMs) };
  const kept = new Map([...params].filter(([name]) => restart.includes(name)));
  return {
    'op-digest': digest(params, timeoutMs),
    'op-force-restart': ` ${restart.join('  ')} `,
    'op-restart-digest': digest(kept, undefined),
  };
}

function digest(params: ReadonlyMap<string, string>, timeoutMs: number | undefined): string {
  const all = new Map(params);
  if (timeoutMs !== undefined) all.set('CRM_meta_timeout', String(timeoutMs));
  const attributes = [...all]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => ` ${name}="${value}"`);
  return createHash('md5')
    .update(` <parameters${attributes.join('')}/>\n`)
    .digest('hex');
}
