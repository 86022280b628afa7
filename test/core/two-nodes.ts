/**
 * Two whole engines, joined by one link in memory under a virtual clock, each with an agent host that knows what runs.
 * Nothing is random: packets take 0.1 ms, an operation 5 ms, the disk 2 ms, unless the test says otherwise.
 */
import type { HostHello, InventoryEntry, Operation, OperationOutcome } from '../../src/core/agents.ts';
import {
  type Engine,
  type EngineEffect,
  type EngineEvent,
  engineDeadline,
  stepEngine,
  stepTimers,
} from '../../src/core/engine.ts';
import type { NodeCommand, NodeEvent } from '../../src/core/events.ts';
import type { FenceProof } from '../../src/core/fencing/fencing-state.ts';
import { createNode, letterOf, type NodeOptions } from '../../src/core/node-state.ts';
import type { Problem } from '../../src/core/result.ts';
import { createTransport, type PersistedPeer } from '../../src/core/transport/state.ts';
import { emptyHello, ms, nodeOptions, type Untimed, wordsOf } from './lone-node.ts';
import { linkA, optionsFor } from './transport/harness.ts';

export type Name = 'node1' | 'node2';
const names = ['node1', 'node2'] as const;

interface Member {
  engine: Engine;
  generation: number;
  /** The daemon runs. */
  alive: boolean;
  /** What the host started and did not stop, `vip#0`. */
  readonly running: Set<string>;
  /** Generations of the other node that are on this node's disk. */
  readonly peers: Map<string, PersistedPeer>;
  readonly replies: string[];
  readonly problems: Problem[];
  readonly log: string[];
}

export type FenceEffect = Extract<EngineEffect, { type: 'fence' }>;

export interface DeviceDeed {
  readonly kills: boolean;
  readonly says: 'confirmed' | 'failed' | 'unknown' | 'never';
  readonly afterMs: number;
}

export class TwoNodes {
  nowUs = ms(10_000);
  /** Whether a packet of that node arrives. */
  network: (from: Name) => boolean = () => true;
  /** Whether a ping node answers that node. */
  reaches: (node: Name, address: string) => boolean = () => true;
  /** What drbdadm ends with there. */
  drbdadm: (node: Name, resource: string) => number | undefined | 'never' = () => 0;
  /** What a fence device does and what it says: independent of each other. By default it kills the target and says so. */
  device: (node: Name, effect: FenceEffect) => DeviceDeed = () => ({ kills: true, says: 'confirmed', afterMs: 20 });
  outcome: (node: Name, operation: Operation) => OperationOutcome = (node, { action, group, index }) =>
    action !== 'status' ? 'done' : this.members[node].running.has(`${group}#${index}`) ? 'running' : 'not-running';
  durationMs: (node: Name, operation: Operation) => number = () => 5;
  readonly members: Record<Name, Member>;
  /** `10005 node1 start vip#0`: milliseconds since the beginning, in order. */
  readonly story: string[] = [];
  /** What was written down, in order; the disk takes `diskMs`. */
  readonly records: string[] = [];
  diskMs = 2;
  /** Resources that ran on both at one moment. */
  readonly ranTwice = new Set<string>();
  private readonly changes: Partial<NodeOptions>;
  private readonly planned: { atUs: number; order: number; act: () => void }[] = [];
  private order = 0;

  constructor(changes: Partial<NodeOptions> = {}) {
    this.changes = changes;
    this.members = { node1: this.member('node1', 100), node2: this.member('node2', 100) };
  }

  boot(...which: Name[]): this {
    for (const name of which) {
      this.members[name].alive = true;
      this.bootNode(name, emptyHello);
    }
    return this;
  }

  /** A pair that has come to rest: each runs what it owns. */
  static settled(changes: Partial<NodeOptions> = {}): TwoNodes {
    const pair = new TwoNodes(changes).boot('node1', 'node2').run(500);
    pair.story.length = 0;
    return pair;
  }

  /** The machine dies: nothing runs there any more. */
  crash(name: Name): this {
    this.members[name].alive = false;
    this.members[name].running.clear();
    return this;
  }

