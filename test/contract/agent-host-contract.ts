/** What every agent host promises, the real one and its twin: one table, run on both. */
import { afterEach, expect, it } from 'vitest';
import type { ResourceConfiguration } from '../../src/core/config/configuration.ts';
import { groupKey, nodeName } from '../../src/core/types.ts';
import type {
  AgentAction,
  AgentHost,
  AgentHostHandlers,
  FenceProbeResult,
  FenceResult,
  GuardianTerms,
  HostHello,
  InventoryEntry,
  OperationResult,
} from '../../src/ports/agents.ts';

export type ScriptBehaviour = 'normal' | 'start-fails' | 'start-hangs' | 'stop-fails' | 'start-lies';

export type FenceBehaviour = 'works' | 'fails' | 'hangs' | 'lies';

export interface AgentHostHarness {
  /** The hand of one daemon; `dismiss(true)` is how it leaves without a word. */
  createHost(): AgentHost;
  behave(type: string, behaviour: ScriptBehaviour): void;
  /** The fence device `fence_test`. */
  behaveFence(behaviour: FenceBehaviour): void;
  /** Who was switched off in truth. */
  switchedOff(): string[];
  /** The truth about a resource. */
  runs(resource: ResourceConfiguration): boolean;
  killHost(hostPid: number): void;
  nowUs(): number;
  /** Lets time pass until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Long enough that a busy test machine does not make the guardian act when it is not asked to. */
const patientTerms: GuardianTerms = { deadtimeMs: 60_000, marginMs: 1000, realtime: false, realtimePriority: 1 };
const quickTerms: GuardianTerms = { ...patientTerms, deadtimeMs: 400, marginMs: 40 };

class DaemonHand {
  readonly results = new Map<number, OperationResult>();
  readonly fenced = new Map<number, FenceResult>();
  readonly probed: FenceProbeResult[] = [];
  readonly lost: string[] = [];
  readonly ready: HostHello[] = [];
  readonly acted: (readonly InventoryEntry[])[] = [];
  hello: HostHello | undefined;
  readonly host: AgentHost;
  private readonly harness: AgentHostHarness;
  private ids = 0;

  constructor(harness: AgentHostHarness) {
    this.harness = harness;
    this.host = harness.createHost();
  }

  async connect(terms: GuardianTerms = patientTerms): Promise<HostHello> {
    const handlers: AgentHostHandlers = {
      result: (result) => void this.results.set(result.id, result),
      fenced: (result) => void this.fenced.set(result.attempt, result),
      fenceDeviceProbed: (result) => void this.probed.push(result),
      lost: (reason) => void this.lost.push(reason),
      ready: (hello) => void this.ready.push(hello),
      guardianActed: (inventory) => void this.acted.push(inventory),
    };
    this.hello = await this.host.connect(terms, handlers);
    this.host.beat(this.harness.nowUs());
    return this.hello;
  }

  begin(action: AgentAction, resource: ResourceConfiguration, index = 0, timeoutMs = 10_000): number {
    this.ids += 1;
    this.host.run({ id: this.ids, group: groupKey('web'), index, resource, action, timeoutMs });
    return this.ids;
  }

  beginFence(timeoutMs = 10_000, device = 'fence_test'): number {
    this.ids += 1;
    this.host.fence({ attempt: this.ids, device, action: 'off', target: nodeName('node2'), timeoutMs });
    return this.ids;
  }

  async fenceResult(attempt: number): Promise<FenceResult> {
    await this.harness.until(() => this.fenced.has(attempt));
    return this.fenced.get(attempt)!;
  }

  async result(id: number): Promise<OperationResult> {
    await this.harness.until(() => this.results.has(id));
    return this.results.get(id)!;
  }

