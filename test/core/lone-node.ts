/**
 * One node machine with a peer and an agent host that a test plays by hand: every message of the peer is written out,
 * operations are answered at once unless the test says otherwise. Nothing is random, time moves only when told to.
 */
import type { HostHello, InventoryEntry, Operation, OperationOutcome, OperationResult } from '../../src/core/agents.ts';
import type { GroupConfiguration, ResourceConfiguration } from '../../src/core/config/configuration.ts';
import type { NodeEffect } from '../../src/core/effects.ts';
import type { NodeCommand, NodeEvent } from '../../src/core/events.ts';
import type { GroupLetter } from '../../src/core/haresources/letters.ts';
import { encodeReport, type GroupStatement, type Report } from '../../src/core/haresources/report.ts';
import type { UnmanagedGroup } from '../../src/core/haresources/unmanage.ts';
import { nodeDeadline, stepNode } from '../../src/core/node.ts';
import { createNode, letterOf, type NodeOptions, type NodeState } from '../../src/core/node-state.ts';
import { noReach } from '../../src/core/ping/reach-state.ts';
import { type Message, messageOf, textOf } from '../../src/core/transport/message.ts';
import { groupKey, linkId, nodeName } from '../../src/core/types.ts';

export const ms = (milliseconds: number): number => milliseconds * 1000;
export const node1 = nodeName('node1');
export const node2 = nodeName('node2');
export const uuids = { node1: '11'.repeat(16), node2: '22'.repeat(16) };
export const eth0 = linkId('ucast/eth0/10.0.0.2');

/** `10.0.0.1` is an address of our own agent, a word is a service. */
export function resourceOf(written: string): ResourceConfiguration {
  const isAddress = /^\d/.test(written);
  return { written, kind: 'script', type: isAddress ? 'IPaddr' : written, args: isAddress ? [written] : [] };
}

/** `vip`: the address of node1 with a service behind it; `web`: a service of node2. */
export const vip: GroupConfiguration = {
  key: groupKey('vip'),
  index: 0,
  owner: node1,
  resources: [resourceOf('10.0.0.1'), resourceOf('apache')],
};
export const web: GroupConfiguration = {
  key: groupKey('web'),
  index: 1,
  owner: node2,
  resources: [resourceOf('nginx')],
};

export function nodeOptions(self: 'node1' | 'node2', changes: Partial<NodeOptions> = {}): NodeOptions {
  return {
    self: nodeName(self),
    peer: self === 'node1' ? node2 : node1,
    uuid: uuids[self],
    groups: [vip, web],
    deadtimeMs: 300,
    keepaliveMs: 100,
    initdeadMs: 600,
    autoFailback: false,
    configurationDigest: '0123456789abcdef0123',
    configurationMeaning: [],
    startTimeoutMs: 1000,
    stopTimeoutMs: 2000,
    statusTimeoutMs: 3000,
    stopRetryDelayMs: 50,
    stopRetryMax: 2,
    announceIntervalMs: 0,
    monitoring: { intervalMs: 0, intervalsMs: {}, failuresMax: 3, failureWindowMs: 600_000 },
    reach: noReach,
    ...changes,
  };
}

export const emptyHello: HostHello = { hostPid: 1, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };

export const inventoryOf = (group: GroupConfiguration, state: InventoryEntry['state'] = 'running'): InventoryEntry[] =>
  group.resources.map((resource, index) => ({ group: group.key, index, resource, state }));

/** `hold`: the operation is left in flight until the test answers it. */
export type Answer = OperationOutcome | 'hold';

/** Distributes over a union. */
export type Untimed<Event> = Event extends { readonly nowUs: number } ? Omit<Event, 'nowUs'> : Event;

export class LoneNode {
  nowUs = ms(10_000);
  readonly state: NodeState;
  /** Everything since the last `forget`. */
  readonly effects: NodeEffect[] = [];
  answer: (operation: Operation) => Answer = ({ action }) => (action === 'status' ? 'not-running' : 'done');
  held: Operation[] = [];
  peerGeneration = 50;
  private peerVersion = 0;
  private linkViewVersion = 1;
  private readonly peerSays: Record<string, GroupLetter> = {};
  private readonly peerUnmanaged = new Set<string>();

