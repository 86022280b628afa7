/**
 * The life of one group on this node, as a diagram (docs/diagrams/group.md is generated from it). Resources start left to right
 * and stop right to left, one at a time. The machine only says which resource is next; the manager turns `runStart`
 * into an intent for the ownership gate and `runStop` into an operation.
 *
 * A part of a running group is stopped and started by `change`: resources that a reload adds or takes away, what a
 * monitor found dead. All stops first, from the right, then all starts, from the left; the group counts as held
 * throughout, and whatever else is asked meanwhile (a stop, a lost host) is answered as for a group that is starting.
 */
import { assign, setup } from 'xstate';
import type { GroupLetter } from './letters.ts';

/** What a group becomes once everything in it is stopped. */
export type AfterStop = 'stopped' | 'offered' | 'failed';

export interface GroupContext {
  readonly size: number;
  /** Resource that is being started or stopped. */
  readonly at: number;
  readonly after: AfterStop;
  /** Failed attempts to stop the present resource. */
  readonly attempts: number;
  readonly stopRetryMax: number;
  /** What a change has yet to stop and to start; the first of them is being done. */
  readonly stops: readonly number[];
  readonly starts: readonly number[];
  /** Of these a failed start is left out, instead of giving up the group. */
  readonly optional: readonly number[];
}

/** Indexes count in the list of `size` resources that holds while the change lasts. */
export interface GroupChange {
  readonly size: number;
  /** In this order: from the right. */
  readonly stops: readonly number[];
  /** In this order: from the left. */
  readonly starts: readonly number[];
  readonly optional: readonly number[];
}

export type GroupEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop'; readonly after: AfterStop }
  /** A part of what runs. Not an empty one. */
  | ({ readonly type: 'change' } & GroupChange)
  /** Outcome of the operation in flight. */
  | { readonly type: 'done' | 'failed' | 'lost' }
  | { readonly type: 'retry' }
  /** A host that outlived the daemon already runs all of it. */
  | { readonly type: 'adopt' }
  /** Something of it may run: stop all before anything else. */
  | { readonly type: 'suspect' }
  | { readonly type: 'sticky' }
  /** This node will not start it: the peer may. */
  | { readonly type: 'offer' }
  | { readonly type: 'withdraw' }
  | { readonly type: 'cleanup' };

export const letterOfState: Readonly<Record<string, GroupLetter>> = {
  stopped: '-',
  offered: 'o',
  failed: 'x',
  starting: 's',
  running: 'r',
  trimming: 's',
  trimRetrying: 's',
  filling: 's',
  dropping: 's',
  dropRetrying: 's',
  cancelling: 'p',
  stopping: 'p',
  retrying: 'p',
  stopFailed: 'f',
  unknown: 'u',
};

const begun = setup({
  types: { context: {} as GroupContext, events: {} as GroupEvent, input: {} as { size: number; stopRetryMax: number } },
  actions: {
    runStart: (_, _params: { at: number }) => {},
    runStop: (_, _params: { at: number }) => {},
    /** Ask for `retry` after the configured pause. */
    armRetry: () => {},
    started: () => {},
    stopped: () => {},
    startFailed: () => {},
    stopFailedForGood: () => {},
    changed: () => {},
    /** The start of an optional resource failed: the group goes on without it. */
    leftOut: (_, _params: { at: number }) => {},
  },
  guards: {
    isLast: ({ context }) => context.at + 1 >= context.size,
    isFirst: ({ context }) => context.at <= 0,
    mayRetry: ({ context }) => context.attempts + 1 < context.stopRetryMax,
    thenOffered: ({ context }) => context.after === 'offered',
    thenFailed: ({ context }) => context.after === 'failed',
    stopsSomething: ({ event }) => event.type === 'change' && event.stops.length > 0,
    startsSomething: ({ event }) => event.type === 'change' && event.starts.length > 0,
    moreStops: ({ context }) => context.stops.length > 1,
    anyStarts: ({ context }) => context.starts.length > 0,
    moreStarts: ({ context }) => context.starts.length > 1,
    isOptional: ({ context }) => context.optional.includes(context.at),
  },
});

