/** Kind and symmetry of an order constraint, and what they mean for the actions. */
import type { OrderConstraint } from '../../cib/model.ts';
import { parseBoolean, parseScore } from '../../cib/values.ts';
import { warnOnce } from '../unpack/warn.ts';
import type { Cluster, OrderFlags } from '../working-set.ts';
import { order } from './order-flags.ts';

export type OrderKind = 'mandatory' | 'optional' | 'serialize';
/** `inverse`: the second half of a symmetric ordering, from stop to stop. */
export type OrderSymmetry = 'symmetric' | 'asymmetric' | 'inverse';

export interface OrderSense {
  readonly kind: OrderKind;
  readonly symmetry: OrderSymmetry;
}

export function kindOf(cluster: Cluster, constraint: OrderConstraint): OrderKind {
  if (constraint.orderKind === undefined) return parseScore(constraint.score) === 0 ? 'optional' : 'mandatory';
  return kindNamed(cluster, constraint.orderKind, constraint.id);
}

export function kindNamed(cluster: Cluster, written: string, constraint: string): OrderKind {
  const kind = written.toLowerCase();
  if (kind === 'mandatory' || kind === 'optional' || kind === 'serialize') return kind;
  warnOnce(cluster, { code: 'order-kind-not-valid', fields: { constraint, kind: written } });
  return 'mandatory';
}

/** `inherited`: what the constraint around a set says. Serialized things have no inverse. */
export function symmetryOf(
  written: Pick<OrderConstraint, 'symmetrical'>,
  kind: OrderKind,
  inherited: string | undefined,
): OrderSymmetry {
  const said = written.symmetrical ?? inherited;
  if (said !== undefined) return parseBoolean(said) === true && kind !== 'serialize' ? 'symmetric' : 'asymmetric';
  return kind === 'serialize' ? 'asymmetric' : 'symmetric';
}

export function orderingFlags(kind: OrderKind, firstTask: string, symmetry: OrderSymmetry): OrderFlags {
  if (kind === 'optional') return order.ordered;
  if (kind === 'serialize') return order.serialize;
  if (symmetry === 'asymmetric') return order.ordered | order.asymmetric;
  if (symmetry === 'inverse') return order.ordered | order.requireFirst;
  const needed = firstTask === 'start' || firstTask === 'promote' ? order.firstMustRun : order.none;
  return order.ordered | order.requireThen | needed;
}

const inverses: Readonly<Record<string, string>> = {
  start: 'stop',
  stop: 'start',
  promote: 'demote',
  demote: 'promote',
  promoted: 'demoted',
  demoted: 'promoted',
  running: 'stopped',
  stopped: 'running',
};

/** The task that undoes a task; undefined for one that cannot be undone. */
export function inverseOf(task: string): string | undefined {
  return inverses[task];
}
