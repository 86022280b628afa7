/**
 * One Pairbeat engine and one Heartbeat twin (heartbeat-twin.ts) in a virtual world: packets with delay and loss, links
 * that are cut in one direction or both, crashes, graceful stops, operators on both sides. node1 is Pairbeat; each node
 * owns one group. The twin uses our transport under its packets, which loses everything that says Pairbeat on the way.
 */
import {
  type Engine,
  type EngineEffect,
  type EngineEvent,
  engineDeadline,
  stepEngine,
  stepTimers,
} from '../../../../src/core/engine.ts';
import type { NodeCommand } from '../../../../src/core/events.ts';
import { createNode, letterOf } from '../../../../src/core/node-state.ts';
import { createRandom, nextUint32, randomBetween } from '../../../../src/core/random.ts';
import { createTransport, step, transportDeadline } from '../../../../src/core/transport/machine.ts';
import { type Message, textOf } from '../../../../src/core/transport/message.ts';
import { openPacket, sealPacket } from '../../../../src/core/transport/packet.ts';
import type { PersistedPeer, TransportState } from '../../../../src/core/transport/state.ts';
import { emptyHello, ms, nodeOptions } from '../../lone-node.ts';
import { linkA, optionsFor } from '../../transport/harness.ts';
import { hashes, keys } from '../../transport/support.ts';
import { HeartbeatTwin, type Kind } from './heartbeat-twin.ts';

export type Side = 'pairbeat' | 'heartbeat';
const timing = { keepaliveMs: 200, deadtimeMs: 1000, warntimeMs: 500, initdeadMs: 3000, deadpingMs: 1000 };

export class MixedPair {
  nowUs = ms(10_000);
  lossPercent = 0;
  /** Directions that are cut. */
  readonly cut = { pairbeat: false, heartbeat: false };
  stopFails = false;
  startFails = false;
  /** Groups that run, by node: `vip` is Pairbeat's own, `web` the twin's. */
  readonly running: Record<Side, Set<string>> = { pairbeat: new Set(), heartbeat: new Set() };
  readonly violations: string[] = [];
  readonly story: string[] = [];
  engine: Engine | undefined;
  twin: HeartbeatTwin | undefined;
  private twinTransport: TransportState | undefined;
  private readonly generations = { pairbeat: 100, heartbeat: 200 };
  private readonly peersOnDisk: Record<Side, Map<string, PersistedPeer>> = {
    pairbeat: new Map(),
    heartbeat: new Map(),
  };
  private readonly failback: 'on' | 'off';
  private readonly random;
  private plans: { atUs: number; order: number; act: () => void }[] = [];
  private order = 0;

  constructor(seed: number, failback: 'on' | 'off') {
    this.random = createRandom(seed);
    this.failback = failback;
  }

  between(low: number, high: number): number {
    return randomBetween(this.random, low, high);
  }

  bootPairbeat(): void {
    const options = nodeOptions('node1', { ...timing, autoFailback: this.failback === 'on', stopRetryMax: 2 });
    const generation = ++this.generations.pairbeat;
    const persistedPeers = [...this.peersOnDisk.pairbeat.values()];
    const transport = createTransport(optionsFor('node1', { generation, timing, persistedPeers, seed: generation }));
    this.engine = { transport, node: createNode(options, generation) };
    const { nowUs } = this;
    this.tell('pairbeat boots');
    this.give({ to: 'node', event: { type: 'boot', nowUs, generation, hello: emptyHello, stickyStopFailures: [] } });
    this.give({ to: 'transport', event: { type: 'start', nowUs } });
  }

  bootHeartbeat(): void {
    const generation = ++this.generations.heartbeat;
    const persistedPeers = [...this.peersOnDisk.heartbeat.values()];
    const transport = createTransport(optionsFor('node2', { generation, timing, persistedPeers, seed: generation }));
    this.twinTransport = transport;
    this.tell('heartbeat boots');
    const alive = (): boolean => this.twinTransport === transport;
    const twin = new HeartbeatTwin(
      {
        nowMs: () => this.nowUs / 1000,
        after: (delayMs, act) =>
          this.plan(delayMs, () => {
            if (alive()) act();
          }),
        send: (message, addressed) => {
          if (!alive()) return;
          this.tell(`heartbeat says ${wordsOf(message)}`);
          const dest = addressed === true ? { dest: optionsFor('node1').localNode } : {};
          this.twinStep({ type: 'send', nowUs: this.nowUs, message, ...dest });
        },
        status: (status) => {
          const { nowUs } = this;
          const { deadtimeMs } = timing;
          if (alive()) this.twinStep({ type: 'advertise', nowUs, status, deadtimeMs, fields: [], immediately: true });
        },
        start: (kind) => this.starts('heartbeat', groupOf(kind)),
        stop: (kind) => this.stops('heartbeat', groupOf(kind)),
        restart: (afterMs) => {
          this.plan(100, () => {
            if (alive()) this.crash('heartbeat');
          });
          this.plan(afterMs, () => {
            if (this.twinTransport === undefined) this.bootHeartbeat();
          });
        },
      },
      this.failback,
    );
    this.twin = twin;
    this.twinStep({ type: 'start', nowUs: this.nowUs });
    twin.boot(timing.initdeadMs);
  }