  run(action: AgentAction, resource: ResourceConfiguration, index = 0, timeoutMs = 10_000): Promise<OperationResult> {
    return this.result(this.begin(action, resource, index, timeoutMs));
  }
}

export function script(type: string): ResourceConfiguration {
  return { written: `${type}::one`, kind: 'script', type, args: ['one'] };
}

export function agentHostContract(open: () => Promise<AgentHostHarness>): void {
  let harness: AgentHostHarness | undefined;
  const hands: DaemonHand[] = [];
  const daemon = async (terms?: GuardianTerms): Promise<DaemonHand> => {
    harness ??= await open();
    const hand = new DaemonHand(harness);
    hands.push(hand);
    await hand.connect(terms);
    return hand;
  };
  afterEach(async () => {
    for (const hand of hands.splice(0)) hand.host.dismiss(false);
    await harness?.close();
    harness = undefined;
  });

  it('starts, tells that it runs, and stops; twice is as good as once', async () => {
    const hand = await daemon();
    const web = script('web');
    expect(hand.hello).toMatchObject({ adopted: false, inventory: [], guardianActed: false });
    expect(await hand.run('status', web)).toMatchObject({ outcome: 'not-running' });
    for (const _ of [1, 2]) expect(await hand.run('start', web)).toMatchObject({ outcome: 'done' });
    expect(harness!.runs(web)).toBe(true);
    expect(await hand.run('status', web)).toMatchObject({ outcome: 'running' });
    for (const _ of [1, 2]) expect(await hand.run('stop', web)).toMatchObject({ outcome: 'done' });
    expect(harness!.runs(web)).toBe(false);
  });

  it('hands on why a start failed, and does not claim that the resource is stopped', async () => {
    const hand = await daemon();
    harness!.behave('web', 'start-fails');
    expect(await hand.run('start', script('web'))).toMatchObject({
      outcome: 'failed',
      exitCode: 3,
      reason: 'start refused',
    });
    hand.host.dismiss(true);
    const next = await daemon();
    expect(next.hello?.inventory).toMatchObject([{ state: 'unknown' }]);
  });

  it('gives up a start that hangs', async () => {
    const hand = await daemon();
    harness!.behave('web', 'start-hangs');
    expect(await hand.run('start', script('web'), 0, 300)).toMatchObject({ outcome: 'timeout' });
    expect(await hand.run('stop', script('web'))).toMatchObject({ outcome: 'done' });
    expect(harness!.runs(script('web'))).toBe(false);
  });

  it('remembers a failed stop for the next daemon (S9)', async () => {
    const hand = await daemon();
    await hand.run('start', script('web'));
    harness!.behave('web', 'stop-fails');
    expect(await hand.run('stop', script('web'))).toMatchObject({ outcome: 'failed', reason: 'stop refused' });
    hand.host.dismiss(true);
    const next = await daemon();
    expect(next.hello).toMatchObject({ adopted: true, inventory: [{ state: 'stop-failed' }] });
    expect(harness!.runs(script('web'))).toBe(true);
  });

  it("keeps a restarted daemon's resources running and hands them over", async () => {
    const hand = await daemon();
    await hand.run('start', script('web'), 1);
    hand.host.dismiss(true);
    const next = await daemon();
    expect(next.hello).toMatchObject({
      adopted: true,
      guardianActed: false,
      inventory: [{ group: 'web', index: 1, state: 'running' }],
    });
    expect(next.hello?.lastBeatUs).toBeGreaterThan(0);
    expect(harness!.runs(script('web'))).toBe(true);
  });

  it('lets a second daemon supersede the first', async () => {
    const first = await daemon();
    const second = await daemon();
    first.begin('start', script('web'));
    expect(await second.run('status', script('web'))).toMatchObject({ outcome: 'not-running' });
    expect(second.hello?.adopted).toBe(true);
  });

  it('answers `unknown` when its process dies, and the next one reports what it left', async () => {
    const hand = await daemon();
    await hand.run('start', script('before'));
    harness!.behave('web', 'start-hangs');
    const id = hand.begin('start', script('web'));
    await harness!.until(() => harness!.runs(script('web')));
    harness!.killHost(hand.hello!.hostPid);
    expect(await hand.result(id)).toMatchObject({ outcome: 'unknown' });
    await harness!.until(() => hand.ready.length > 0);
    expect(hand.lost).toHaveLength(1);
    expect(hand.ready[0]).toMatchObject({ adopted: false, inventory: [{ state: 'unknown' }, { state: 'unknown' }] });
    expect(await hand.run('stop', script('web'))).toMatchObject({ outcome: 'done' });
    expect(harness!.runs(script('web'))).toBe(false);
  });

  it('stops everything when the daemon falls silent, and tells it', async () => {
    const hand = await daemon(quickTerms);
    await hand.run('start', script('database'), 0);
    await hand.run('start', script('web'), 1);
    await harness!.until(() => !harness!.runs(script('database')) && !harness!.runs(script('web')));
    await harness!.until(() => hand.acted.length > 0);
    hand.host.beat(harness!.nowUs());
    // The daemon knows, so that its starts are welcome again.
    expect(await hand.run('start', script('web'), 1)).toMatchObject({ outcome: 'done' });
  });

  it('stops everything when the daemon is gone for good', async () => {
    const hand = await daemon(quickTerms);
    await hand.run('start', script('web'));
    hand.host.dismiss(true);
    await harness!.until(() => !harness!.runs(script('web')));
  });

  it('runs operations on one resource one after another', async () => {
    const hand = await daemon();
    const start = hand.begin('start', script('web'));
    const stop = hand.begin('stop', script('web'));
    const status = hand.begin('status', script('web'));
    const results = [await hand.result(start), await hand.result(stop), await hand.result(status)];
    expect(results.map((result) => result.outcome)).toEqual(['done', 'done', 'not-running']);
    expect(results[1]!.startedUs).toBeGreaterThanOrEqual(results[0]!.finishedUs);
    expect(results[2]!.startedUs).toBeGreaterThanOrEqual(results[1]!.finishedUs);
  });

  it('is found out by a probe when an agent lies about its start', async () => {
    const hand = await daemon();
    harness!.behave('web', 'start-lies');
    expect(await hand.run('start', script('web'))).toMatchObject({ outcome: 'done' });
    expect(await hand.run('status', script('web'))).toMatchObject({ outcome: 'not-running' });
  });

  it('has a node switched off, and says so only when the device has confirmed it', async () => {
    const hand = await daemon();
    expect(await hand.fenceResult(hand.beginFence())).toMatchObject({ outcome: 'confirmed', verified: true });
    expect(harness!.switchedOff()).toEqual(['node2']);
    for (const [behaviour, outcome] of [
      ['fails', 'failed'],
      ['lies', 'failed'],
    ] as const) {
      harness!.behaveFence(behaviour);
      const result = await hand.fenceResult(hand.beginFence());
      expect(result, behaviour).toMatchObject({ outcome, verified: false });
      expect(result.detail, behaviour).not.toBe('');
    }
    expect(harness!.switchedOff()).toEqual(['node2']);
  });

  it('does not know what a fence device has done that hangs', async () => {
    const hand = await daemon();
    harness!.behaveFence('hangs');
    expect(await hand.fenceResult(hand.beginFence(300))).toMatchObject({ outcome: 'unknown', verified: false });
  });

  it('does not know what became of an attempt whose host died, and makes the next one', async () => {
    const hand = await daemon();
    harness!.behaveFence('hangs');
    const attempt = hand.beginFence();
    harness!.killHost(hand.hello!.hostPid);
    expect(await hand.fenceResult(attempt)).toMatchObject({ outcome: 'unknown', verified: false });
    harness!.behaveFence('works');
    expect(await hand.fenceResult(hand.beginFence())).toMatchObject({ outcome: 'confirmed' });
  });

  it('asks a fence device whether it could act', async () => {
    const hand = await daemon();
    const probe = { device: 'fence_test', target: nodeName('node2'), timeoutMs: 10_000 };
    hand.host.probeFenceDevice(probe);
    await harness!.until(() => hand.probed.length === 1);
    harness!.behaveFence('fails');
    hand.host.probeFenceDevice(probe);
    await harness!.until(() => hand.probed.length === 2);
    expect(hand.probed).toMatchObject([
      { device: 'fence_test', ok: true },
      { device: 'fence_test', ok: false },
    ]);
    expect(harness!.switchedOff()).toEqual([]);
  });
}