const runStart = {
  type: 'runStart',
  params: ({ context }: { context: GroupContext }) => ({ at: context.at }),
} as const;
const runStop = { type: 'runStop', params: ({ context }: { context: GroupContext }) => ({ at: context.at }) } as const;
const rewind = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({ at: 0, attempts: 0 });
const fromEnd = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({
  at: ({ context }) => context.size - 1,
  attempts: 0,
});
const next = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({ at: ({ context }) => context.at + 1 });
const previous = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({
  at: ({ context }) => context.at - 1,
  attempts: 0,
});
const countAttempt = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({
  attempts: ({ context }) => context.attempts + 1,
});
const clearAttempts = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({ attempts: 0 });
const thenFail = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({ after: 'failed', attempts: 0 });
const thenStop = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({ after: 'stopped', attempts: 0 });
const rememberAfter = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>({
  after: ({ event, context }) => (event.type === 'stop' ? event.after : context.after),
});

const takeStops = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>(({ event, context }) =>
  event.type === 'change' ? { ...partsOf(event), at: event.stops[0] ?? context.at } : {},
);
const takeStarts = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>(({ event, context }) =>
  event.type === 'change' ? { ...partsOf(event), at: event.starts[0] ?? context.at } : {},
);
const nextStop = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>(({ context }) => ({
  stops: context.stops.slice(1),
  at: context.stops[1] ?? context.at,
  attempts: 0,
}));
const firstStart = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>(({ context }) => ({
  stops: [],
  at: context.starts[0] ?? context.at,
  attempts: 0,
}));
const nextStart = assign<GroupContext, GroupEvent, undefined, GroupEvent, never>(({ context }) => ({
  starts: context.starts.slice(1),
  at: context.starts[1] ?? context.at,
  attempts: 0,
}));
const leftOut = { type: 'leftOut', params: ({ context }: { context: GroupContext }) => ({ at: context.at }) } as const;

function partsOf({ size, stops, starts, optional }: GroupChange): GroupChange & { readonly attempts: number } {
  return { size, stops, starts, optional, attempts: 0 };
}

