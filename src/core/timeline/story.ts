/**
 * What one journal tells, for a person: moments (who did what, when, why), which resource ran from when to when, and by
 * which messages its clock can be compared with the other node's. Reads records one by one, of any version, and never
 * needs the core to make them again.
 */
import type { HostHello, Operation, OperationResult } from '../agents.ts';
import type { NodeEffect } from '../effects.ts';
import type { NodeEvent } from '../events.ts';
import { isStep, type JournalRecord, type SegmentRecord, type StepRecord } from '../journal-records.ts';
import { type LastStatus, noteStatus, unpackQuiet } from '../recording/quiet-steps.ts';
import { textOf } from '../transport/message.ts';
import { type Microseconds, usPerMs } from '../types.ts';
import { type Episode, observe } from '../waterfall.ts';
import { type HeldSpan, Holdings } from './holdings.ts';

export type Phase = 'detect' | 'decide' | 'fence' | 'stop' | 'start' | 'announce' | '';

export interface Moment {
  readonly us: Microseconds;
  readonly node: string;
  readonly phase: Phase;
  /** `moment-...` in the catalogue. */
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** Of a start: what made it permissible. */
  readonly evidence?: { readonly kind: string };
}

/** One boot of the machine: times within it can be compared with one another, and with nothing else. */
export interface Epoch {
  readonly bootId: string;
  readonly node: string;
  readonly peer: string;
  readonly segment: SegmentRecord;
  readonly moments: Moment[];
  readonly held: HeldSpan[];
  readonly said: Passed[];
  readonly heard: Passed[];
  /** For the phases of each failover. */
  readonly episodes: Episode[];
  /** Of the last record. */
  lastUs: Microseconds;
}

/** A numbered message went out or came in. */
export interface Passed {
  readonly generation: number;
  readonly sequence: number;
  readonly us: Microseconds;
}

interface MutableEpoch extends Epoch {
  node: string;
  peer: string;
}

export interface StoryReader {
  take(record: JournalRecord): void;
  /** Ends what is open: the journal ends here. */
  end(): readonly Epoch[];
}

