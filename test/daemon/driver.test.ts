import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EngineEvent, stepEngine } from '../../src/core/engine.ts';
import { failure, type Result, success } from '../../src/core/result.ts';
import type { DriverPorts } from '../../src/daemon/driver.ts';
import {
  bootPair,
  configurationOf,
  createTwinDaemon,
  engineOf,
  letTimeGo,
  nothingHeld,
  pass,
  stopTime,
  type TwinDaemon,
} from './twin-daemon.ts';

const started: TwinDaemon[] = [];

beforeEach(stopTime);
afterEach(() => {
  for (const daemon of started.splice(0)) daemon.kill();
  letTimeGo();
});

/** A node whose peer is never heard: after initdead it starts what it owns, on silence. */
async function alone(options: Parameters<typeof createTwinDaemon>[1] = {}): Promise<TwinDaemon> {
  const daemon = createTwinDaemon('node1', options);
  started.push(daemon);
  await daemon.boot();
  return daemon;
}

async function pair(options: Parameters<typeof bootPair>[0] = {}): Promise<readonly [TwinDaemon, TwinDaemon]> {
  const nodes = await bootPair(options);
  started.push(...nodes);
  return nodes;
}

const codes = (daemon: TwinDaemon): string[] => daemon.logged.map(({ code }) => code);

describe('the driver', () => {
  it('carries effects out one by one in the order in which the core gives them', () => {
    const daemon = createTwinDaemon('node1');
    started.push(daemon);
    const twin = engineOf(configurationOf('node1'));
    const nowUs = daemon.clock.nowUs() + 1000;
    const events: EngineEvent[] = [
      { to: 'node', event: { type: 'boot', nowUs, generation: 100, hello: nothingHeld, stickyStopFailures: [] } },
      { to: 'transport', event: { type: 'start', nowUs } },
      { to: 'node', event: { type: 'stopRequested', nowUs: nowUs + 1 } },
      { to: 'transport', event: { type: 'timer', nowUs: nowUs + 2_000_000 } },
    ];
    const expected = events.flatMap((event) =>
      stepEngine(twin, event, (event.event as { nowUs: number }).nowUs).map(({ type }) => type),
    );
    for (const event of events) daemon.driver.feed(event);
    expect(daemon.carriedOut).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
  });

  it('keeps the order when a port answers before the other effects of the step are carried out', async () => {
    const order: string[] = [];
    const daemon = createTwinDaemon('node1', {
      ports: ({ host, clock }) => ({
        host: {
          ...host,
          run: (operation) => {
            order.push(`run ${operation.id}`);
            const nowUs = clock.nowUs();
            const result = { id: operation.id, outcome: 'not-running', startedUs: nowUs, finishedUs: nowUs } as const;
            daemon.driver.feed({ to: 'node', event: { type: 'operationResult', nowUs, result } });
          },
        },
        journal: {
          event: (_nowUs, { event }) =>
            void (event.type === 'operationResult' && order.push(`result ${event.result.id}`)),
          effect: () => {},
          milestone: () => {},
          settled: () => {},
        },
      }),
    });
    started.push(daemon);
    await daemon.boot();
    // The probe of each address at boot: both asked before either answer is taken.
    expect(order).toEqual(['run 1', 'run 2', 'result 1', 'result 2']);
    expect(daemon.faults).toEqual([]);
  });

  it('makes two nodes a pair in which each runs its own', async () => {
    const [node1, node2] = await pair();
    expect([node1.letters(), node2.letters()]).toEqual(['running stopped', 'stopped running']);
    expect(node1.agents.running()).toEqual(['IPaddr::10.0.0.100/24/eth0', 'web']);
    expect([...node1.faults, ...node2.faults]).toEqual([]);
  });

  it('meets the deadline of silence within a fraction of a millisecond', async () => {
    const [node1, node2] = await pair();
    node2.kill();
    await pass(1500);
    const silent = node1.journal.find((record) => record.kind === 'peerSilent');
    expect(silent).toBeDefined();
    const { us, lastHeardUs } = silent as { us: number; lastHeardUs: number };
    expect(us - lastHeardUs).toBeGreaterThan(1_000_000);
    expect(us - lastHeardUs).toBeLessThan(1_000_300);
    expect(node1.letters()).toBe('running running');
  });

  it('waits for a keepalive with one timer, and not turn by turn', async () => {
    const daemon = await alone();
    await pass(0);
    const immediates = vi.spyOn(globalThis, 'setImmediate');
    await pass(90);
    expect(immediates).not.toHaveBeenCalled();
    await pass(20);
    expect(daemon.carriedOut.filter((type) => type === 'keepaliveSent').length).toBeGreaterThan(1);
  });

  it('does nothing any more once it is closed', async () => {
    const loadAverage = vi.fn(() => '');
    const daemon = await alone({ ports: () => ({ loadAverage }) });
    await pass(1500);
    expect(loadAverage.mock.calls.length).toBeGreaterThan(1);
    const timers = vi.getTimerCount();
    daemon.kill();
    // One for the next deadline, one for the `environment` of each second.
    expect(vi.getTimerCount()).toBe(timers - 2);
    loadAverage.mockClear();
    const before = daemon.carriedOut.length;
    daemon.driver.requestStop();
    await pass(5000);
    expect(daemon.carriedOut.length).toBe(before);
    expect(loadAverage).not.toHaveBeenCalled();
  });

  it('that is closed by a port leaves the rest of the step, and what waits behind it', async () => {
    const daemon = createTwinDaemon('node1', {
      ports: ({ network }) => ({
        network: {
          ...network,
          transmit: () => {
            daemon.driver.requestStop();
            daemon.driver.close();
          },
        },
      }),
    });
    started.push(daemon);
    await daemon.boot();
    expect(daemon.carriedOut.filter((type) => type === 'transmit')).toHaveLength(1);
    expect(daemon.carriedOut.at(-1)).toBe('transmit');
    expect(JSON.stringify(daemon.journal)).not.toContain('stopRequested');
  });

  it('ends through `exit` after a stop, with everything stopped', async () => {
    const [node1, node2] = await pair();
    node1.driver.requestStop();
    await pass(500);
    expect(node1.exits).toEqual([{ code: 0, keepHost: false }]);
    expect(node1.agents.running()).toEqual([]);
    expect(node2.letters()).toBe('running running');
  });
});