  /** The daemon alone dies; the host keeps what runs. A restarted one is told of it. */
  restartDaemon(name: Name, hello: Partial<HostHello> = {}, fencedPeer?: FenceProof): this {
    const { generation, running, peers } = this.members[name];
    const reborn = this.member(name, generation + 1, [...peers.values()]);
    const { groups } = reborn.engine.node.options;
    const inventory: InventoryEntry[] = groups.flatMap(({ key, resources }) =>
      resources.flatMap((resource, index) =>
        running.has(`${key}#${index}`) ? [{ group: key, index, resource, state: 'running' as const }] : [],
      ),
    );
    for (const each of running) reborn.running.add(each);
    this.members[name] = reborn;
    reborn.alive = true;
    this.bootNode(
      name,
      { ...emptyHello, adopted: inventory.length > 0, inventory, lastBeatUs: this.nowUs, ...hello },
      fencedPeer,
    );
    return this;
  }

  command(name: Name, command: NodeCommand, requestId = 1): this {
    this.give(name, { to: 'node', event: { type: 'command', nowUs: this.nowUs, requestId, command, who: 'root' } });
    return this;
  }

  tell(name: Name, event: Untimed<NodeEvent>): this {
    this.give(name, { to: 'node', event: { ...event, nowUs: this.nowUs } as NodeEvent });
    return this;
  }

  run(durationMs: number): this {
    const endUs = this.nowUs + ms(durationMs);
    for (;;) {
      const next = this.planned.toSorted((left, right) => left.atUs - right.atUs || left.order - right.order)[0];
      const timers = names.flatMap((name) => {
        const member = this.members[name];
        const atUs = member.alive ? engineDeadline(member.engine) : undefined;
        return atUs === undefined ? [] : [{ atUs, name }];
      });
      const timer = timers.sort((left, right) => left.atUs - right.atUs)[0];
      const atUs = Math.min(next?.atUs ?? Number.POSITIVE_INFINITY, timer?.atUs ?? Number.POSITIVE_INFINITY);
      if (atUs > endUs) break;
      this.nowUs = Math.max(this.nowUs, atUs);
      if (next?.atUs === atUs) {
        this.planned.splice(this.planned.indexOf(next), 1);
        next.act();
      } else {
        const { engine } = this.members[timer!.name];
        this.carryOutAll(timer!.name, stepTimers(engine, this.nowUs));
      }
    }
    this.nowUs = endUs;
    return this;
  }

  /** `r- -r`: letters of node1, then of node2. */
  get letters(): string {
    return names.map((name) => this.members[name].engine.node.groups.map(letterOf).join('')).join(' ');
  }

  stage(name: Name): string {
    return this.members[name].engine.node.life.value;
  }

  /** What was done to resources, without times. */
  get deeds(): string[] {
    return this.story.map((line) => line.slice(line.indexOf(' ') + 1));
  }

  private member(name: Name, generation: number, peers: readonly PersistedPeer[] = []): Member {
    const options = nodeOptions(name, this.changes);
    const { keepaliveMs, deadtimeMs, initdeadMs } = options;
    const timing = { keepaliveMs, deadtimeMs, warntimeMs: 200, initdeadMs, deadpingMs: deadtimeMs };
    const transport = createTransport(optionsFor(name, { generation, persistedPeers: peers, timing }));
    return {
      engine: { transport, node: createNode(options, generation) },
      generation,
      alive: false,
      running: new Set(),
      peers: new Map(peers.map((peer) => [peer.uuid, peer])),
      replies: [],
      problems: [],
      log: [],
    };
  }

  private bootNode(name: Name, hello: HostHello, fencedPeer?: FenceProof): void {
    const { nowUs } = this;
    const { generation } = this.members[name];
    this.give(name, {
      to: 'node',
      event: {
        type: 'boot',
        nowUs,
        generation,
        hello,
        stickyStopFailures: [],
        ...(fencedPeer === undefined ? {} : { fencedPeer }),
      },
    });
    this.give(name, { to: 'transport', event: { type: 'start', nowUs } });
  }

  private give(name: Name, event: EngineEvent): void {
    const { engine, alive } = this.members[name];
    if (alive) this.carryOutAll(name, stepEngine(engine, event, this.nowUs));
  }

  private carryOutAll(name: Name, effects: readonly EngineEffect[]): void {
    for (const effect of effects) this.carryOut(name, effect);
  }