export function createStoryReader(): StoryReader {
  const epochs: MutableEpoch[] = [];
  let holdings = new Holdings();
  const operations = new Map<number, Operation>();
  let last: LastStatus = { event: undefined };
  /** The daemon whose steps are read has begun and has not said that it ends. */
  let daemonLives = false;

  function epochOf(segment: SegmentRecord): void {
    const current = epochs.at(-1);
    if (current?.bootId === segment.bootId) return;
    if (current !== undefined) closeEpoch(current);
    const { node = '', peer = '' } = current ?? {};
    epochs.push({
      bootId: segment.bootId,
      node,
      peer,
      segment,
      moments: [],
      held: [],
      said: [],
      heard: [],
      episodes: [],
      lastUs: segment.us,
    });
    holdings = new Holdings();
    daemonLives = false;
  }

  function closeEpoch(epoch: MutableEpoch): void {
    daemonGone(epoch);
    epoch.held.push(...holdings.end(epoch.lastUs));
  }

  /** Nothing more is written by it, and it did not say goodbye: killed, or its machine died. */
  function daemonGone(epoch: MutableEpoch): void {
    if (daemonLives) note(epoch, epoch.lastUs, '', 'moment-journal-ends', {});
    daemonLives = false;
    operations.clear();
  }

  function note(
    epoch: MutableEpoch,
    us: Microseconds,
    phase: Phase,
    code: string,
    fields: Moment['fields'],
    evidence?: { readonly kind: string },
  ): void {
    epoch.moments.push({ us, node: epoch.node, phase, code, fields, ...(evidence === undefined ? {} : { evidence }) });
  }

  function takeStep(epoch: MutableEpoch, { event, effects = [], digest }: StepRecord): void {
    const taken = event as NodeEvent;
    noteStatus(last, taken);
    takeEvent(epoch, taken);
    const started = new Set<string>();
    for (const effect of effects as readonly NodeEffect[]) takeEffect(epoch, taken.nowUs, effect, started);
    if (digest === undefined) note(epoch, taken.nowUs, '', 'moment-core-broke', {});
  }

  function takeEvent(epoch: MutableEpoch, event: NodeEvent): void {
    const { nowUs: us } = event;
    switch (event.type) {
      case 'boot':
        return booted(epoch, us, event.generation, event.hello);
      case 'peerHeard':
        heard(epoch, event.generation, undefined, us);
        return note(epoch, us, '', event.returning ? 'moment-peer-returns' : 'moment-peer-heard', {
          peer: event.node,
          generation: event.generation,
        });
      case 'message':
        return heardMessage(epoch, event);
      case 'ownPause':
        return note(epoch, us, 'detect', 'moment-own-pause', { ms: event.gapUs / usPerMs });
      case 'command':
        if (event.command.verb === 'say' || event.command.verb === 'askClient') return;
        return note(epoch, us, 'decide', 'moment-command', { who: event.who, verb: event.command.verb });
      case 'stopRequested':
        return note(epoch, us, 'decide', 'moment-stop-requested', {});
      case 'guardianActed':
        holdings.guardian(event.inventory, us);
        return note(epoch, us, 'stop', 'moment-guardian-acted', {});
      case 'hostLost':
        return note(epoch, us, '', 'moment-host-lost', { reason: event.reason });
      case 'operationResult':
        return operationEnded(epoch, event.result);
      default:
    }
  }

  function booted(epoch: MutableEpoch, us: Microseconds, generation: number, hello: HostHello): void {
    daemonGone(epoch);
    daemonLives = true;
    const running = hello.inventory.filter(({ state }) => state === 'running').map(({ resource }) => resource.written);
    holdings.adopt(running, us);
    note(epoch, us, '', running.length > 0 ? 'moment-boot-adopts' : 'moment-boot', {
      generation,
      resources: running.join(' '),
    });
    if (hello.guardianActed) note(epoch, us, 'stop', 'moment-guardian-acted', {});
  }

  function heardMessage(epoch: MutableEpoch, event: Extract<NodeEvent, { type: 'message' }>): void {
    const sequence = Number.parseInt(textOf(event.message, 'seq') ?? '', 16);
    heard(epoch, event.generation, sequence, event.nowUs);
  }

  function heard(epoch: MutableEpoch, generation: number, sequence: number | undefined, us: Microseconds): void {
    if (sequence !== undefined && Number.isInteger(sequence)) epoch.heard.push({ generation, sequence, us });
  }

  function operationEnded(epoch: MutableEpoch, result: OperationResult): void {
    const operation = operations.get(result.id);
    if (operation === undefined) return;
    operations.delete(result.id);
    const { action, resource, group } = operation;
    const { startedUs, finishedUs: us, announcedUs, outcome, reason } = result;
    const fields = { resource: resource.written, group, ms: Math.max(0, us - startedUs) / usPerMs };
    if (outcome !== 'done')
      return note(epoch, us, action === 'stop' ? 'stop' : 'start', 'moment-failed', {
        ...{ ...fields, action, outcome },
        ...(reason === undefined ? {} : { reason }),
      });
    if (action === 'stop') {
      holdings.stopped(resource.written, us);
      return note(epoch, us, 'stop', 'moment-stopped', fields);
    }
    holdings.started(resource.written, Math.min(us, announcedUs ?? us));
    if (announcedUs !== undefined) note(epoch, announcedUs, 'announce', 'moment-announced', fields);
    note(epoch, us, 'start', 'moment-started', fields);
  }

  function takeEffect(epoch: MutableEpoch, us: Microseconds, effect: NodeEffect, started: Set<string>): void {
    switch (effect.type) {
      case 'operation': {
        const { operation, evidence } = effect;
        const { action, group, resource, id } = operation;
        if (action !== 'start' && action !== 'stop') return;
        operations.set(id, operation);
        if (action === 'stop') return note(epoch, us, 'stop', 'moment-stops', { resource: resource.written, group });
        const first = operation.index === 0 && !started.has(group);
        started.add(group);
        const shown = first || evidence?.kind === 'heldHere' ? evidence : undefined;
        return note(
          epoch,
          us,
          first ? 'decide' : 'start',
          'moment-starts',
          { resource: resource.written, group },
          shown,
        );
      }
      case 'releaseAddresses': {
        for (const operation of effect.operations) operations.set(operation.id, operation);
        if (effect.operations.length === 0) return;
        const resources = effect.operations.map(({ resource }) => resource.written).join(' ');
        return note(epoch, us, 'stop', 'moment-releases', { resources });
      }
      case 'fence':
        return note(epoch, us, 'fence', 'moment-fences', {
          peer: effect.target,
          device: effect.device,
          action: effect.action,
        });
      case 'record':
        return takeMilestone(epoch, effect.record);
      case 'exit':
        daemonLives = false;
        holdings.exit(us, effect.keepHost);
        return note(epoch, us, '', 'moment-exit', {});
      default:
    }
  }

  function takeMilestone(epoch: MutableEpoch, record: Extract<NodeEffect, { type: 'record' }>['record']): void {
    const { us } = record;
    switch (record.kind) {
      case 'peerSilent': {
        const peer = record.node;
        note(epoch, record.lastHeardUs, 'detect', 'moment-last-heard', { peer });
        return note(epoch, us, 'detect', 'moment-peer-silent', { peer, ms: (us - record.lastHeardUs) / usPerMs });
      }
      case 'peerFenced': {
        const {
          node: peer,
          device = 'the fence device',
          outcome = record.confirmed ? 'confirmed' : 'failed',
          detail,
        } = record;
        const fields = { peer, device, outcome, ...(detail === undefined || detail === '' ? {} : { detail }) };
        return note(epoch, us, 'fence', record.confirmed ? 'moment-fenced' : 'moment-fence-failed', fields);
      }
      case 'handoverRequested':
        return note(epoch, us, 'decide', 'moment-handover', {
          from: record.from,
          to: record.to,
          reason: record.reason,
        });
      case 'handoverReleased':
        return note(epoch, us, 'stop', 'moment-released', { from: record.from });
      default:
    }
  }

  function takeOther(epoch: MutableEpoch, record: JournalRecord): void {
    if (record.kind === 'checkpoint') {
      last = { event: undefined };
      const names = (record.state as { node?: { options?: { self?: string; peer?: string } } } | undefined)?.node
        ?.options;
      if (names?.self !== undefined) epoch.node = names.self;
      if (names?.peer !== undefined) epoch.peer = names.peer;
      // A daemon begins: whoever wrote before it is gone.
      if (record.step === 0) daemonGone(epoch);
      else daemonLives = true;
    } else if (record.kind === 'packets' && record.said !== undefined) {
      const newest = epoch.said.at(-1);
      if (newest?.sequence !== record.said.sequence || newest.generation !== record.said.generation)
        epoch.said.push(record.said);
    } else if (record.kind === 'steps') {
      for (const quiet of record.steps) {
        const event = unpackQuiet(last, quiet, record.fromUs);
        if (event?.type === 'message') heardMessage(epoch, event);
      }
    } else if (record.kind === 'lost') note(epoch, record.us, '', 'moment-lost', { records: record.records });
  }

  return {
    take(record) {
      if (record.kind === 'segment') epochOf(record);
      const epoch = epochs.at(-1);
      if (epoch === undefined) return;
      if (isStep(record)) takeStep(epoch, record);
      else takeOther(epoch, record);
      epoch.episodes.push(...observe(epoch.episodes.splice(-1), record));
      // A daemon that begins is told from the end of the one before it by the time of its own first record.
      if (record.kind !== 'segment' && record.kind !== 'checkpoint') epoch.lastUs = Math.max(epoch.lastUs, record.us);
    },
    end() {
      const current = epochs.at(-1);
      if (current !== undefined) closeEpoch(current);
      for (const { moments } of epochs) moments.sort((left, right) => left.us - right.us);
      return epochs;
    },
  };
}