  crash(side: Side): void {
    this.tell(`${side} dies`);
    this.running[side].clear();
    if (side === 'pairbeat') this.engine = undefined;
    else {
      this.twinTransport = undefined;
      this.twin = undefined;
    }
  }

  command(command: NodeCommand): void {
    this.give({ to: 'node', event: { type: 'command', nowUs: this.nowUs, requestId: 1, command, who: 'root' } });
  }

  stopPairbeat(): void {
    this.give({ to: 'node', event: { type: 'stopRequested', nowUs: this.nowUs } });
  }

  run(durationMs: number): void {
    const endUs = this.nowUs + ms(durationMs);
    for (;;) {
      const plan = this.plans.reduce<(typeof this.plans)[number] | undefined>(
        (best, one) =>
          best === undefined || one.atUs < best.atUs || (one.atUs === best.atUs && one.order < best.order) ? one : best,
        undefined,
      );
      const engineUs = this.engine === undefined ? undefined : engineDeadline(this.engine);
      const twinUs = this.twinTransport === undefined ? undefined : transportDeadline(this.twinTransport);
      const atUs = Math.min(plan?.atUs ?? Infinity, engineUs ?? Infinity, twinUs ?? Infinity);
      if (atUs > endUs) break;
      this.nowUs = Math.max(this.nowUs, atUs);
      if (plan?.atUs === atUs) {
        this.plans = this.plans.filter((one) => one !== plan);
        plan.act();
      } else if (engineUs === atUs) this.carryOut(stepTimers(this.engine!, this.nowUs));
      else this.twinStep({ type: 'timer', nowUs: this.nowUs });
    }
    this.nowUs = endUs;
  }

  /** For a trace: how it ended. */
  describe(): string {
    const { node } = this.engine ?? {};
    const running = [[...this.running.pairbeat].join(' '), [...this.running.heartbeat].join(' ')];
    return JSON.stringify({
      running,
      letters: this.letters,
      stage: node?.life.value,
      classic: node?.peer.classic,
      presence: node?.peer.presence,
      fresh: node?.peer.fresh,
      twin: this.twin,
    });
  }

  get letters(): string {
    return this.engine?.node.groups.map(letterOf).join('') ?? '';
  }

  tell(words: string): void {
    this.story.push(`${Math.round(this.nowUs / 1000)} ${words}`);
  }

  /** S1, and what excuses it: the silence that Pairbeat acted upon, or the death that the twin declared. */
  private starts(side: Side, group: string): void {
    this.tell(`${side} starts ${group}`);
    this.running[side].add(group);
    const other = side === 'pairbeat' ? 'heartbeat' : 'pairbeat';
    if (!this.running[other].has(group)) return;
    const marked = this.engine?.node.groups.some((one) => one.marked && one.configuration.key === group) === true;
    if (!marked && this.twin?.declaredDead !== true) this.violations.push(`${this.nowUs / 1000}: both run ${group}`);
  }

  private stops(side: Side, group: string): void {
    this.tell(`${side} stops ${group}`);
    this.running[side].delete(group);
  }

  private give(event: EngineEvent): void {
    if (this.engine !== undefined) this.carryOut(stepEngine(this.engine, event, this.nowUs));
  }

