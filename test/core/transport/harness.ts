/**
 * Two transports joined by links in memory under a virtual clock. A test says what each link does to each packet;
 * the rest (persisting, draining, timers) is answered as a daemon would.
 */
import type { TransportEffect } from '../../../src/core/effects.ts';
import type { NodeEvent, TransportEvent } from '../../../src/core/events.ts';
import {
  createTransport,
  step,
  type TransportOptions,
  type TransportState,
  transportDeadline,
} from '../../../src/core/transport/machine.ts';
import { type Message, messageOf, textOf } from '../../../src/core/transport/message.ts';
import { openPacket } from '../../../src/core/transport/packet.ts';
import { type LinkId, linkId, nodeName } from '../../../src/core/types.ts';
import { hashes, keys } from './support.ts';

export const ms = (milliseconds: number) => milliseconds * 1000;
export const linkA = linkId('ucast/eth0/10.0.0.2');
export const linkB = linkId('bcast/eth1');
export const uuids = { node1: '11'.repeat(16), node2: '22'.repeat(16) };

export function optionsFor(local: 'node1' | 'node2', changes: Partial<TransportOptions> = {}): TransportOptions {
  return {
    localNode: nodeName(local),
    localUuid: uuids[local],
    generation: 100,
    peer: nodeName(local === 'node1' ? 'node2' : 'node1'),
    links: [linkA],
    timing: { keepaliveMs: 100, deadtimeMs: 300, warntimeMs: 200, initdeadMs: 600, deadpingMs: 300 },
    authentication: keys('sha256'),
    messageFormat: 'netstring',
    hopfudge: 1,
    maxRexmitDelayMs: 250,
    seed: local === 'node1' ? 1 : 2,
    persistedPeers: [],
    hashes,
    entropy: `entropy of ${local}`,
    capabilities: ['holdings', 'configuration'],
    wallSeconds: 1_800_000_000,
    loadAverage: '0.10 0.20 0.30 1/100 4711',
    ...changes,
  };
}

export function started(
  local: 'node1' | 'node2',
  changes: Partial<TransportOptions> = {},
  nowUs = ms(1000),
): TransportState {
  const state = createTransport(optionsFor(local, changes));
  step(state, { type: 'start', nowUs });
  return state;
}

/** As if the peer had acknowledged this deadtime: the node may then be silent for so long. */
export function agreeOnDeadtime(state: TransportState, deadtimeMs: number): void {
  state.ownDeadtime = { deadtimeMs, longer: undefined };
}

/** What the packets of `effects` say, each once however many links it left on. */
export function sentMessages(effects: readonly TransportEffect[], link: LinkId = linkA): Message[] {
  return effects.flatMap((effect) =>
    effect.type === 'transmit' && effect.link === link ? [messageIn(effect.bytes)] : [],
  );
}

export function messageIn(bytes: Uint8Array, authentication = keys('sha256')): Message {
  const opened = openPacket(bytes, authentication, hashes);
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened.value.message;
}

export function nodeEvents(effects: readonly TransportEffect[]): NodeEvent[] {
  return effects.flatMap((effect) => (effect.type === 'toNode' ? [effect.event] : []));
}

export function typesOf(effects: readonly TransportEffect[]): string[] {
  return nodeEvents(effects).map((event) =>
    event.type === 'message' ? `message ${textOf(event.message, 't')}` : event.type,
  );
}