export const groupMachine = begun.createMachine({
  id: 'group',
  context: ({ input }) => ({
    size: input.size,
    at: 0,
    after: 'stopped',
    attempts: 0,
    stopRetryMax: input.stopRetryMax,
    stops: [],
    starts: [],
    optional: [],
  }),
  initial: 'stopped',
  states: {
    stopped: {
      on: {
        start: { target: 'starting', actions: [rewind, runStart] },
        offer: 'offered',
        adopt: 'running',
        suspect: 'unknown',
        sticky: 'stopFailed',
      },
    },
    offered: { on: { withdraw: 'stopped', suspect: 'unknown' } },
    failed: { on: { cleanup: 'stopped', suspect: 'unknown' } },
    starting: {
      on: {
        done: [
          { guard: 'isLast', target: 'running', actions: 'started' },
          { target: 'starting', actions: [next, runStart] },
        ],
        failed: { target: 'stopping', actions: ['startFailed', thenFail, runStop] },
        lost: { target: 'unknown' },
        stop: { target: 'cancelling', actions: rememberAfter },
        suspect: 'unknown',
      },
    },
    /** A stop was asked for while a start is in flight: its answer first, then back from there. */
    cancelling: {
      on: {
        done: { target: 'stopping', actions: [clearAttempts, runStop] },
        failed: { target: 'stopping', actions: [clearAttempts, runStop] },
        lost: 'unknown',
        stop: { target: 'cancelling', actions: rememberAfter },
        suspect: 'unknown',
      },
    },
    running: {
      on: {
        stop: { target: 'stopping', actions: [fromEnd, rememberAfter, runStop] },
        change: [
          { guard: 'stopsSomething', target: 'trimming', actions: [takeStops, runStop] },
          { guard: 'startsSomething', target: 'filling', actions: [takeStarts, runStart] },
        ],
        suspect: 'unknown',
      },
    },
    /** A change stops a part of the group. */
    trimming: {
      on: {
        done: [
          { guard: 'moreStops', target: 'trimming', actions: [nextStop, runStop] },
          { guard: 'anyStarts', target: 'filling', actions: [firstStart, runStart] },
          { target: 'running', actions: 'changed' },
        ],
        failed: [
          { guard: 'mayRetry', target: 'trimRetrying', actions: [countAttempt, 'armRetry'] },
          { target: 'stopFailed', actions: 'stopFailedForGood' },
        ],
        lost: 'unknown',
        stop: { target: 'cancelling', actions: [rememberAfter, fromEnd] },
        suspect: 'unknown',
      },
    },
    trimRetrying: {
      on: {
        retry: { target: 'trimming', actions: runStop },
        stop: { target: 'stopping', actions: [rememberAfter, fromEnd, runStop] },
        suspect: 'unknown',
      },
    },
    /** A change starts a part of the group. */
    filling: {
      on: {
        done: [
          { guard: 'moreStarts', target: 'filling', actions: [nextStart, runStart] },
          { target: 'running', actions: 'changed' },
        ],
        failed: [
          { guard: 'isOptional', target: 'dropping', actions: [clearAttempts, leftOut, runStop] },
          { target: 'stopping', actions: ['startFailed', thenFail, fromEnd, runStop] },
        ],
        lost: 'unknown',
        stop: { target: 'cancelling', actions: [rememberAfter, fromEnd] },
        suspect: 'unknown',
      },
    },
    /** What did not start may have started by half. */
    dropping: {
      on: {
        done: [
          { guard: 'moreStarts', target: 'filling', actions: [nextStart, runStart] },
          { target: 'running', actions: 'changed' },
        ],
        failed: [
          { guard: 'mayRetry', target: 'dropRetrying', actions: [countAttempt, 'armRetry'] },
          { target: 'stopFailed', actions: 'stopFailedForGood' },
        ],
        lost: 'unknown',
        stop: { target: 'cancelling', actions: [rememberAfter, fromEnd] },
        suspect: 'unknown',
      },
    },
    dropRetrying: {
      on: {
        retry: { target: 'dropping', actions: runStop },
        stop: { target: 'stopping', actions: [rememberAfter, fromEnd, runStop] },
        suspect: 'unknown',
      },
    },
    stopping: {
      on: {
        done: [
          { guard: { type: 'isFirst' }, target: 'finishing' },
          { target: 'stopping', actions: [previous, runStop] },
        ],
        failed: [
          { guard: 'mayRetry', target: 'retrying', actions: [countAttempt, 'armRetry'] },
          { target: 'stopFailed', actions: 'stopFailedForGood' },
        ],
        lost: 'unknown',
        stop: { target: 'stopping', actions: rememberAfter },
        suspect: 'unknown',
      },
    },
    retrying: {
      on: {
        retry: { target: 'stopping', actions: runStop },
        stop: { target: 'retrying', actions: rememberAfter },
        suspect: 'unknown',
      },
    },
    finishing: {
      always: [
        { guard: 'thenOffered', target: 'offered', actions: 'stopped' },
        { guard: 'thenFailed', target: 'failed', actions: 'stopped' },
        { target: 'stopped', actions: 'stopped' },
      ],
    },
    /** Sticky: never started anywhere before an operator's cleanup, or a stop that succeeds. */
    stopFailed: {
      on: {
        cleanup: { target: 'stopping', actions: [fromEnd, thenStop, runStop] },
        suspect: 'stopFailed',
      },
    },
    /** Left by `stop` as soon as a host is there to run it. */
    unknown: {
      on: {
        stop: { target: 'stopping', actions: [fromEnd, rememberAfter, runStop] },
        sticky: 'stopFailed',
        adopt: 'running',
      },
    },
  },
});
