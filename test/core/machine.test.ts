import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { assert, BrokenInvariant, unreachable } from '../../src/core/assert.ts';
import { advance, begin, type StoredSnapshot } from '../../src/core/machine.ts';

interface Turns {
  readonly turns: number;
}

const gate = setup({
  types: { context: {} as Turns, input: {} as Turns, events: {} as { type: 'push' | 'lock' | 'noted' } },
  actions: { ring: (_, _params: { times: number }) => {} },
}).createMachine({
  id: 'gate',
  context: ({ input }) => ({ turns: input.turns }),
  initial: 'shut',
  states: {
    shut: {
      on: {
        push: {
          target: 'open',
          actions: [
            assign({ turns: ({ context }) => context.turns + 1 }),
            { type: 'ring', params: ({ context }) => ({ times: context.turns }) },
          ],
        },
        noted: { actions: { type: 'ring', params: { times: 0 } } },
      },
    },
    open: { always: { guard: ({ context }) => context.turns > 2, target: 'worn' }, on: { lock: 'shut' } },
    worn: {},
  },
});

const push = (stored: StoredSnapshot<Turns>) => advance<Turns, typeof gate>(gate, stored, { type: 'push' });

describe('a life cycle as plain functions', () => {
  it('begins with what it is given', () => {
    expect(begin<Turns, typeof gate>(gate, { turns: 5 })).toEqual({ value: 'shut', context: { turns: 5 } });
  });

  it('moves on, and names its actions with parameters that see the changed context', () => {
    const moved = push(begin(gate, { turns: 0 }));
    expect(moved.snapshot).toEqual({ value: 'open', context: { turns: 1 } });
    expect(moved.actions).toEqual([{ type: 'ring', params: { times: 1 } }]);
    expect(moved.changed).toBe(true);
  });

  it('changes nothing for an event that the present state does not know', () => {
    const open = push(begin(gate, { turns: 0 })).snapshot;
    expect(push(open)).toEqual({ snapshot: open, actions: [], changed: false });
  });

  it('tells an action without a move from nothing at all', () => {
    const shut = begin<Turns, typeof gate>(gate, { turns: 0 });
    const noted = advance<Turns, typeof gate>(gate, shut, { type: 'noted' });
    expect(noted.snapshot).toEqual(shut);
    expect(noted.changed).toBe(true);
  });

  it('passes through a state that only decides', () => {
    expect(push(begin(gate, { turns: 2 })).snapshot.value).toBe('worn');
  });

  it('goes on from a snapshot that was stored as text, without touching the stored one', () => {
    const stored = JSON.parse(JSON.stringify(begin(gate, { turns: 0 }))) as StoredSnapshot<Turns>;
    expect(push(stored).snapshot.context.turns).toBe(1);
    expect(stored).toEqual({ value: 'shut', context: { turns: 0 } });
  });
});

describe('assertions', () => {
  it('end loudly with the invariant that was broken', () => {
    expect(() => assert(0, 'S2: nothing without evidence')).toThrow(BrokenInvariant);
    expect(() => assert(undefined, 'S2: nothing without evidence')).toThrow('S2: nothing without evidence');
    expect(() => assert('yes', 'unused')).not.toThrow();
  });

  it('name a value that no switch foresaw', () => {
    expect(() => unreachable({ type: 'new' } as never, 'step')).toThrow('step: impossible value {"type":"new"}');
  });
});