/** Everything that a packet may only change with a valid MAC, as text. */
export function digestOf(state: TransportState): string {
  const { options: _options, accounts: _accounts, nowUs: _nowUs, ...rest } = state;
  return JSON.stringify(rest, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

export interface Delivery {
  readonly from: 'node1' | 'node2';
  readonly link: LinkId;
  readonly bytes: Uint8Array;
  readonly nowUs: number;
}

interface Member {
  state: TransportState;
  readonly heard: { readonly atUs: number; readonly event: NodeEvent }[];
  readonly effects: TransportEffect[];
  paused: boolean;
  readonly held: TransportEvent[];
}

interface Scheduled {
  readonly atUs: number;
  readonly order: number;
  readonly act: () => void;
}

export class Pair {
  nowUs = ms(1000);
  readonly persistDelayUs = { node1: ms(2), node2: ms(2) };
  readonly recorded: Delivery[] = [];
  /** Delays after which copies arrive; none: lost. */
  network: (delivery: Delivery) => readonly number[] = () => [100];
  readonly members: { readonly node1: Member; readonly node2: Member };
  private readonly scheduled: Scheduled[] = [];
  private order = 0;

  constructor(changes: Partial<TransportOptions> = {}) {
    const member = (local: 'node1' | 'node2'): Member => ({
      state: createTransport(optionsFor(local, changes)),
      heard: [],
      effects: [],
      paused: false,
      held: [],
    });
    this.members = { node1: member('node1'), node2: member('node2') };
  }

  start(...names: ('node1' | 'node2')[]): this {
    for (const name of names) this.give(name, { type: 'start', nowUs: this.nowUs });
    return this;
  }

  give(name: 'node1' | 'node2', event: TransportEvent): TransportEffect[] {
    const member = this.members[name];
    if (member.paused) {
      member.held.push(event);
      return [];
    }
    const effects = step(member.state, event);
    for (const effect of effects) this.carryOut(name, effect);
    member.effects.push(...effects);
    return effects;
  }

  send(name: 'node1' | 'node2', message: Message): void {
    this.give(name, { type: 'send', nowUs: this.nowUs, message });
  }

  /** A process that does not run: its timers are late, its packets wait. */
  pause(name: 'node1' | 'node2'): void {
    this.members[name].paused = true;
  }

  /** First the overdue timer, then what waited in the sockets, as a daemon does after a pause. */
  resume(name: 'node1' | 'node2'): void {
    const member = this.members[name];
    member.paused = false;
    const held = member.held.splice(0);
    this.give(name, { type: 'timer', nowUs: this.nowUs });
    for (const event of held) this.give(name, 'nowUs' in event ? { ...event, nowUs: this.nowUs } : event);
  }

  run(durationUs: number): this {
    const endUs = this.nowUs + durationUs;
    for (;;) {
      const next = this.nextScheduled();
      const timer = this.nextTimer();
      const atUs = Math.min(next?.atUs ?? Number.POSITIVE_INFINITY, timer?.atUs ?? Number.POSITIVE_INFINITY);
      if (atUs > endUs) break;
      this.nowUs = Math.max(this.nowUs, atUs);
      if (next !== undefined && next.atUs === atUs) {
        this.scheduled.splice(this.scheduled.indexOf(next), 1);
        next.act();
      } else if (timer !== undefined) this.give(timer.name, { type: 'timer', nowUs: this.nowUs });
    }
    this.nowUs = endUs;
    return this;
  }

  heard(name: 'node1' | 'node2', type: NodeEvent['type']): { readonly atUs: number; readonly event: NodeEvent }[] {
    return this.members[name].heard.filter(({ event }) => event.type === type);
  }

  /** Values of one field of the messages of one type that reached the node, in order of arrival. */
  delivered(name: 'node1' | 'node2', type: string, field: string): (string | undefined)[] {
    return this.heard(name, 'message').flatMap(({ event }) =>
      event.type === 'message' && textOf(event.message, 't') === type ? [textOf(event.message, field)] : [],
    );
  }

  at(delayUs: number, act: () => void): void {
    this.scheduled.push({ atUs: this.nowUs + delayUs, order: this.order++, act });
  }

  private carryOut(name: 'node1' | 'node2', effect: TransportEffect): void {
    if (effect.type === 'toNode') this.members[name].heard.push({ atUs: this.nowUs, event: effect.event });
    if (effect.type === 'transmit')
      this.transmit({ from: name, link: effect.link, bytes: effect.bytes, nowUs: this.nowUs });
    if (effect.type === 'drainSockets') {
      const { token } = effect;
      this.at(0, () => this.give(name, { type: 'socketsDrained', nowUs: this.nowUs, token }));
    }
    if (effect.type === 'persistPeerGeneration') {
      const { requestId } = effect;
      this.at(this.persistDelayUs[name], () =>
        this.give(name, { type: 'peerGenerationPersisted', nowUs: this.nowUs, requestId }),
      );
    }
  }

  private transmit(delivery: Delivery): void {
    this.recorded.push(delivery);
    const to = delivery.from === 'node1' ? 'node2' : 'node1';
    for (const delayUs of this.network(delivery)) this.at(delayUs, () => this.arrive(to, delivery));
  }

  arrive(to: 'node1' | 'node2', { from, link, bytes }: Pick<Delivery, 'from' | 'link' | 'bytes'>): TransportEffect[] {
    return this.give(to, { type: 'datagram', nowUs: this.nowUs, link, bytes, source: `${from}:694` });
  }

  private nextScheduled(): Scheduled | undefined {
    let next: Scheduled | undefined;
    for (const candidate of this.scheduled) {
      if (
        next === undefined ||
        candidate.atUs < next.atUs ||
        (candidate.atUs === next.atUs && candidate.order < next.order)
      )
        next = candidate;
    }
    return next;
  }

  private nextTimer(): { readonly atUs: number; readonly name: 'node1' | 'node2' } | undefined {
    const due = (['node1', 'node2'] as const).flatMap((name) => {
      const member = this.members[name];
      const atUs = member.paused ? undefined : transportDeadline(member.state);
      return atUs === undefined ? [] : [{ atUs, name }];
    });
    return due.sort((left, right) => left.atUs - right.atUs)[0];
  }
}

/** A lively pair, and everything that was said. */
export function recordedPair(): Pair {
  const pair = new Pair({ links: [linkA, linkB] });
  let turn = 0;
  pair.network = ({ link }) => (link === linkA && turn++ % 3 === 0 ? [] : [100]);
  pair.start('node1', 'node2').run(ms(300));
  for (let number = 0; number < 20; number++) {
    pair.send('node1', messageOf('resource', { n: String(number) }));
    pair.send('node2', messageOf('ask_resources', { n: String(number) }));
    pair.run(ms(60));
  }
  return pair;
}

/** On behalf of node1. */
export function arrive(
  state: TransportState,
  { bytes, link }: Pick<Delivery, 'bytes' | 'link'>,
  nowUs: number,
): TransportEffect[] {
  return step(state, { type: 'datagram', nowUs, link, bytes, source: 'node1:694' });
}
