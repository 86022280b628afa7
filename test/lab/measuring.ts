/**
 * What the measuring programs and the lab say to each other: one JSON object a line over the child's stdin and stdout.
 * Times are microseconds of the boot-time clock.
 */
export interface OutageAnswer {
  /** Longest time without an answer within the window, in milliseconds. */
  readonly ms: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** Hardware address that answered last before, and first afterwards; absent if nobody did. */
  readonly before?: string;
  readonly after?: string;
  /** The silence was still going on at the end of the window. */
  readonly open: boolean;
  readonly answers: number;
}

export interface OwnerSpell {
  readonly mac: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly answers: number;
}

/** The probe itself was kept from running: what it measured then says little about anybody else. */
export interface Stall {
  readonly atUs: number;
  readonly ms: number;
}

export interface Claim {
  readonly atUs: number;
  readonly mac: string;
  readonly kind: 'gratuitous' | 'answer' | 'advertisement';
}

export interface DoubleOwnerSpell {
  readonly fromUs: number;
  readonly toUs: number;
  /** Questions that two machines answered. */
  readonly questions: number;
  readonly macs: readonly string[];
}

export type MeasuringQuery = {
  readonly query: 'outage' | 'moves' | 'stalls' | 'owners' | 'claims' | 'doubleOwners' | 'late';
  readonly fromUs: number;
  readonly toUs: number;
};

/** Unasked lines of a running probe: somebody else answers, or nobody does any more. */
export type ProbeEvent =
  | { readonly event: 'ready'; readonly realTime: boolean }
  | { readonly event: 'silent'; readonly sinceUs: number; readonly mac: string }
  | { readonly event: 'answers'; readonly atUs: number; readonly mac: string; readonly silentMs: number };
