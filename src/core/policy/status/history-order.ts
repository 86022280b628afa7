/**
 * The order in which the entries of a history happened. The executor numbers its calls; a pending operation has no number yet
 * (-1) and is placed by the transition that ordered it. Entries that cannot be told apart are read last one first, as
 * Pacemaker does.
 */
import type { RecordedOperation } from '../../cib/model.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { execution, exitCode, readEntry, transitionOfMagic } from './recorded-operation.ts';

/** Oldest first. */
export function sortedHistory(operations: readonly RecordedOperation[]): HistoryEntry[] {
  return mergeSorted(operations.map(readEntry).reverse());
}

/**
 * Times, numbers and transitions may contradict each other, and then the way of sorting decides. It is Pacemaker's: halves, the
 * smaller one first, sorted and merged.
 */
function mergeSorted(entries: HistoryEntry[]): HistoryEntry[] {
  if (entries.length < 2) return entries;
  const middle = Math.trunc(entries.length / 2);
  const [lefts, rights] = [mergeSorted(entries.slice(0, middle)), mergeSorted(entries.slice(middle))];
  const sorted: HistoryEntry[] = [];
  let [left, right] = [0, 0];
  while (left < lefts.length && right < rights.length) {
    const leftFirst = compareEntries(lefts[left]!, rights[right]!, true) <= 0;
    sorted.push(leftFirst ? lefts[left++]! : rights[right++]!);
  }
  return [...sorted, ...lefts.slice(left), ...rights.slice(right)];
}

/**
 * Below 0: `left` is older. `sameNode` says whether both are of one node when an entry does not say (`on_node`): call numbers
 * of different nodes have nothing to do with each other.
 */
export function compareEntries(left: HistoryEntry, right: HistoryEntry, sameNode: boolean): number {
  const onOneNode = nodesAgree(left, right) ?? sameNode;
  if (onOneNode && left.id === right.id) return 0;
  if (left.callId === -1 && right.callId === -1) return 0;
  if (onOneNode && left.callId >= 0 && left.callId < right.callId) return -1;
  if (onOneNode && right.callId >= 0 && left.callId > right.callId) return 1;
  if (left.callId >= 0 && right.callId >= 0) return compareChanges(left.changedAtS ?? -1, right.changedAtS ?? -1);
  return compareTransitions(left, right);
}

/** The stretch of a sorted history in which recurring operations that were started still run. */
export interface ActiveStretch {
  /** Index of the operation that made it active; -1: never. */
  readonly start: number;
  /** Index of the last stop that succeeded; -1: none. */
  readonly stop: number;
}

export function activeStretch(sorted: readonly HistoryEntry[]): ActiveStretch {
  let start = -1;
  let stop = -1;
  let byMonitor = -1;
  let byRole = -1;
  sorted.forEach((entry, index) => {
    if (entry.task === 'stop' && entry.status === execution.done) stop = index;
    else if (entry.task === 'start' || entry.task === 'migrate_from') start = index;
    else if (byMonitor <= stop && entry.task === 'monitor') {
      if (entry.rc === exitCode.ok || entry.rc === exitCode.promoted) byMonitor = index;
    } else if (entry.task === 'promote' || entry.task === 'demote') byRole = index;
  });
  if (start === -1) start = byRole === -1 ? byMonitor : byRole;
  return { start, stop };
}

/** The recurring operations that a sorted history says are running (or known) on its node. */
export function activeRecurring(sorted: readonly HistoryEntry[]): HistoryEntry[] {
  const { start, stop } = activeStretch(sorted);
  return sorted.filter((entry, index) => {
    if (start < stop && index <= stop) return false;
    return index >= start && entry.intervalMs > 0 && entry.status !== execution.pending;
  });
}

function nodesAgree(left: HistoryEntry, right: HistoryEntry): boolean | undefined {
  const leftNode = left.recorded.attributes['on_node'];
  const rightNode = right.recorded.attributes['on_node'];
  if (leftNode === undefined || rightNode === undefined) return undefined;
  return leftNode.toLowerCase() === rightNode.toLowerCase();
}

function compareChanges(left: number, right: number): number {
  if (left >= 0 && left < right) return -1;
  return right >= 0 && left > right ? 1 : 0;
}

/** One of the two is pending. A transition number of -1 is a shutdown's and comes last. */
function compareTransitions(left: HistoryEntry, right: HistoryEntry): number {
  const leftMade = transitionOfMagic(left.recorded.attributes['transition-magic']);
  const rightMade = transitionOfMagic(right.recorded.attributes['transition-magic']);
  if (leftMade === undefined || rightMade === undefined) return 0;
  if (leftMade.uuid !== rightMade.uuid || leftMade.number === rightMade.number) return right.callId === -1 ? -1 : 1;
  if (leftMade.number === -1) return 1;
  if (rightMade.number === -1) return -1;
  return leftMade.number - rightMade.number;
}
