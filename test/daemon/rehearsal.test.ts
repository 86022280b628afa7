import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../../src/core/config/configuration.ts';
import { type EngineEffect, stepEngine, stepTimers } from '../../src/core/engine.ts';
import type { NodeName } from '../../src/core/types.ts';
import { rehearse } from '../../src/daemon/rehearsal.ts';
import { configurationOf } from './twin-daemon.ts';

/** What the engine does in the rehearsal: the mocks watch the real one. */
vi.mock('../../src/core/engine.ts', async (original) => {
  const real = await original<typeof import('../../src/core/engine.ts')>();
  return { ...real, stepEngine: vi.fn(real.stepEngine), stepTimers: vi.fn(real.stepTimers) };
});

const rounds = 12;
const eventsMax = 400;

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}

const watched = [vi.mocked(stepEngine), vi.mocked(stepTimers)] as const;
const stepsTaken = (): number => watched.reduce((sum, { mock }) => sum + mock.calls.length, 0);

async function played(
  configuration: Configuration,
): Promise<{ readonly pauses: number; readonly effects: readonly EngineEffect[] }> {
  let pauses = 0;
  await rehearse(frozen(configuration), async () => void pauses++);
  return {
    pauses,
    effects: watched.flatMap(({ mock }) => mock.results.flatMap(({ value }) => value as EngineEffect[])),
  };
}

beforeEach(() => {
  for (const one of watched) one.mockClear();
});
afterEach(() => void vi.unstubAllGlobals());

describe('the rehearsal of a takeover', () => {
  it('goes the whole way that a real one goes: silence, drain, start, all of it', async () => {
    const { pauses, effects } = await played(configurationOf('node1'));
    const types = new Set(effects.map(({ type }) => type));
    for (const step of ['transmit', 'persistPeerGeneration', 'drainSockets', 'operation', 'record'] as const)
      expect(types).toContain(step);
    // Given up in no round: each ended because everything ran here.
    expect(pauses).toBeLessThan(rounds * eventsMax);
    const takeovers = effects.filter(
      (effect) => effect.type === 'operation' && effect.evidence?.kind === 'unprotected' && effect.evidence.peerSeen,
    );
    expect(takeovers).toHaveLength(rounds);
  });

  it('touches neither its configuration nor anything outside', async () => {
    const touched = vi.fn(() => {
      throw new Error('the rehearsal left the stage');
    });
    for (const way of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) vi.stubGlobal(way, touched);
    const write = vi.spyOn(process.stdout, 'write');
    await played(configurationOf('node2'));
    expect(touched).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  it('lets real work pass between any two events', async () => {
    let before = 0;
    let most = 0;
    await rehearse(configurationOf('node1'), async () => {
      most = Math.max(most, stepsTaken() - before);
      before = stepsTaken();
    });
    // The timers of both nodes count as one.
    expect(most).toBe(2);
  });

  it.each([
    ['no groups', ''],
    ['50 groups', Array.from({ length: 50 }, (_, at) => `node${(at % 2) + 1} script${at}::a another${at}\n`).join('')],
    ['groups of the other node alone', 'node2 web\n'],
  ])('comes to an end within its bound with %s', async (_name, haresources) => {
    const { pauses } = await played(configurationOf('node1', { haresources }));
    expect(pauses).toBeGreaterThan(60);
    expect(pauses).toBeLessThanOrEqual(rounds * eventsMax);
  });

  it('does nothing where there is nobody to take over from', async () => {
    const alone = { ...configurationOf('node1'), nodes: ['node1' as NodeName] };
    expect(await played(alone)).toEqual({ pauses: 0, effects: [] });
  });
});