  constructor(changes: Partial<NodeOptions> = {}, self: 'node1' | 'node2' = 'node1') {
    this.state = createNode(nodeOptions(self, changes), 100);
  }

  /** A member with an idle peer: what it owns runs here, what the peer owns the peer runs. */
  static settled(changes: Partial<NodeOptions> = {}, self: 'node1' | 'node2' = 'node1'): LoneNode {
    const node = new LoneNode(changes, self).boot().heard();
    const theirs = node.state.groups.filter((group) => group.configuration.owner !== node.state.options.self);
    for (const group of theirs) node.peerSays[group.configuration.key] = 'r';
    return node.says().says().forget();
  }

  give(event: Untimed<NodeEvent>): NodeEffect[] {
    return this.take(stepNode(this.state, { ...event, nowUs: this.nowUs } as NodeEvent));
  }

  /** Carries out what a step asked for. */
  take(effects: readonly NodeEffect[]): NodeEffect[] {
    const all = [...effects];
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type !== 'operation' || effect.operation.action === 'announce') continue;
      const outcome = this.answer(effect.operation);
      if (outcome === 'hold') this.held.push(effect.operation);
      else all.push(...this.result(effect.operation, outcome));
    }
    return all;
  }

  result(operation: Operation, outcome: OperationOutcome, more: Partial<OperationResult> = {}): NodeEffect[] {
    this.held = this.held.filter((each) => each !== operation);
    const result = { id: operation.id, outcome, startedUs: this.nowUs, finishedUs: this.nowUs, ...more };
    return this.give({ type: 'operationResult', result });
  }

  boot(
    hello: Partial<HostHello> = {},
    more: Partial<
      Record<'stickyStopFailures' | 'takenOnSilence' | 'stuckAtPeer' | 'splitGroups', readonly string[]>
    > & { readonly unmanaged?: readonly UnmanagedGroup[] } = {},
  ): this {
    const { generation } = this.state;
    this.give({ type: 'boot', generation, hello: { ...emptyHello, ...hello }, stickyStopFailures: [], ...more });
    return this;
  }

  heard(returning = false): this {
    this.give({
      type: 'peerHeard',
      node: this.state.options.peer,
      uuid: this.peerUuid,
      generation: this.peerGeneration,
      returning,
      linkViewVersion: ++this.linkViewVersion,
    });
    return this;
  }

  silent(): this {
    this.give({
      type: 'peerSilent',
      node: this.state.options.peer,
      lastHeardUs: this.nowUs - ms(300),
      deadtimeMs: 300,
      linkViewVersion: ++this.linkViewVersion,
    });
    return this;
  }

  /** A keepalive of the peer: its letters (what is not named stays as it was), by default having read all we said. */
  says(
    letters: Record<string, GroupLetter | `${GroupLetter}*`> = {},
    more: Partial<Report> & { readonly fields?: Record<string, string>; readonly pbto?: number } = {},
  ): this {
    const { fields = {}, pbto = this.state.generation, ...report } = more;
    const marks: Record<string, boolean> = {};
    for (const [key, letter] of Object.entries(letters)) {
      this.peerSays[key] = letter.charAt(0) as GroupLetter;
      marks[key] = letter.endsWith('*');
    }
    const groups: GroupStatement[] = this.state.groups.map(({ configuration: { key, owner } }) => ({
      key,
      letter: this.peerSays[key] ?? '-',
      marked: marks[key] ?? false,
      ...(this.peerUnmanaged.has(key) ? { unmanaged: true } : {}),
      owner,
    }));
    const said: Report = {
      version: ++this.peerVersion,
      ack: this.state.reportVersion,
      ackGeneration: this.state.generation,
      stage: 'member',
      groups,
      ...report,
    };
    const status = messageOf('status', { st: 'active', dt: '12c', pbver: '1', pbsees: 'up', ...fields });
    const addressed = { name: 'pbto', value: pbto.toString(16) };
    return this.message({ fields: [addressed, ...status.fields, ...encodeReport(said)] });
  }

  /** Somebody works on a group there. */
  peerUnmanages(key: string): this {
    this.peerUnmanaged.add(key);
    return this.says();
  }

  asks(info: string, keys: string, scope = 'all', pbto = this.state.generation): this {
    return this.message(messageOf('ask_resources', { rsc_hold: scope, info, pbask: keys, pbto: pbto.toString(16) }));
  }

  message(message: Message): this {
    this.give({
      type: 'message',
      from: this.state.options.peer,
      generation: this.peerGeneration,
      message,
      linkViewVersion: this.linkViewVersion,
    });
    return this;
  }

  command(command: NodeCommand, requestId = 1): this {
    this.give({ type: 'command', requestId, command, who: 'root' });
    return this;
  }

  /** Time passes, and every timer of the node is met. */
  pass(durationMs: number): this {
    const endUs = this.nowUs + ms(durationMs);
    for (
      let dueUs = nodeDeadline(this.state);
      dueUs !== undefined && dueUs <= endUs;
      dueUs = nodeDeadline(this.state)
    ) {
      this.nowUs = Math.max(this.nowUs, dueUs);
      this.give({ type: 'timer' });
    }
    this.nowUs = endUs;
    return this;
  }

  forget(): this {
    this.effects.length = 0;
    return this;
  }

  get letters(): string {
    return this.state.groups.map(letterOf).join('');
  }

  /** Codes, with the group where there is one. */
  get alarms(): string[] {
    return [...this.state.alarms.keys()];
  }

  get stage(): string {
    return this.state.life.value;
  }

  /** `start vip#0`, in order. */
  get operations(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'operation' ? [wordsOf(effect.operation)] : []));
  }

  get evidence(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'operation' && effect.evidence !== undefined
        ? [`${effect.operation.group}#${effect.operation.index} ${effect.evidence.kind}`]
        : [],
    );
  }

  get logged(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'log' ? [effect.message.code] : []));
  }

  /** `ask_resources me`, `shutdone`; `resource`, which goes with every change, is left out. */
  get said(): string[] {
    return this.ofType('send')
      .map(({ message }) => [textOf(message, 't'), textOf(message, 'info')].join(' ').trim())
      .filter((words) => words !== 'resource');
  }

  /** `ask_resources web`: type and named groups of what was said about handovers. */
  get asked(): string[] {
    return this.ofType('send')
      .filter(({ message }) => ['ask_resources', 'hb_takeover'].includes(textOf(message, 't') ?? ''))
      .map(({ message }) => `${textOf(message, 't')} ${textOf(message, 'pbask') ?? ''}`);
  }

  /** `1 ok final`, `1 peer-not-there final`. */
  get replies(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'reply'
        ? [`${effect.requestId} ${effect.ok ? 'ok' : effect.problem?.code}${effect.final ? ' final' : ''}`]
        : [],
    );
  }

  persisted(name: string): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'persist' && effect.name === name ? [effect.content] : [],
    );
  }

  ofType<Type extends NodeEffect['type']>(type: Type): Extract<NodeEffect, { type: Type }>[] {
    return this.effects.filter((effect): effect is Extract<NodeEffect, { type: Type }> => effect.type === type);
  }

  private get peerUuid(): string {
    return uuids[this.state.options.peer as 'node1' | 'node2'];
  }

  /** The peer in a new life: its versions count from the beginning. */
  peerRestarts(): this {
    this.peerGeneration++;
    this.peerVersion = 0;
    for (const key of Object.keys(this.peerSays)) delete this.peerSays[key];
    return this;
  }
}

export const wordsOf = ({ action, group, index }: Operation): string => `${action} ${group}#${index}`;

/** Answers by the words of an operation; the others as usual. */
export function answering(answers: Record<string, Answer>): (operation: Operation) => Answer {
  return (operation) => answers[wordsOf(operation)] ?? (operation.action === 'status' ? 'not-running' : 'done');
}