describe('a command', () => {
  it('is accepted at once and finished when the groups have moved', async () => {
    const [node1, node2] = await pair();
    const outcomes: string[] = [];
    const { accepted, finished } = node1.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    void accepted.then((problem) => outcomes.push(`accepted ${problem?.code ?? ''} ${node1.letters()}`));
    void finished.then((problem) => outcomes.push(`finished ${problem?.code ?? ''} ${node1.letters()}`));
    await pass(0);
    expect(outcomes).toEqual(['accepted  running stopped']);
    await pass(500);
    expect(outcomes.slice(1)).toEqual(['finished  stopped stopped']);
    expect(node2.letters()).toBe('running running');
  });

  it('that is refused has the reason in both promises', async () => {
    const daemon = await alone();
    const { accepted, finished } = daemon.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    expect(await accepted).toMatchObject({ code: 'not-a-member' });
    expect(await finished).toMatchObject({ code: 'not-a-member' });
  });

  it('that fails later was accepted all the same', async () => {
    const [node1, node2] = await pair();
    const { accepted, finished } = node1.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    node2.kill();
    await pass(12_000);
    expect(await accepted).toBeUndefined();
    expect(await finished).toMatchObject({ code: 'peer-gone' });
  });

  it('beyond the bound makes the oldest be given up, with an answer', async () => {
    const daemon = await alone();
    // A driver that is closed takes no step any more: what is asked of it has no end of its own.
    daemon.kill();
    const [first, second] = Array.from({ length: 257 }, () => daemon.driver.command({ verb: 'cleanup' }, 'root'));
    expect(await first?.accepted).toEqual({ code: 'request-forgotten', fields: { limit: 256 } });
    expect(await first?.finished).toMatchObject({ code: 'request-forgotten' });
    const unanswered = Symbol('unanswered');
    expect(await Promise.race([second?.accepted, Promise.resolve(unanswered)])).toBe(unanswered);
  });
});

describe('the disk', () => {
  it('that fails to take a record is logged and told to the core', async () => {
    const problem = failure('disk-full', { file: 'x' });
    const daemon = await alone({ records: { save: async () => problem } });
    await pass(2500);
    expect(daemon.letters()).toBe('running running');
    expect(codes(daemon)).toContain('disk-full');
    expect([...daemon.engine.node.alarms.keys()]).toContain('disk-failed');
  });

  it('that works again ends the alarm with the next record', async () => {
    let answer: Result<void> = failure('disk-full', { file: 'x' });
    const daemon = await alone({ records: { save: async () => answer } });
    await pass(2500);
    answer = success(undefined);
    await daemon.driver.command({ verb: 'cleanup' }, 'root').finished;
    await pass(0);
    expect([...daemon.engine.node.alarms.keys()]).toEqual([]);
  });

  it('that does not take the generation of the peer keeps the peer unbelieved, and is asked again', async () => {
    let asked = 0;
    const savePeerGeneration = async (): Promise<Result<void>> => {
      asked += 1;
      return asked < 3 ? failure('disk-full', { file: 'peers.json' }) : success(undefined);
    };
    const [node1] = await pair({ node1: { records: { savePeerGeneration } } });
    expect(codes(node1)).toContain('disk-full');
    expect(codes(node1)).not.toContain('peer-heard');
    await pass(3000);
    expect(asked).toBe(3);
    expect(codes(node1)).toContain('peer-heard');
  });

  it('adapter that throws is a broken invariant', async () => {
    const broken = new Error('adapter');
    const daemon = await alone({ records: { save: () => Promise.reject(broken) } });
    void daemon.driver.command({ verb: 'cleanup' }, 'root');
    void daemon.driver.command({ verb: 'cleanup' }, 'root');
    expect(daemon.carriedOut.filter((type) => type === 'persist')).toHaveLength(2);
    await pass(100);
    expect(daemon.faults).toEqual([broken]);
  });
});

