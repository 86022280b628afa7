/**
 * Bookkeeping that even a packet without a valid MAC may change: how many of what arrived, what was logged when, and
 * how much work each source may still cause. All bounded: reasons are a fixed list, sources are few.
 */
import type { LogLevel } from '../log-level.ts';
import type { Problem } from '../result.ts';
import { type Microseconds, usPerSecond } from '../types.ts';
import { type Admission, createAdmission } from './admission.ts';
import { createPacketMemo, type PacketMemo } from './packet.ts';
import type { Turn } from './state.ts';

/** Every counter there is, in the order in which status shows them. */
// biome-ignore format: groups read better than one name a line
export const counterNames = [
  'received', 'accepted', 'transmitted', 'keepalives', 'acknowledgements', 'retransmit-requests', 'retransmitted',
  // refused before anything in the packet was believed
  'rate-limited', 'oversized', 'truncated', 'malformed', 'too-many-fields', 'unknown-key', 'bad-mac',
  // verified, but without effect
  'reflection', 'cloned-machine', 'unknown-node', 'stale-generation', 'generation-waiting', 'stale-incarnation',
  'unconfirmed', 'unheard', 'duplicate', 'replay', 'superseded', 'while-paused',
  // lost
  'lost-track', 'given-up', 'not-sent', 'late',
] as const;

export type CounterName = (typeof counterNames)[number];

export interface Accounts {
  readonly counters: Partial<Record<CounterName, number>>;
  readonly logged: Map<string, { lastUs: Microseconds; suppressed: number }>;
  readonly admission: Admission;
  /** As its bytes were read. Only there to save work. */
  readonly lastStatus: PacketMemo;
  /** Last verified status of the peer that was not meant for our present incarnation: it lives but does not hear us. */
  deafPeer: { readonly generation: number; readonly sequence: number; readonly atUs: Microseconds | undefined };
}

export function createAccounts(): Accounts {
  return {
    counters: {},
    logged: new Map(),
    admission: createAdmission(),
    lastStatus: createPacketMemo(),
    deafPeer: { generation: 0, sequence: 0, atUs: undefined },
  };
}

export function count(turn: Turn, name: CounterName): void {
  const { counters } = turn.state.accounts;
  counters[name] = (counters[name] ?? 0) + 1;
}

const logIntervalUs = 60 * usPerSecond;

/**
 * At most one line per key and minute; the line says how many were left out since the one before. `key` must come
 * from a fixed set, never from a packet.
 */
export function logLimited(turn: Turn, key: string, level: LogLevel, code: string, fields: Problem['fields']): void {
  const { logged } = turn.state.accounts;
  const previous = logged.get(key);
  if (previous !== undefined && turn.nowUs - previous.lastUs < logIntervalUs) {
    previous.suppressed++;
    return;
  }
  logged.set(key, { lastUs: turn.nowUs, suppressed: 0 });
  const message = { code, fields: { ...fields, suppressed: previous?.suppressed ?? 0 } };
  turn.effects.push({ type: 'log', level, message });
}

/** Counts a packet that has no effect, and says so now and then. */
export function refuse(turn: Turn, reason: CounterName, link: string, source = ''): void {
  count(turn, reason);
  logLimited(turn, `packet-refused/${reason}`, 'warning', 'packet-refused', { reason, link, source });
}