  private carryOut(name: Name, effect: EngineEffect): void {
    const member = this.members[name];
    const { engine } = member;
    /** For this daemon only: a later one gets no answers of its. */
    const answer = (delayMs: number, event: () => EngineEvent) =>
      this.plan(delayMs, () => {
        if (this.members[name].engine === engine) this.give(name, event());
      });
    switch (effect.type) {
      case 'transmit': {
        if (!this.network(name)) return;
        const other = name === 'node1' ? 'node2' : 'node1';
        const { bytes } = effect;
        this.plan(0.1, () =>
          this.give(other, {
            to: 'transport',
            event: { type: 'datagram', nowUs: this.nowUs, link: linkA, bytes, source: name },
          }),
        );
        return;
      }
      case 'drainSockets':
        return answer(0, () => ({
          to: 'transport',
          event: { type: 'socketsDrained', nowUs: this.nowUs, token: effect.token },
        }));
      case 'persistPeerGeneration':
        member.peers.set(effect.uuid, effect);
        return answer(2, () => ({
          to: 'transport',
          event: { type: 'peerGenerationPersisted', nowUs: this.nowUs, requestId: effect.requestId },
        }));
      case 'operation':
        return this.operate(name, effect.operation, answer);
      case 'fence': {
        const { kills, says, afterMs } = this.device(name, effect);
        this.tellStory(name, `fence ${effect.target} with ${effect.device}`);
        if (kills) this.plan(afterMs, () => this.crash(effect.target as Name));
        if (says === 'never') return;
        return answer(afterMs, () => ({
          to: 'node',
          event: {
            type: 'fenceResult',
            nowUs: this.nowUs,
            attempt: effect.attempt,
            outcome: says,
            verified: false,
            detail: '',
          },
        }));
      }
      case 'persist':
        this.records.push(`${name} ${effect.name} ${effect.content}`);
        return answer(this.diskMs, () => ({
          to: 'node',
          event: { type: 'recordPersisted', nowUs: this.nowUs, recordId: effect.recordId, ok: true },
        }));
      case 'outdate': {
        const exitCode = this.drbdadm(name, effect.resource);
        this.tellStory(name, `drbdadm outdate ${effect.resource}`);
        if (exitCode === 'never') return;
        return answer(5, () => ({
          to: 'node',
          event: { type: 'outdateDone', nowUs: this.nowUs, id: effect.id, exitCode },
        }));
      }
      case 'ping':
        for (const { address } of effect.targets)
          if (this.reaches(name, address))
            answer(0.2, () => ({ to: 'node', event: { type: 'pingAnswer', nowUs: this.nowUs, address } }));
        return;
      case 'releaseAddresses':
        for (const { group, index } of effect.operations) {
          this.tellStory(name, `release ${group}#${index}`);
          member.running.delete(`${group}#${index}`);
        }
        return;
      case 'rejoin':
        member.generation++;
        answer(2, () => ({
          to: 'transport',
          event: { type: 'rejoin', nowUs: this.nowUs, generation: member.generation },
        }));
        return answer(2, () => ({
          to: 'node',
          event: { type: 'rejoined', nowUs: this.nowUs, generation: member.generation },
        }));
      case 'reply':
        if (effect.problem !== undefined) member.problems.push(effect.problem);
        member.replies.push(
          `${effect.requestId} ${effect.ok ? 'ok' : effect.problem?.code}${effect.final ? ' final' : ''}`,
        );
        return;
      case 'log':
        member.log.push(effect.message.code);
        return;
      case 'exit':
        this.plan(0, () => {
          member.alive = false;
        });
        return;
    }
  }

  private operate(name: Name, operation: Operation, answer: (delayMs: number, event: () => EngineEvent) => void): void {
    const { running } = this.members[name];
    const resource = `${operation.group}#${operation.index}`;
    const outcome = this.outcome(name, operation);
    const startedUs = this.nowUs;
    if (operation.action !== 'status') this.tellStory(name, wordsOf(operation));
    if (operation.action === 'start') {
      running.add(resource);
      if (this.members[name === 'node1' ? 'node2' : 'node1'].running.has(resource)) this.ranTwice.add(resource);
    }
    if (operation.action === 'announce') return;
    answer(this.durationMs(name, operation), () => {
      const { action } = operation;
      if ((action === 'stop' && outcome === 'done') || (action === 'start' && outcome === 'failed'))
        running.delete(resource);
      const result = { id: operation.id, outcome, startedUs, finishedUs: this.nowUs };
      return { to: 'node', event: { type: 'operationResult', nowUs: this.nowUs, result } };
    });
  }

  private tellStory(name: Name, words: string): void {
    this.story.push(`${this.nowUs / 1000} ${name} ${words}`);
  }

  private plan(delayMs: number, act: () => void): void {
    this.planned.push({ atUs: this.nowUs + ms(delayMs), order: this.order++, act });
  }
}