describe('after an own pause', () => {
  async function pausedNode(nextGeneration: () => Promise<Result<number>>) {
    const daemon = await alone({ records: { nextGeneration } });
    await pass(2500);
    expect(daemon.letters()).toBe('running running');
    // The process stood still for five seconds: no timer ran, and then something wakes it.
    vi.setSystemTime(Date.now() + 5000);
    daemon.driver.feed({
      to: 'node',
      event: { type: 'recordPersisted', nowUs: daemon.clock.nowUs(), recordId: 1, ok: true },
    });
    expect(daemon.agents.runs('IPaddr::10.0.0.100/24/eth0')).toBe(false);
    await pass(50);
    return daemon;
  }

  it('asks for a new generation once, and tells both machines', async () => {
    let asked = 0;
    const daemon = await pausedNode(async () => success(4711 + asked++));
    expect(asked).toBe(1);
    expect(daemon.engine.transport.generation).toBe(4711);
    expect(daemon.engine.node.generation).toBe(4711);
    const told = daemon.journal.flatMap((record) =>
      record.kind === 'event' ? [(record as unknown as { event: { type: string } }).event.type] : [],
    );
    expect(told.filter((type) => type === 'rejoin' || type === 'rejoined')).toEqual(['rejoin', 'rejoined']);
    expect(daemon.faults).toEqual([]);
  });

  it('cannot go on without a new generation on disk', async () => {
    const daemon = await pausedNode(async () => failure('disk-full', { file: 'hb_generation' }));
    expect(daemon.faults).toHaveLength(1);
    expect(codes(daemon)).toContain('disk-full');
    const before = daemon.carriedOut.length;
    await pass(5000);
    expect(daemon.carriedOut.length).toBe(before);
  });
});

describe('a broken invariant', () => {
  const impossible: EngineEvent = { to: 'node', event: { type: 'stopRequested', nowUs: 1 } };

  it('ends in `fault`, once, and nothing is carried out afterwards', async () => {
    const loadAverage = vi.fn(() => '');
    const daemon = await alone({ ports: () => ({ loadAverage }) });
    await pass(150);
    const before = daemon.carriedOut.length;
    loadAverage.mockClear();
    daemon.driver.feed(impossible);
    expect(daemon.faults).toMatchObject([{ name: 'BrokenInvariant' }]);
    daemon.driver.feed(impossible);
    daemon.driver.requestStop();
    void daemon.driver.command({ verb: 'cleanup' }, 'root');
    await pass(5000);
    expect(daemon.faults).toHaveLength(1);
    expect(daemon.carriedOut.length).toBe(before);
    expect(loadAverage).not.toHaveBeenCalled();
  });

  it('in a port leaves the other effects of the step undone', async () => {
    const broken = new Error('a broken port');
    let boots = false;
    const ports = ({ network }: DriverPorts): Partial<DriverPorts> => ({
      network: {
        ...network,
        transmit: () => {
          if (boots) throw broken;
        },
      },
    });
    const daemon = await alone({ ports });
    boots = true;
    const before = daemon.carriedOut.length;
    await pass(150);
    expect(daemon.faults).toEqual([broken]);
    expect(daemon.carriedOut.slice(before)).toEqual(['transmit']);
  });

  it('met in what a port answers ends everything as well', async () => {
    const daemon = createTwinDaemon('node1', {
      ports: ({ host }) => ({
        host: {
          ...host,
          beat: () => {
            daemon.driver.feed(impossible);
            daemon.driver.requestStop();
          },
        },
      }),
    });
    started.push(daemon);
    await daemon.boot();
    expect(daemon.faults).toMatchObject([{ name: 'BrokenInvariant' }]);
    const before = daemon.carriedOut.length;
    await pass(5000);
    expect(daemon.carriedOut.length).toBe(before);
    expect(daemon.faults).toHaveLength(1);
    expect(daemon.exits).toEqual([]);
  });
});
