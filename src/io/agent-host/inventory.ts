/**
 * What this host started and has not stopped, and what it is doing right now. Every change is written to
 * `<run-dir>/host-inventory.ndjson` before it takes effect, so that the next host knows what a dead one left behind.
 * The file is append-only (one line a change, the last line of a key counts): a line costs a few microseconds, and a
 * line torn by a crash is the last one and stands for a change that had not begun. No fsync: run-dir is a tmpfs, and a
 * record that outlives the process is all that is asked for; after a reboot nothing runs and the file is ignored.
 */
import type { InventoryEntry, Operation, OperationOutcome } from '../../ports/agents.ts';
import type { RecordFile } from './record-file.ts';

export interface ProcessMark {
  readonly pid: number;
  readonly startTime: number;
}

/** One line of the file. */
export interface InventoryRecord {
  readonly key: string;
  readonly entry?: InventoryEntry;
  /** An operation is in flight, and its process if it has one. */
  readonly token?: string;
  readonly process?: ProcessMark;
}

export interface Inventory {
  entries(): InventoryEntry[];
  holds(operation: Pick<Operation, 'group' | 'resource'>): boolean;
  /** Its status has told the truth once: "running" of what runs. */
  statusSeenRunning(operation: Pick<Operation, 'group' | 'resource'>): boolean;
  isEmpty(): boolean;
  /** A reload has put other resources between those that run. */
  reorder(group: string, resources: readonly string[]): void;
  /** Before an operation begins. */
  begin(operation: Operation, token: string): void;
  processStarted(operation: Operation, token: string, process: ProcessMark): void;
  /** After it ended. `gone`: the agent made sure that a failed start left nothing behind. */
  end(operation: Operation, outcome: OperationOutcome, gone: boolean): void;
}

export function createInventory(file: RecordFile, initial: readonly InventoryEntry[]): Inventory {
  const entries = new Map<string, InventoryEntry>();
  const inFlight = new Map<string, Pick<InventoryRecord, 'token' | 'process'>>();
  for (const entry of initial) entries.set(inventoryKey(entry), leftBehind(entry));
  const record = (key: string): InventoryRecord => {
    const entry = entries.get(key);
    return { key, ...(entry === undefined ? {} : { entry }), ...inFlight.get(key) };
  };
  const write = (key: string): void =>
    file.append(record(key), () => [...new Set([...entries.keys(), ...inFlight.keys()])].map(record));

  return {
    entries: () => [...entries.values()],
    holds: (operation) => entries.has(inventoryKey(operation)),
    statusSeenRunning: (operation) => entries.get(inventoryKey(operation))?.statusSeenRunning === true,
    isEmpty: () => entries.size === 0,
    reorder(group, resources) {
      for (const [key, entry] of entries) {
        const index = resources.indexOf(entry.resource.written);
        if (entry.group !== group || index < 0 || index === entry.index) continue;
        entries.set(key, { ...entry, index });
        write(key);
      }
    },
    begin(operation, token) {
      const key = inventoryKey(operation);
      // A start in flight counts as held: it may have done half its work when the host dies.
      if (operation.action === 'start')
        entries.set(key, { ...entryOf(operation, 'unknown'), ...seenRunning(entries.get(key)) });
      // A stop in flight as well: a daemon that connects meanwhile must not adopt what is about to be gone.
      if (operation.action === 'stop' && entries.get(key)?.state === 'running')
        entries.set(key, { ...entryOf(operation, 'unknown'), ...seenRunning(entries.get(key)) });
      inFlight.set(key, { token });
      write(key);
    },
    processStarted(operation, token, process) {
      const key = inventoryKey(operation);
      inFlight.set(key, { token, process });
      write(key);
    },
    end(operation, outcome, gone) {
      const key = inventoryKey(operation);
      inFlight.delete(key);
      const held = entries.get(key);
      if (operation.action === 'status' && outcome === 'running' && held !== undefined)
        entries.set(key, { ...held, statusSeenRunning: true });
      if (operation.action === 'start' || operation.action === 'stop') {
        const state = stateAfter(operation, outcome, gone);
        if (state === undefined) entries.delete(key);
        else entries.set(key, { ...entryOf(operation, state), ...seenRunning(held) });
      }
      write(key);
    },
  };
}

/** What ran under a dead host runs perhaps; a failed stop stays one (S9). */
function leftBehind(entry: InventoryEntry): InventoryEntry {
  return { ...entry, state: entry.state === 'stop-failed' ? 'stop-failed' : 'unknown' };
}

/** Reads what an earlier host wrote: the entries it held, and operations that were in flight. */
export function recordsLeftBehind(records: readonly InventoryRecord[]): InventoryRecord[] {
  const last = new Map<string, InventoryRecord>();
  for (const record of records) last.set(record.key, record);
  return [...last.values()].filter((record) => record.entry !== undefined || record.token !== undefined);
}

export function inventoryKey(item: Pick<Operation, 'group' | 'resource'>): string {
  return `${item.group} ${item.resource.written}`;
}

function stateAfter(
  operation: Operation,
  outcome: OperationOutcome,
  gone: boolean,
): InventoryEntry['state'] | undefined {
  if (operation.action === 'stop') return outcome === 'done' ? undefined : 'stop-failed';
  if (outcome === 'done') return 'running';
  // Half started: only a successful stop makes sure (S9).
  return gone ? undefined : 'unknown';
}

const seenRunning = (entry: InventoryEntry | undefined): Pick<InventoryEntry, 'statusSeenRunning'> =>
  entry?.statusSeenRunning === true ? { statusSeenRunning: true } : {};

function entryOf(operation: Operation, state: InventoryEntry['state']): InventoryEntry {
  return { group: operation.group, index: operation.index, resource: operation.resource, state };
}