  private carryOut(effects: readonly EngineEffect[]): void {
    const { engine } = this;
    const answer = (delayMs: number, event: () => EngineEvent): void =>
      this.plan(delayMs, () => {
        if (this.engine === engine) this.give(event());
      });
    for (const effect of effects) {
      const { nowUs } = this;
      if (effect.type === 'transmit') this.noteAndDeliver(effect.bytes);
      if (effect.type === 'drainSockets')
        answer(0, () => ({
          to: 'transport',
          event: { type: 'socketsDrained', nowUs: this.nowUs, token: effect.token },
        }));
      if (effect.type === 'persistPeerGeneration') {
        this.peersOnDisk.pairbeat.set(effect.uuid, effect);
        const { requestId } = effect;
        answer(2, () => ({
          to: 'transport',
          event: { type: 'peerGenerationPersisted', nowUs: this.nowUs, requestId },
        }));
      }
      if (effect.type === 'rejoin') {
        const generation = ++this.generations.pairbeat;
        answer(2, () => ({ to: 'transport', event: { type: 'rejoin', nowUs: this.nowUs, generation } }));
        answer(2, () => ({ to: 'node', event: { type: 'rejoined', nowUs: this.nowUs, generation } }));
      }
      if (effect.type === 'releaseAddresses')
        for (const { group } of effect.operations) this.tell(`pairbeat releases the address of ${group}`);
      if (effect.type === 'exit') this.plan(0, () => this.engine === engine && this.crash('pairbeat'));
      if (effect.type === 'log') this.tell(`pairbeat: ${effect.message.code}`);
      if (effect.type !== 'operation' || effect.operation.action === 'announce') continue;
      const { id, group, index, action } = effect.operation;
      const isFirst = index === 0;
      const fails = (action === 'start' && this.startFails) || (action === 'stop' && this.stopFails);
      if (action === 'start' && isFirst) this.starts('pairbeat', group);
      answer(this.between(2, 40), () => {
        if (action === 'stop' && isFirst && !fails) this.stops('pairbeat', group);
        const outcome = action === 'status' ? 'not-running' : fails ? 'failed' : 'done';
        const result = { id, outcome, startedUs: nowUs, finishedUs: this.nowUs } as const;
        return { to: 'node', event: { type: 'operationResult', nowUs: this.nowUs, result } };
      });
    }
  }

  private twinStep(event: Parameters<typeof step>[1]): void {
    const transport = this.twinTransport;
    if (transport === undefined) return;
    for (const effect of step(transport, event)) {
      if (effect.type === 'transmit') this.deliver('heartbeat', effect.bytes);
      if (effect.type === 'toNode') this.twin?.tell(effect.event);
      const later = (delayMs: number, then: () => void): void =>
        this.plan(delayMs, () => {
          if (this.twinTransport === transport) then();
        });
      if (effect.type === 'drainSockets')
        later(0, () => this.twinStep({ type: 'socketsDrained', nowUs: this.nowUs, token: effect.token }));
      if (effect.type === 'persistPeerGeneration') {
        this.peersOnDisk.heartbeat.set(effect.uuid, effect);
        const { requestId } = effect;
        later(0, () => this.twinStep({ type: 'peerGenerationPersisted', nowUs: this.nowUs, requestId }));
      }
    }
  }

  private noteAndDeliver(bytes: Uint8Array): void {
    const opened = openPacket(bytes, keys('sha256'), hashes);
    const type = opened.ok ? (textOf(opened.value.message, 't') ?? '') : '';
    if (opened.ok && type !== 'status' && !type.startsWith('NS_'))
      this.tell(`pairbeat says ${wordsOf(opened.value.message)}`);
    this.deliver('pairbeat', bytes);
  }

  private deliver(from: Side, bytes: Uint8Array): void {
    if (this.cut[from] || nextUint32(this.random) % 100 < this.lossPercent) return;
    const sent = withoutOurs(bytes);
    this.plan(this.between(100, 3000) / 1000, () => {
      const event = { type: 'datagram', nowUs: this.nowUs, link: linkA, bytes: sent, source: from } as const;
      if (from === 'heartbeat') this.give({ to: 'transport', event });
      else this.twinStep(event);
    });
  }

  private plan(delayMs: number, act: () => void): void {
    this.plans.push({ atUs: this.nowUs + Math.round(ms(delayMs)), order: this.order++, act });
  }
}

/** The twin's own groups are its local ones. */
const groupOf = (kind: Kind): string => (kind === 'local' ? 'web' : 'vip');

const wordsOf = (message: Message): string =>
  ['t', 'rsc_hold', 'isstable', 'info', 'node']
    .map((name) => textOf(message, name))
    .filter((word) => word !== undefined)
    .join(' ');

/** A real node neither says nor reads the fields of our own. What Pairbeat says of itself it reads nowhere either. */
function withoutOurs(bytes: Uint8Array): Uint8Array {
  const opened = openPacket(bytes, keys('sha256'), hashes);
  if (!opened.ok) throw new Error(opened.problem.code);
  const fields = opened.value.message.fields.filter(({ name }) => !name.startsWith('pb'));
  const sealed = sealPacket({ fields }, keys('sha256'), hashes, 'netstring');
  if (!sealed.ok) throw new Error(sealed.problem.code);
  return sealed.value;
}
